/** @file Operations in functional models: which of Keras's operations is which of ours. */
import { newAxis } from '../ops/index.ts';
import type { Config } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type Fields, isFields, listOf, textOf } from './fields.ts';

/** Where a file keeps operations that Keras does not have: they load here only. */
export const operationsModule = 'tensorcell.ops';

interface Correspondence {
  /** As in `tf.`. */
  readonly path: string;
  /** The file of Keras's operation. */
  readonly module: string;
  readonly className: string;
  /** How many arguments Keras gives to the call; null for any. */
  readonly called: number | null;
  /** Options of Keras's that follow them in our call. */
  readonly options: readonly string[];
}

type Row = readonly [path: string, className: string, called?: number | null, ...options: string[]];

const rows = (module: string, table: readonly Row[]): Correspondence[] =>
  table.map(([path, className, called = 1, ...options]) => ({ path, module, className, called, options }));

const correspondences: readonly Correspondence[] = [
  ...rows('numpy', [
    ...(
      [
        ...[
          'Square',
          'Sqrt',
          'Exp',
          'Expm1',
          'Log',
          'Log1p',
          'Sin',
          'Cos',
          'Tan',
          'Sinh',
          'Cosh',
          'Tanh',
          'Sign',
          'Floor',
        ],
        ...['Ceil', 'Reciprocal', 'Trunc'],
      ] as const
    ).map((name): Row => [name.toLowerCase(), name]),
    ...([
      ['abs', 'Absolute'],
      ['abs', 'Abs'],
      ['neg', 'Negative'],
      ['asin', 'Arcsin'],
      ['acos', 'Arccos'],
      ['atan', 'Arctan'],
    ] as Row[]),
    ...([
      ['asinh', 'Arcsinh'],
      ['acosh', 'Arccosh'],
      ['atanh', 'Arctanh'],
      ['round', 'Round'],
      ['isNaN', 'Isnan'],
    ] as Row[]),
    ...([
      ['isFinite', 'Isfinite'],
      ['isInf', 'Isinf'],
      ['logicalNot', 'LogicalNot'],
      ['onesLike', 'OnesLike'],
    ] as Row[]),
    ...([
      ['zerosLike', 'ZerosLike'],
      ['signBit', 'Signbit'],
      ['conj', 'Conjugate'],
      ['real', 'Real'],
      ['imag', 'Imag'],
    ] as Row[]),
    ...([
      ['add', 'Add', 2],
      ['sub', 'Subtract', 2],
      ['mul', 'Multiply', 2],
      ['div', 'Divide', 2],
      ['div', 'TrueDivide', 2],
    ] as Row[]),
    ...([
      ['divNoNan', 'DivideNoNan', 2],
      ['floorDiv', 'FloorDivide', 2],
      ['pow', 'Power', 2],
      ['mod', 'Mod', 2],
    ] as Row[]),
    ...([
      ['maximum', 'Maximum', 2],
      ['minimum', 'Minimum', 2],
      ['atan2', 'Arctan2', 2],
      ['hypot', 'Hypot', 2],
    ] as Row[]),
    ...([
      ['equal', 'Equal', 2],
      ['notEqual', 'NotEqual', 2],
      ['less', 'Less', 2],
      ['lessEqual', 'LessEqual', 2],
    ] as Row[]),
    ...([
      ['greater', 'Greater', 2],
      ['greaterEqual', 'GreaterEqual', 2],
      ['logicalAnd', 'LogicalAnd', 2],
    ] as Row[]),
    ...([
      ['logicalOr', 'LogicalOr', 2],
      ['logicalXor', 'LogicalXor', 2],
      ['matMul', 'Matmul', 2],
      ['dot', 'Dot', 2],
    ] as Row[]),
    ...([
      ['outer', 'Outer', 2],
      ['logAddExp', 'Logaddexp', 2],
      ['where', 'Where', 3],
    ] as Row[]),
    ...(
      [
        ['sum', 'Sum'],
        ['mean', 'Mean'],
        ['prod', 'Prod'],
        ['max', 'Max'],
        ['min', 'Min'],
        ['any', 'Any'],
      ] as const
    ).map(([path, name]): Row => [path, name, 1, 'axis', 'keepdims']),
    ...(
      [
        ['all', 'All'],
        ['std', 'Std'],
        ['variance', 'Var'],
        ['median', 'Median'],
        ['max', 'Amax'],
        ['min', 'Amin'],
      ] as const
    ).map(([path, name]): Row => [path, name, 1, 'axis', 'keepdims']),
    ['argMax', 'Argmax', 1, 'axis'],
    ['argMin', 'Argmin', 1, 'axis'],
    ['reshape', 'Reshape', 1, 'newshape'],
    ['expandDims', 'ExpandDims', 1, 'axis'],
    ['squeeze', 'Squeeze', 1, 'axis'],
    ['transpose', 'Transpose', 1, 'axes'],
    ['swapAxes', 'Swapaxes', 1, 'axis1', 'axis2'],
    ['flip', 'Flip', 1, 'axis'],
    ['roll', 'Roll', 1, 'shift', 'axis'],
    ['tile', 'Tile', 1, 'repeats'],
    ['repeat', 'Repeat', 1, 'repeats', 'axis'],
    ['broadcastTo', 'BroadcastTo', 1, 'shape'],
    ['concat', 'Concatenate', 1, 'axis'],
    ['stack', 'Stack', 1, 'axis'],
    ['split', 'Split', 1, 'indices_or_sections', 'axis'],
    ['pad', 'Pad', 1, 'pad_width'],
    ['clipByValue', 'Clip', 1, 'x_min', 'x_max'],
    ['cumsum', 'Cumsum', 1, 'axis'],
    ['cumprod', 'Cumprod', 1, 'axis'],
    ['sort', 'Sort', 1, 'axis'],
    ['argsort', 'Argsort', 1, 'axis'],
    ['gather', 'Take', 2, 'axis'],
  ]),
  ...rows('nn', [
    ['relu', 'Relu'],
    ['relu6', 'Relu6'],
    ['sigmoid', 'Sigmoid'],
    ['softplus', 'Softplus'],
    ['softsign', 'Softsign'],
    ['silu', 'Silu'],
    ['logSigmoid', 'LogSigmoid'],
    ['selu', 'Selu'],
    ['activations.elu', 'Elu', 1, 'alpha'],
    ['leakyRelu', 'LeakyRelu', 1, 'negative_slope'],
    ['gelu', 'Gelu', 1, 'approximate'],
    ['activations.celu', 'Celu', 1, 'alpha'],
    ['activations.hardSigmoid', 'HardSigmoid'],
    ['activations.hardSilu', 'HardSilu'],
    ['activations.hardTanh', 'HardTanh'],
    ['activations.tanhShrink', 'TanhShrink'],
    ['activations.sparsemax', 'Sparsemax', 1, 'axis'],
    ['activations.glu', 'Glu', 1, 'axis'],
    ['softmax', 'Softmax', 1, 'axis'],
    ['logSoftmax', 'LogSoftmax', 1, 'axis'],
    ['oneHot', 'OneHot', 1, 'num_classes'],
  ]),
  ...rows('math', [
    ['rsqrt', 'Rsqrt'],
    ['erf', 'Erf'],
    ['logSumExp', 'Logsumexp', 1, 'axis', 'keepdims'],
    ['topk', 'TopK', 1, 'k', 'sorted'],
  ]),
  ...rows('core', [['cast', 'Cast', 1, 'dtype']]),
];

/** Whether Keras has an operation of that class, for which there is one here. */
export const isKerasOperation = (className: string): boolean =>
  className === 'GetItem' || className === 'Einsum' || correspondences.some((row) => row.className === className);

const moduleOf = (module: string): string => `keras.src.ops.${module}`;

interface OperationParts {
  readonly class_name: string;
  readonly module: string;
  readonly config: Fields;
  readonly inboundNodes?: readonly unknown[];
}

/** Activations that are an operation of the same meaning. */
const plainPath = (path: string): string => {
  const plain = path.replace(/^activations\./, '');
  return plain !== path && !correspondences.some((row) => row.path === path) ? plain : path;
};

/** `{ className: 'Operation', config: { path, name }, inboundNodes }` as Keras writes the operation. */
export function operationToKeras(object: {
  readonly config: Config;
  readonly inboundNodes?: readonly unknown[];
}): OperationParts {
  const { path, name } = object.config as { path: string; name: string };
  const nodes = (object.inboundNodes ?? []) as readonly { args: readonly unknown[]; kwargs: Config }[];
  const found = correspondences.find((row) => row.path === plainPath(path));
  const given = nodes[0]?.args ?? [];
  const fits = found && found.called !== null && given.length <= found.called + found.options.length;
  if (!found || found.called === null || !fits)
    return path === 'at'
      ? {
          ...{ module: moduleOf('numpy'), class_name: 'GetItem', config: { name } },
          inboundNodes: nodes.map(({ args: [x, ...indices], kwargs }) => ({
            args: [x, indices.map(indexToKeras)],
            kwargs,
          })),
        }
      : { module: operationsModule, class_name: path, config: { name }, inboundNodes: nodes };
  const { called, options } = found;
  const settings = options.map((option, i) => [option, given[called + i]] as const);
  return {
    module: moduleOf(found.module),
    class_name: found.className,
    config: { name, ...Object.fromEntries(settings.filter(([, value]) => value !== undefined)) },
    inboundNodes: nodes.map(({ args, kwargs }) => ({ args: args.slice(0, called), kwargs })),
  };
}

/** What `at` takes as numpy's index. */
function indexToKeras(index: unknown): unknown {
  if (index === newAxis || index === null) return null;
  if (index === '...') return { class_name: '__ellipsis__', config: {} };
  if (typeof index !== 'string') return index;
  const [start, stop, step] = index.split(':').map((part) => (part.trim() === '' ? null : Number(part)));
  return { class_name: '__slice__', config: { start, stop: stop ?? null, step: step ?? null } };
}

/** The same from a file. @throws ArgumentError for an operation that there is none for */
export function operationFromKeras(
  object: Fields,
  readNode: (node: Fields) => { args: unknown[]; kwargs: Config },
): Fields {
  const className = textOf(object.class_name, 'class_name');
  const config = isFields(object.config) ? object.config : {};
  const name = textOf(object.name ?? config.name, `the name of ${className}`);
  const nodes = listOf(object.inbound_nodes, `the uses of ${name}`).map((node) => readNode(node as Fields));
  const make = (path: string, argsOf: (args: unknown[], kwargs: Config) => unknown[]): Fields => ({
    className: 'Operation',
    config: { path, name },
    name,
    inboundNodes: nodes.map(({ args, kwargs }) => ({ args: argsOf(args, kwargs), kwargs: {} })),
  });
  if (object.module === operationsModule) return make(className, (args) => args);
  if (className === 'GetItem')
    return make('at', ([x, key], { key: named }) => {
      const indices = key === undefined ? named : key;
      return [
        x,
        ...(Array.isArray(indices) ? indices : [indices]).map((index: unknown) => (index === null ? newAxis : index)),
      ];
    });
  if (className === 'Einsum') return make('einsum', (args) => [config.subscripts, ...args]);
  const found = correspondences.find(
    (row) =>
      row.className === className &&
      (object.module === undefined || moduleOf(row.module) === object.module) &&
      row.called !== null,
  );
  if (!found)
    throw new ArgumentError(
      `The model uses ${String(object.module)}.${className} ('${name}'), for which there is no operation here. ` +
        `Write it as a layer of your own and put that in its place.`,
    );
  const { called, options } = found;
  return make(found.path, (args, kwargs) => {
    // Keras names arguments x, x1, x2, ...: what was not given by place was given by such a name, in that order.
    const all = [...args, ...Object.values(kwargs)].slice(0, called ?? undefined);
    const settings = options.map((option) => config[option]);
    while (settings.length > 0 && settings.at(-1) === undefined) settings.pop();
    return [...all, ...settings];
  });
}
