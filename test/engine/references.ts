/** @file Plain float64 implementations of every primitive, one element at a time: what the engine is compared with. */
import { broadcastShapes, reducedShape, sizeOf, stridesOf } from '../../src/tensor/shape.ts';
import type {
  Conv2DParams,
  Pool2DParams,
  ControlPrimitive,
  PrimitiveName,
  PrimitiveParams,
  ReductionParams,
  StringPrimitive,
} from '../../src/primitives/primitives.ts';

import { boxReferences } from './box-cases.ts';
import { mathematicsReferences } from './mathematics-references.ts';
import { matrixReferences } from './matrix-references.ts';
import { sampleReference } from './sampling-cases.ts';

export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Reference<P extends PrimitiveName> = (
  inputs: readonly Plain[],
  params: PrimitiveParams[P],
  floating: boolean,
) => Plain[];

type Position = number[];

/** Every position of a shape, row-major. */
function* positions(shape: readonly number[]): Generator<Position> {
  const size = sizeOf(shape);
  const strides = stridesOf(shape);
  for (let i = 0; i < size; i++) yield strides.map((stride, axis) => Math.floor(i / stride) % shape[axis]);
}
const offset = (shape: readonly number[], position: Position): number =>
  stridesOf(shape).reduce((sum, stride, axis) => sum + stride * position[axis], 0);
const at = (x: Plain, position: Position): number => x.data[offset(x.shape, position)];

/** The element that broadcasting puts at `position` of a higher rank. */
const broadcastAt = (x: Plain, position: Position): number =>
  at(
    x,
    x.shape.map((dimension, axis) => (dimension === 1 ? 0 : position[axis + position.length - x.shape.length])),
  );

const build = (shape: readonly number[], element: (position: Position) => number): Plain => ({
  shape,
  data: [...positions(shape)].map(element),
});

const unary =
  (f: (x: number) => number) =>
  ([x]: readonly Plain[]): Plain[] => [{ shape: x.shape, data: x.data.map(f) }];

const many =
  (f: (...operands: number[]) => number) =>
  (inputs: readonly Plain[]): Plain[] => {
    const shape = inputs.map((x) => x.shape).reduce((a, b) => broadcastShapes(a, b));
    return [build(shape, (p) => f(...inputs.map((x) => broadcastAt(x, p))))];
  };

const truth = (f: (...operands: number[]) => boolean) => many((...operands) => (f(...operands) ? 1 : 0));

function reduce(f: (values: number[]) => number) {
  return ([x]: readonly Plain[], { axes, keepDims }: ReductionParams): Plain[] => {
    const groups = new Map<number, number[]>();
    const kept = reducedShape(x.shape, axes, true);
    for (const p of positions(x.shape)) {
      const place = offset(
        kept,
        p.map((i, axis) => (axes.includes(axis) ? 0 : i)),
      );
      groups.set(place, [...(groups.get(place) ?? []), at(x, p)]);
    }
    const data = Array.from({ length: sizeOf(kept) }, (_, i) => f(groups.get(i) ?? []));
    return [{ shape: reducedShape(x.shape, axes, keepDims), data }];
  };
}

/** Applies `f` to each line along `axis`. */
function alongAxis(x: Plain, axis: number, f: (line: number[]) => number[]): Plain {
  const length = x.shape[axis];
  const data: number[] = [];
  let shape = x.shape;
  for (const start of positions(x.shape.map((d, i) => (i === axis ? 1 : d)))) {
    const line = f(
      Array.from({ length }, (_, i) =>
        at(
          x,
          start.map((p, a) => (a === axis ? i : p)),
        ),
      ),
    );
    shape = x.shape.map((d, i) => (i === axis ? line.length : d));
    line.forEach((value, i) => {
      data[
        offset(
          shape,
          start.map((p, a) => (a === axis ? i : p)),
        )
      ] = value;
    });
  }
  return { shape, data };
}

const softmax = (line: number[]): number[] => {
  const max = Math.max(...line);
  const exponentials = line.map((v) => Math.exp(v - max));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((v) => v / sum);
};
const without = (shape: readonly number[], axis: number): number[] => shape.filter((_, i) => i !== axis);

const roundToEven = (x: number): number => {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
};

/** erf by its Maclaurin-like series of positive terms, independent of any fit. */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Output pixel, window offset and image pixel of every place where a window lies on the image. */
function* taps(
  image: readonly number[],
  window: readonly number[],
  out: readonly number[],
  p: Omit<Conv2DParams, 'groups'>,
) {
  for (let n = 0; n < image[0]; n++)
    for (let i = 0; i < out[1]; i++)
      for (let j = 0; j < out[2]; j++)
        for (let u = 0; u < window[0]; u++)
          for (let v = 0; v < window[1]; v++) {
            const y = i * p.strides[0] + u * p.dilations[0] - p.padding[0][0];
            const x = j * p.strides[1] + v * p.dilations[1] - p.padding[1][0];
            if (y >= 0 && y < image[1] && x >= 0 && x < image[2]) yield { n, i, j, u, v, y, x };
          }
}

function outputShape(
  image: readonly number[],
  window: readonly number[],
  channels: number,
  p: Omit<Conv2DParams, 'groups'>,
): number[] {
  const count = [0, 1].map(
    (a) =>
      Math.floor(
        (image[1 + a] + p.padding[a][0] + p.padding[a][1] - p.dilations[a] * (window[a] - 1) - 1) / p.strides[a],
      ) + 1,
  );
  return [image[0], ...count, channels];
}

/** Visits every product of a convolution: image element, filter element, output element. */
function convolve(
  image: readonly number[],
  filter: readonly number[],
  p: Conv2DParams,
  visit: (imagePlace: number, filterPlace: number, outputPlace: number) => void,
): number[] {
  const out = outputShape(image, filter, filter[3], p);
  const groupOut = filter[3] / p.groups;
  for (const { n, i, j, u, v, y, x } of taps(image, filter, out, p))
    for (let o = 0; o < filter[3]; o++)
      for (let c = 0; c < filter[2]; c++) {
        const channel = Math.floor(o / groupOut) * filter[2] + c;
        visit(offset(image, [n, y, x, channel]), offset(filter, [u, v, c, o]), offset(out, [n, i, j, o]));
      }
  return out;
}

const zeros = (shape: readonly number[]): number[] => new Array<number>(sizeOf(shape)).fill(0);

const poolParams = (p: Pool2DParams) => ({ ...p, dilations: [1, 1] as const });

/** For each output element the places of its window in the image, in order. */
function windows(image: readonly number[], p: Pool2DParams): { out: number[]; places: number[][] } {
  const out = outputShape(image, p.windowShape, image[3], poolParams(p));
  const places: number[][] = zeros(out).map(() => []);
  for (const { n, i, j, y, x } of taps(image, p.windowShape, out, poolParams(p)))
    for (let c = 0; c < image[3]; c++) places[offset(out, [n, i, j, c])].push(offset(image, [n, y, x, c]));
  return { out, places };
}

const nanMax = (values: readonly number[]): number => Math.max(...values);
const firstMaximum = (x: Plain, places: readonly number[]): number =>
  places.reduce((best, place) => (x.data[place] > x.data[best] ? place : best));

export const references: { readonly [P in Exclude<PrimitiveName, ControlPrimitive | StringPrimitive>]: Reference<P> } =
  {
    neg: unary((x) => -x),
    abs: unary(Math.abs),
    sign: unary(Math.sign),
    reciprocal: unary((x) => 1 / x),
    square: unary((x) => x * x),
    sqrt: unary(Math.sqrt),
    rsqrt: unary((x) => 1 / Math.sqrt(x)),
    exp: unary(Math.exp),
    expm1: unary(Math.expm1),
    log: unary(Math.log),
    log1p: unary(Math.log1p),
    sin: unary(Math.sin),
    cos: unary(Math.cos),
    tan: unary(Math.tan),
    asin: unary(Math.asin),
    acos: unary(Math.acos),
    atan: unary(Math.atan),
    sinh: unary(Math.sinh),
    cosh: unary(Math.cosh),
    tanh: unary(Math.tanh),
    asinh: unary(Math.asinh),
    acosh: unary(Math.acosh),
    atanh: unary(Math.atanh),
    sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
    softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
    relu: unary((x) => Math.max(x, 0)),
    erf: unary(erf),
    floor: unary(Math.floor),
    ceil: unary(Math.ceil),
    round: unary(roundToEven),
    isNaN: unary((x) => (Number.isNaN(x) ? 1 : 0)),
    logicalNot: unary((x) => 1 - x),
    add: many((a, b) => a + b),
    sub: many((a, b) => a - b),
    mul: many((a, b) => a * b),
    div: many((a, b) => a / b),
    pow: many((a, b) => a ** b),
    mod: many((a, b) => a - Math.floor(a / b) * b),
    floorDiv: many((a, b) => Math.floor(a / b)),
    maximum: many((a, b) => Math.max(a, b)),
    minimum: many((a, b) => Math.min(a, b)),
    atan2: many((y, x) => Math.atan2(y, x)),
    equal: truth((a, b) => a === b),
    notEqual: truth((a, b) => a !== b),
    less: truth((a, b) => a < b),
    lessEqual: truth((a, b) => a <= b),
    greater: truth((a, b) => a > b),
    greaterEqual: truth((a, b) => a >= b),
    logicalAnd: truth((a, b) => a !== 0 && b !== 0),
    logicalOr: truth((a, b) => a !== 0 || b !== 0),
    select: many((condition, a, b) => (condition ? a : b)),
    cast: ([x], { dtype }, floating) => {
      if (dtype === 'bool') return unary((v) => (v !== 0 ? 1 : 0))([x]);
      return dtype.startsWith('float') || !floating ? [x] : unary(Math.trunc)([x]);
    },
    sum: reduce((values) => values.reduce((a, b) => a + b, 0)),
    prod: reduce((values) => values.reduce((a, b) => a * b, 1)),
    max: reduce((values) => Math.max(...values)),
    min: reduce((values) => Math.min(...values)),
    argMax: ([x], { axis }) => {
      const found = alongAxis(x, axis, (line) => [line.indexOf(Math.max(...line))]);
      return [{ shape: without(x.shape, axis), data: found.data }];
    },
    argMin: ([x], { axis }) => {
      const found = alongAxis(x, axis, (line) => [line.indexOf(Math.min(...line))]);
      return [{ shape: without(x.shape, axis), data: found.data }];
    },
    cumsum: ([x], { axis, exclusive, reverse }) => [
      alongAxis(x, axis, (line) => {
        const order = reverse ? [...line].reverse() : line;
        let sum = 0;
        const sums = order.map((value) => {
          const before = sum;
          sum += value;
          return exclusive ? before : sum;
        });
        return reverse ? sums.reverse() : sums;
      }),
    ],
    softmax: ([x], { axis }) => [alongAxis(x, axis, softmax)],
    logSoftmax: ([x], { axis }) => [
      alongAxis(x, axis, (line) => {
        const max = Math.max(...line);
        const logSum = Math.log(line.reduce((sum, v) => sum + Math.exp(v - max), 0));
        return line.map((v) => v - max - logSum);
      }),
    ],
    reshape: ([x], { shape }) => [{ shape, data: x.data }],
    transpose: ([x], { permutation }) => [
      build(
        permutation.map((axis) => x.shape[axis]),
        (p) =>
          at(
            x,
            x.shape.map((_, axis) => p[permutation.indexOf(axis)]),
          ),
      ),
    ],
    broadcastTo: ([x], { shape }) => [build(shape, (p) => broadcastAt(x, p))],
    slice: ([x], { begin, size, strides }) => [
      build(size, (p) =>
        at(
          x,
          p.map((i, axis) => begin[axis] + i * strides[axis]),
        ),
      ),
    ],
    pad: ([x], { paddings, value }) => [
      build(
        x.shape.map((d, axis) => d + paddings[axis][0] + paddings[axis][1]),
        (p) => {
          const source = p.map((i, axis) => i - paddings[axis][0]);
          return source.every((i, axis) => i >= 0 && i < x.shape[axis]) ? at(x, source) : value;
        },
      ),
    ],
    concat: (inputs, { axis }) => [
      build(
        inputs[0].shape.map((d, i) => (i === axis ? inputs.reduce((sum, x) => sum + x.shape[axis], 0) : d)),
        (p) => {
          let place = p[axis];
          for (const x of inputs) {
            if (place < x.shape[axis])
              return at(
                x,
                p.map((i, a) => (a === axis ? place : i)),
              );
            place -= x.shape[axis];
          }
          throw new Error('outside of every input');
        },
      ),
    ],
    reverse: ([x], { axes }) => [
      build(x.shape, (p) =>
        at(
          x,
          p.map((i, axis) => (axes.includes(axis) ? x.shape[axis] - 1 - i : i)),
        ),
      ),
    ],
    gather: ([x, indices], { axis }) => [
      build([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], (p) => {
        const rank = indices.shape.length;
        return at(x, [...p.slice(0, axis), at(indices, p.slice(axis, axis + rank)), ...p.slice(axis + rank)]);
      }),
    ],
    scatterAdd: ([updates, indices], { axis, size }) => {
      const shape = updates.shape.map((d, i) => (i === axis ? size : d));
      const data = zeros(shape);
      for (const p of positions(updates.shape))
        data[
          offset(
            shape,
            p.map((i, a) => (a === axis ? indices.data[i] : i)),
          )
        ] += at(updates, p);
      return [{ shape, data }];
    },
    gatherAlong: ([x, indices], { axis }) => [
      build(indices.shape, (p) =>
        at(
          x,
          p.map((i, a) => (a === axis ? at(indices, p) : i)),
        ),
      ),
    ],
    scatterAlongAdd: ([updates, indices], { axis, size }) => {
      const shape = updates.shape.map((d, i) => (i === axis ? size : d));
      const data = zeros(shape);
      for (const p of positions(updates.shape))
        data[
          offset(
            shape,
            p.map((i, a) => (a === axis ? at(indices, p) : i)),
          )
        ] += at(updates, p);
      return [{ shape, data }];
    },
    topK: ([x], { k }) => {
      const axis = x.shape.length - 1;
      const order = (line: number[]): number[] =>
        line
          .map((_, i) => i)
          .sort((a, b) => line[b] - line[a] || a - b)
          .slice(0, k);
      return [alongAxis(x, axis, (line) => order(line).map((i) => line[i])), alongAxis(x, axis, order)];
    },
    matMul: ([a, b], { transposeA, transposeB }) => {
      const inner = a.shape.at(transposeA ? -2 : -1)!;
      const rows = a.shape.at(transposeA ? -1 : -2)!;
      const columns = b.shape.at(transposeB ? -2 : -1)!;
      const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
      return [
        build([...batch, rows, columns], (p) => {
          const [i, j] = p.slice(-2);
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            const left = [...p.slice(0, -2), ...(transposeA ? [k, i] : [i, k])];
            const right = [...p.slice(0, -2), ...(transposeB ? [j, k] : [k, j])];
            sum += broadcastAt(a, left) * broadcastAt(b, right);
          }
          return sum;
        }),
      ];
    },
    conv2d: ([images, filters], params) => {
      const data = zeros(outputShape(images.shape, filters.shape, filters.shape[3], params));
      const shape = convolve(images.shape, filters.shape, params, (i, f, o) => {
        data[o] += images.data[i] * filters.data[f];
      });
      return [{ shape, data }];
    },
    conv2dInputGradient: ([dy, filters], params) => {
      const data = zeros(params.inputShape);
      convolve(params.inputShape, filters.shape, params, (i, f, o) => {
        data[i] += dy.data[o] * filters.data[f];
      });
      return [{ shape: params.inputShape, data }];
    },
    conv2dFilterGradient: ([images, dy], params) => {
      const data = zeros(params.filterShape);
      convolve(images.shape, params.filterShape, params, (i, f, o) => {
        data[f] += images.data[i] * dy.data[o];
      });
      return [{ shape: params.filterShape, data }];
    },
    maxPool2d: ([x], params) => {
      const { out, places } = windows(x.shape, params);
      return [{ shape: out, data: places.map((list) => nanMax(list.map((place) => x.data[place]))) }];
    },
    maxPool2dGradient: ([x, , dy], params) => {
      const data = zeros(x.shape);
      windows(x.shape, params).places.forEach((list, i) => {
        data[firstMaximum(x, list)] += dy.data[i];
      });
      return [{ shape: x.shape, data }];
    },
    maxPool2dTangent: ([x, , dx], params) => {
      const { out, places } = windows(x.shape, params);
      return [{ shape: out, data: places.map((list) => dx.data[firstMaximum(x, list)]) }];
    },
    avgPool2d: ([x], params) => {
      const { out, places } = windows(x.shape, params);
      return [
        { shape: out, data: places.map((list) => list.reduce((sum, place) => sum + x.data[place], 0) / list.length) },
      ];
    },
    avgPool2dGradient: ([dy], params) => {
      const data = zeros(params.inputShape);
      windows(params.inputShape, params).places.forEach((list, i) => {
        for (const place of list) data[place] += dy.data[i] / list.length;
      });
      return [{ shape: params.inputShape, data }];
    },
    ...matrixReferences,
    ...mathematicsReferences,
    ...boxReferences,
    sample: sampleReference,
  };
