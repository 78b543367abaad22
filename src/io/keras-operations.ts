/** @file Operations in functional models: which of Keras's operations is which of ours. */
import { newAxis } from '../ops/index.ts';
import type { Config } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type Fields, isFields, listOf, textOf } from './fields.ts';
import './keras-forms.ts';
import { type Arguments, asKeras } from './keras-uses.ts';

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
  // Those that are Keras's alone come first: a class is read as the first that has it, and written by its path.
  ...rows('numpy', [
    ['keras.argMax', 'Argmax', 1, 'axis', 'keepdims'],
    ['keras.argMin', 'Argmin', 1, 'axis', 'keepdims'],
    ['keras.max', 'Max', 1, 'axis', 'keepdims', 'initial'],
    ['keras.min', 'Min', 1, 'axis', 'keepdims', 'initial'],
    ['keras.zerosLike', 'ZerosLike', 1, 'dtype'],
    ['keras.onesLike', 'OnesLike', 1, 'dtype'],
    ['keras.cumsum', 'Cumsum', 1, 'axis'],
    ['keras.cumprod', 'Cumprod', 1, 'axis'],
    ['keras.take', 'Take', 2, 'axis'],
    ['keras.ptp', 'Ptp', 1, 'axis', 'keepdims'],
    ['keras.average', 'Average', 2, 'axis'],
    ['keras.pad', 'Pad', 2, 'pad_width', 'mode'],
    ['keras.round', 'Round', 1, 'decimals'],
    ['keras.log2', 'Log2'],
    ['keras.log10', 'Log10'],
    ['keras.exp2', 'Exp2'],
    ['keras.cbrt', 'Cbrt'],
    ['keras.deg2rad', 'Deg2rad'],
    ['keras.rad2deg', 'Rad2deg'],
    ['keras.nanToNum', 'NanToNum', 1, 'nan', 'posinf', 'neginf'],
    ['keras.fullLike', 'FullLike', 2, 'dtype'],
    ['keras.expandDims', 'ExpandDims', 1, 'axis'],
    ['keras.split', 'Split', 1, 'indices_or_sections', 'axis'],
    ['keras.hstack', 'Hstack'],
    ['keras.vstack', 'Vstack'],
    ['keras.ravel', 'Ravel'],
    ['keras.takeAlongAxis', 'TakeAlongAxis', 2, 'axis'],
    ['keras.diff', 'Diff', 1, 'n', 'axis'],
    ['keras.tril', 'Tril', 1, 'k'],
    ['keras.triu', 'Triu', 1, 'k'],
    ['keras.dot', 'Dot', 2],
    ['keras.quantile', 'Quantile', 2, 'axis', 'method', 'keepdims'],
  ]),
  ...rows('nn', [
    ['keras.softmax', 'Softmax', 1, 'axis'],
    ['keras.logSoftmax', 'LogSoftmax', 1, 'axis'],
    ['keras.oneHot', 'OneHot', 1, 'num_classes', 'axis', 'dtype'],
    ['keras.normalize', 'Normalize', 1, 'axis', 'order', 'epsilon'],
    ['keras.threshold', 'Threshold', 1, 'threshold', 'default_value'],
    ['keras.maxPool', 'MaxPool', 1, 'pool_size', 'strides', 'padding', 'data_format'],
    ['keras.averagePool', 'AveragePool', 1, 'pool_size', 'strides', 'padding', 'data_format'],
  ]),
  ...rows('linalg', [['keras.norm', 'Norm', 1, 'ord', 'axis', 'keepdims']]),
  ...rows('core', [
    ['keras.convertToTensor', 'ConvertToTensor', 1, 'dtype'],
    ['keras.stopGradient', 'StopGradient'],
    ['keras.unstack', 'Unstack', 1, 'num', 'axis'],
    ['keras.slice', 'Slice', 2, 'shape'],
  ]),
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
    ['moveAxis', 'Moveaxis', 1, 'source', 'destination'],
    ['tensordot', 'Tensordot', 2, 'axes'],
    ['countNonzero', 'CountNonzero', 1, 'axis'],
    ['abs', 'Fabs'],
    ['angle', 'Angle'],
    ['clone', 'Copy'],
    ['nextAfter', 'Nextafter', 2],
    ['sinc', 'Sinc'],
    ['truncateMod', 'Fmod', 2],
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
    ['activations.hardShrink', 'HardShrink', 1, 'threshold'],
    ['activations.softShrink', 'SoftShrink', 1, 'threshold'],
    ['activations.sparsePlus', 'SparsePlus'],
    ['activations.sparseSigmoid', 'SparseSigmoid'],
    ['activations.squareplus', 'Squareplus', 1, 'b'],
    ['softmax', 'Softmax', 1, 'axis'],
    ['logSoftmax', 'LogSoftmax', 1, 'axis'],
    ['oneHot', 'OneHot', 1, 'num_classes'],
  ]),
  ...rows('math', [
    ['rsqrt', 'Rsqrt'],
    ['erf', 'Erf'],
    ['erfinv', 'Erfinv'],
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

interface Use {
  readonly args: readonly unknown[];
  readonly kwargs: Config;
}

/** `{ className: 'Operation', config: { path, name }, inboundNodes }` as Keras writes the operation. */
export function operationToKeras(object: {
  readonly config: Config;
  readonly inboundNodes?: readonly unknown[];
}): OperationParts {
  const { path: own, name } = object.config as { path: string; name: string };
  const uses = (object.inboundNodes ?? []) as readonly Use[];
  const written = uses.map(({ args }) => asKeras[own]?.(args) ?? ([own, args] as const));
  const path = written[0]?.[0] ?? own;
  const nodes = uses.map(({ kwargs }, i) => ({ args: written[i][1], kwargs }));
  const keras = (module: string, className: string, config: Fields, argsOf: (args: Arguments) => Arguments) => ({
    module: moduleOf(module),
    class_name: className,
    config: { name, ...config },
    inboundNodes: nodes.map(({ args, kwargs }) => ({ args: argsOf(args), kwargs })),
  });
  const given = nodes[0]?.args ?? [];
  if (path === 'at') return keras('numpy', 'GetItem', {}, ([x, ...indices]) => [x, indices.map(indexToKeras)]);
  if (path === 'einsum') return keras('numpy', 'Einsum', { subscripts: given[0] }, (args) => args.slice(1));
  const found = correspondences.find((row) => row.path === plainPath(path));
  const hasForm = asKeras[own]?.(uses[0]?.args ?? []) !== null;
  if (!found || found.called === null || !hasForm || given.length > found.called + found.options.length)
    return { module: operationsModule, class_name: own, config: { name }, inboundNodes: uses };
  const { called, options } = found;
  const settings = options.map((option, i) => [option, given[(called as number) + i]] as const);
  const config = Object.fromEntries(settings.filter(([, value]) => value !== undefined));
  return keras(found.module, found.className, config, (args) => args.slice(0, called as number));
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
  const other = Object.keys(config).find((key) => key !== 'name' && !options.includes(key) && Boolean(config[key]));
  if (other !== undefined)
    throw new ArgumentError(
      `The model uses ${moduleOf(found.module)}.${className} ('${name}') with ${other}=${JSON.stringify(config[other])}, which there is not ` +
        `here. Write it as a layer of your own and put that in its place.`,
    );
  return make(found.path, (args, kwargs) => {
    // Keras names arguments x, x1, x2, ...: what was not given by place was given by such a name, in that order.
    const all = [...args, ...Object.values(kwargs)].slice(0, called ?? undefined);
    const settings = options.map((option) => config[option]);
    while (settings.length > 0 && settings.at(-1) === undefined) settings.pop();
    while (settings.length > 0 && all.length < (called ?? 0)) all.push(null);
    return [...all, ...settings];
  });
}
