/** @file Uses of operations as Keras has to be told of them, where its defaults or arguments are others. */

export type Arguments = readonly unknown[];

/** Where Keras has another default, it has to be told ours. */
const withDefault =
  (path: string, at: number, value: unknown) =>
  (args: Arguments): readonly [string, Arguments] => [
    path,
    [...args.slice(0, at), args[at] ?? value, ...args.slice(at + 1)],
  ];

/** How uses are written for Keras; null where it has nothing for such arguments. */
export const asKeras: Readonly<Record<string, (args: Arguments) => readonly [path: string, args: Arguments] | null>> = {
  argMax: withDefault('argMax', 1, 0),
  argMin: withDefault('argMin', 1, 0),
  cumsum: withDefault('cumsum', 1, 0),
  cumprod: withDefault('cumprod', 1, 0),
  expandDims: withDefault('expandDims', 1, 0),
  gather: withDefault('gather', 2, 0),
  topk: withDefault('topk', 1, 1),
  gelu: withDefault('gelu', 1, false),
  elu: ([x]) => ['activations.elu', [x]],
  split([x, sizes, axis]) {
    if (!Array.isArray(sizes)) return ['split', [x, sizes, axis ?? 0]];
    if (sizes.some((size) => typeof size !== 'number' || size < 0)) return null;
    let end = 0;
    const cuts = (sizes as number[]).slice(0, -1).map((size) => (end += size));
    return ['keras.split', [x, cuts, axis ?? 0]];
  },
  oneHot: ([x, classes, on = 1, off = 0, dtype = 'int32']) =>
    on === 1 && off === 0 ? ['keras.oneHot', [x, classes, -1, dtype]] : null,
  unstack: ([x, axis = 0]) => ['keras.unstack', [x, null, axis]],
  pad: ([x, paddings, value]) =>
    typeof value === 'string' ? null : ['keras.pad', [x, value ?? 0, paddings, 'constant']],
  norm: ([x, ord, axis, keepDims]) => ['keras.norm', [x, ord === 'euclidean' ? null : ord, axis, keepDims]],
};
