/** @file Graphs of several nodes: layouts of images, constants, asynchronous runs, and the memory they use. */
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { bind } from '../../src/primitives/bind.ts';
import type { Graph, GraphNode } from '../../src/primitives/graph.ts';
import { infer } from '../../src/primitives/infer.ts';
import type {
  AbstractValue,
  DevicePrimitive,
  PrimitiveName,
  PrimitiveParams,
} from '../../src/primitives/primitives.ts';
import { poolBeforeRelu } from '../../src/engine/onnxruntime/rewrites/pooling.ts';
import { findPartitions, sliceBeforeProduct } from '../../src/engine/onnxruntime/rewrites/slices.ts';
import { compileGraph, currentEngine } from '../../src/engine/index.ts';
import { expectClose, generate, numbersOf, toTensor } from './helpers.ts';

const noise = (seed: number) => (place: number) => Math.sin(place * 12.9898 + seed * 78.233);
const tensor = (shape: readonly number[], seed: number): Tensor => toTensor(generate(shape, noise(seed)), 'float32');

/** What `compute` is written in: one primitive on values of some kind. */
type Apply<V> = <P extends PrimitiveName>(primitive: P, inputs: V[], params: PrimitiveParams[P]) => V;

const eagerly: Apply<Tensor> = (primitive, inputs, params) => bind(primitive, inputs, params)[0];

/** Records `compute` as a graph. */
function record(
  inputs: readonly Tensor[],
  constants: readonly Tensor[],
  compute: <V>(apply: Apply<V>, inputs: V[], constants: V[]) => V[],
): Graph {
  const values: AbstractValue[] = [];
  const nodes: GraphNode[] = [];
  const add = ({ dtype, shape }: AbstractValue): number => values.push({ dtype, shape }) - 1;
  const inputIds = inputs.map(add);
  const constantIds = constants.map(add);
  const apply: Apply<number> = (primitive, ids, params) => {
    const outputs = infer(
      primitive,
      ids.map((id) => values[id]),
      params,
    ).map(add);
    nodes.push({ primitive, inputs: ids, params, outputs });
    return outputs[0];
  };
  const outputs = compute(apply, inputIds, constantIds);
  return {
    values,
    inputs: inputIds,
    constants: new Map(constantIds.map((id, i) => [id, constants[i]])),
    nodes,
    outputs,
  };
}

/** Compares the compiled graph, run both ways, with the same calls made eagerly. */
async function expectSameAsEager(
  inputs: Tensor[],
  constants: Tensor[],
  compute: <V>(apply: Apply<V>, inputs: V[], constants: V[]) => V[],
): Promise<void> {
  const expected = compute(eagerly, inputs, constants);
  const compiled = compileGraph(record(inputs, constants, compute));
  const storages = inputs.map(({ storage }) => storage);
  const now = compiled.run(storages);
  const later = await compiled.runAsync(storages);
  expected.forEach((wanted, i) => {
    const numbers = Array.from(wanted.dataSync(), Number);
    expectClose(Array.from(now[i].readSync(), Number), numbers, 'float32', `output ${i}`);
    expect(numbersOf(later[i].readSync(), 'float32'), `output ${i}, asynchronous`).toEqual(
      numbersOf(now[i].readSync(), 'float32'),
    );
  });
  for (const storage of [...now, ...later]) storage.release();
  for (const one of new Set([...expected, ...inputs, ...constants])) one.dispose();
  compiled.dispose();
}

const valid = {
  strides: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  dilations: [1, 1],
  groups: 1,
} as const;
const pool = {
  windowShape: [2, 2],
  strides: [2, 2],
  padding: [
    [0, 0],
    [0, 0],
  ],
} as const;
const none = {};

describe('a compiled graph', () => {
  it('agrees with eager calls on a convolution network and its gradient', () =>
    expectSameAsEager(
      [tensor([2, 11, 11, 2], 1), tensor([3, 3, 2, 5], 2), tensor([5], 3)],
      [],
      (apply, [x, filter, bias]) => {
        const c = apply('add', [apply('conv2d', [x, filter], valid), bias], none);
        const r = apply('relu', [c], none);
        const p = apply('maxPool2d', [r], pool);
        const dp = apply('mul', [p, p], none);
        const dr = apply('maxPool2dGradient', [r, p, dp], pool);
        const zero = apply('sub', [r, r], none);
        const dc = apply('select', [apply('greater', [c, zero], none), dr, zero], none);
        return [
          apply('sum', [dc], { axes: [0, 1, 2], keepDims: false }),
          apply('conv2dFilterGradient', [x, dc], { ...valid, filterShape: [3, 3, 2, 5] }),
          apply('conv2dInputGradient', [dc, filter], { ...valid, inputShape: [2, 11, 11, 2] }),
          p,
          apply('reshape', [p], { shape: [2, 4 * 4 * 5] }),
        ];
      },
    ));

  it('keeps the meaning of axes after a convolution, whatever the layout inside', () =>
    expectSameAsEager(
      [tensor([2, 6, 5, 3], 1), tensor([3, 2, 3, 4], 2), tensor([4, 4], 3), tensor([4, 1, 4], 4)],
      [],
      (apply, [x, filter, rows, column]) => {
        const y = apply('conv2d', [x, filter], valid); // [2, 4, 4, 4]: axes cannot be told apart by their size
        return [
          apply('sum', [y], { axes: [1], keepDims: false }),
          apply('sum', [y], { axes: [3], keepDims: true }),
          apply('max', [y], { axes: [1, 2], keepDims: false }),
          apply('max', [y], { axes: [0, 3], keepDims: false }),
          apply('sum', [y], { axes: [0, 1, 2], keepDims: true }),
          apply('add', [y, rows], none),
          apply('mul', [y, column], none),
          apply('concat', [y, y], { axis: 3 }),
          apply('transpose', [y], { permutation: [3, 1, 0, 2] }),
          apply('slice', [y], { begin: [0, 1, 0, 2], size: [2, 2, 3, 2], strides: [1, 1, 1, 1] }),
          apply('avgPool2d', [apply('exp', [y], none)], pool),
          apply('cast', [y], { dtype: 'float64' }),
          apply('select', [apply('less', [y, rows], none), y, rows], none),
        ];
      },
    ));

  describe('with relu before max pooling', () => {
    /** relu, pooling and their gradients; few different numbers, so that windows have equal maxima. */
    const pooledRelu = (image: Tensor, window: typeof pool, second: boolean) =>
      expectSameAsEager(
        [image, tensor([1], 5)],
        [toTensor({ shape: [], data: [0] }, 'float32')],
        (apply, [x, scale], [zero]) => {
          const a = apply('mul', [x, scale], none);
          const r = apply('relu', [a], none);
          const p = apply('maxPool2d', [r], window);
          const dr = apply('maxPool2dGradient', [r, p, apply('exp', [p], none)], window);
          const mask = apply('cast', [apply('greater', [r, zero], none)], { dtype: 'float32' });
          const da = apply('mul', [dr, mask], none);
          return second ? [p, da, r] : [p, da];
        },
      );
    const tied = (shape: readonly number[]): Tensor =>
      toTensor(
        generate(shape, (place) => Math.round(2 * noise(7)(place))),
        'float32',
      );

    it('does both on pooled values, with the same results', () => pooledRelu(tied([2, 6, 8, 3]), pool, false));
    it('does so on images that windows do not cover', () => pooledRelu(tied([2, 7, 5, 3]), pool, false));
    it('leaves a relu alone that something else needs', () => pooledRelu(tied([2, 6, 6, 3]), pool, true));
    it('drops the relu on whole images', () => {
      const x = tied([1, 4, 4, 1]);
      const graph = record([x], [], (apply, [a]) => [apply('maxPool2d', [apply('relu', [a], none)], pool)]);
      const { nodes } = poolBeforeRelu(graph as Graph<DevicePrimitive>);
      expect(nodes.map(({ primitive }) => primitive)).toEqual(['maxPool2d', 'relu']);
      expect(nodes[1].outputs).toEqual(graph.outputs);
      x.dispose();
    });
  });

  it('begins a product with what is added to it, where nobody needs the product itself', () =>
    expectSameAsEager(
      [tensor([6, 4], 1), tensor([6, 3], 2), tensor([4, 3], 3), tensor([3], 4), tensor([1, 4, 3], 5)],
      [],
      (apply, [a, b, full, row, deep]) => {
        const product = (x: typeof a, y: typeof b) => apply('matMul', [x, y], { transposeA: true, transposeB: false });
        const shared = apply('matMul', [b, b], { transposeA: true, transposeB: false });
        return [
          apply('add', [product(a, b), full], none),
          apply('add', [row, product(apply('neg', [a], none), b)], none),
          apply('add', [product(a, apply('exp', [b], none)), product(apply('exp', [a], none), b)], none),
          apply('add', [product(a, apply('tanh', [b], none)), deep], none),
          apply('add', [shared, row], none),
          shared,
        ];
      },
    ));

  it('rectifies a product with its bias in one, NaN and infinities as ever', () => {
    const x = toTensor({ shape: [3, 2], data: [NaN, 1, Infinity, -2, 0.5, -Infinity] }, 'float32');
    return expectSameAsEager([x, tensor([2, 4], 2), tensor([4], 3)], [], (apply, [a, w, bias]) => {
      const plainly = { transposeA: false, transposeB: false };
      const sum = apply('add', [apply('matMul', [a, w], plainly), bias], none);
      const kept = apply('add', [apply('matMul', [apply('neg', [a], none), w], plainly), bias], none);
      return [apply('relu', [sum], none), apply('relu', [kept], none), kept];
    });
  });

  it('takes the bias of a large product as a row of it', () =>
    expectSameAsEager([tensor([4096, 3], 1), tensor([3, 256], 2), tensor([256], 3)], [], (apply, [a, w, bias]) => {
      const product = (x: typeof a) => apply('matMul', [x, w], { transposeA: false, transposeB: false });
      const shared = product(apply('neg', [a], none));
      return [
        apply('relu', [apply('add', [product(a), bias], none)], none),
        apply('add', [bias, shared], none),
        shared,
      ];
    }));

  it('gives each image of one channel its patches and its bias, whatever the filters lie over', () => {
    const padded = {
      ...valid,
      padding: [
        [1, 2],
        [0, 1],
      ],
      strides: [2, 1],
      dilations: [1, 2],
    } as const;
    const filterShape = [3, 2, 1, 4];
    return expectSameAsEager(
      [tensor([2, 7, 6, 1], 1), tensor([3, 2, 1, 4], 2), tensor([4], 3), tensor([2, 4, 5, 4], 4)],
      [],
      (apply, [x, filter, bias, dy]) => [
        apply('add', [apply('conv2d', [x, filter], padded), bias], none),
        apply('conv2d', [x, apply('neg', [filter], none)], padded),
        apply('conv2dFilterGradient', [x, dy], { ...padded, filterShape }),
      ],
    );
  });

  it('makes the gradients of gates', () => {
    const operands = [1, 2, 3].map((seed) => tensor([3, 4], seed));
    const one = toTensor({ shape: [], data: [1] }, 'float32');
    /** The gradients at x and z of d · (sigmoid(x) · tanh(z)), as a tape makes them. */
    return expectSameAsEager(operands, [one], (apply, [x, z, d], [unit]) => {
      const [y, t] = [apply('sigmoid', [x], none), apply('tanh', [z], none)];
      const ofSigmoid = apply('mul', [y, apply('sub', [unit, y], none)], none);
      const ofTanh = apply('sub', [unit, apply('square', [t], none)], none);
      return [
        apply('mul', [y, t], none),
        apply('mul', [apply('mul', [d, t], none), ofSigmoid], none),
        apply('mul', [ofTanh, apply('mul', [y, d], none)], none),
      ];
    });
  });

  describe('with slices', () => {
    const plainly = { transposeA: false, transposeB: false };
    const slice = (begin: number[], size: number[], strides = begin.map(() => 1)) => ({ begin, size, strides });

    it('makes only the columns of a product that are wanted', () => {
      const [a, b, c] = [tensor([6, 4], 1), tensor([4, 5], 2), tensor([5, 4], 3)];
      const compute = <V>(apply: Apply<V>, [x, y, z]: V[]): V[] => {
        const product = apply('matMul', [x, y], plainly);
        return [
          apply('slice', [product], slice([0, 2], [6, 2])),
          apply('slice', [apply('matMul', [x, z], { ...plainly, transposeB: true })], slice([0, 0], [6, 3])),
        ];
      };
      const { nodes, values, outputs } = sliceBeforeProduct(record([a, b, c], [], compute) as Graph<DevicePrimitive>);
      expect(nodes.map(({ primitive }) => primitive)).toEqual(['slice', 'matMul', 'slice', 'matMul']);
      expect(outputs.map((id) => values[id].shape)).toEqual([
        [6, 2],
        [6, 3],
      ]);
      return expectSameAsEager([a, b, c], [], compute);
    });

    it('leaves products alone that are wanted whole, in rows, or with gaps', () => {
      const [a, b] = [tensor([6, 4], 1), tensor([4, 5], 2)];
      const graph = record([a, b], [], (apply, [x, y]) => {
        const whole = apply('matMul', [x, y], plainly);
        const product = (z: typeof x) => apply('matMul', [apply('neg', [z], none), y], plainly);
        return [
          whole,
          apply('slice', [whole], slice([0, 2], [6, 2])),
          apply('slice', [product(x)], slice([1, 0], [3, 5])),
          apply('slice', [product(apply('exp', [x], none))], slice([0, 0], [6, 3], [1, 2])),
        ];
      });
      expect(sliceBeforeProduct(graph as Graph<DevicePrimitive>).nodes).toEqual(graph.nodes);
      for (const one of [a, b]) one.dispose();
    });

    it('cuts a value into all its parts at once, and finds no parts where there is a gap or an overlap', () => {
      const x = tensor([4, 6], 1);
      const compute = <V>(apply: Apply<V>, [a]: V[]): V[] => {
        const parts = (y: V, cuts: readonly (readonly [number, number])[]): V[] =>
          cuts.map(([begin, size]) => apply('slice', [y], slice([0, begin], [4, size])));
        const [joined, gap, overlap] = (['neg', 'exp', 'tanh'] as const).map((name) => apply(name, [a], none));
        return [
          // Not in order, and one of them used besides being given back.
          ...parts(joined, [
            [4, 2],
            [0, 1],
            [1, 3],
          ]).flatMap((part, i) => (i === 2 ? [part, apply('neg', [part], none)] : [part])),
          ...parts(gap, [
            [0, 2],
            [3, 3],
          ]),
          ...parts(overlap, [
            [0, 4],
            [3, 3],
          ]),
        ];
      };
      const graph = record([x], [], compute) as Graph<DevicePrimitive>;
      expect([...findPartitions(graph).keys()]).toEqual([graph.nodes[0].outputs[0]]);
      return expectSameAsEager([x], [], compute);
    });
  });

  it('adds a bias inside a convolution only where nobody needs the convolution itself', () =>
    expectSameAsEager(
      [tensor([1, 5, 5, 2], 1), tensor([3, 3, 2, 3], 2), tensor([3], 3)],
      [],
      (apply, [x, filter, bias]) => {
        const alone = apply('add', [apply('conv2d', [x, filter], valid), bias], none);
        const y = apply('conv2d', [apply('neg', [x], none), filter], valid);
        return [alone, apply('mul', [apply('add', [y, bias], none), y], none)];
      },
    ));

  it('takes small constants into the model and binds large ones', () =>
    expectSameAsEager([tensor([4, 300], 1)], [tensor([300, 3], 2), tensor([3], 3)], (apply, [x], [weights, bias]) => [
      apply('add', [apply('matMul', [x, weights], { transposeA: false, transposeB: false }), bias], none),
    ]));

  it('gives inputs and constants back as outputs of their own, and one value twice', () =>
    expectSameAsEager([tensor([2, 2], 1)], [tensor([3], 2)], (apply, [x], [constant]) => {
      const y = apply('neg', [x], none);
      return [x, constant, y, y, apply('reshape', [y], { shape: [4] })];
    }));

  it('has its operands to itself during an asynchronous run', async () => {
    const before = currentEngine().memory().storages;
    const x = tensor([64, 64], 1);
    const graph = record([x], [], (apply, [a]) => {
      let product = a;
      for (let i = 0; i < 30; i++)
        product = apply('tanh', [apply('matMul', [product, a], { transposeA: false, transposeB: false })], none);
      return [product];
    });
    const compiled = compileGraph(graph);
    const [expected] = compiled.run([x.storage]);
    const wanted = numbersOf(expected.readSync(), 'float32');
    const runs = Array.from({ length: 4 }, () => compiled.runAsync([x.storage]));
    x.dispose(); // the runs still own it
    const strangers = Array.from({ length: 8 }, (_, i) => tensor([64, 64], i)); // would be written over it
    compiled.dispose(); // takes effect after the runs
    for (const [storage] of await Promise.all(runs)) {
      expect(numbersOf(storage.readSync(), 'float32')).toEqual(wanted);
      storage.release();
    }
    for (const stranger of strangers) stranger.dispose();
    expected.release();
    expect(currentEngine().memory().storages).toBeLessThanOrEqual(before); // fewer where others were collected meanwhile
  });

  it('lets the event loop go on during an asynchronous run', async () => {
    const x = tensor([256, 256], 1);
    const compiled = compileGraph(
      record([x], [], (apply, [a]) => {
        let product = a;
        for (let i = 0; i < 60; i++)
          product = apply('tanh', [apply('matMul', [product, a], { transposeA: false, transposeB: false })], none);
        return [product];
      }),
    );
    let turns = 0;
    let running = true;
    const turn = (): void => {
      turns++;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    const [result] = await compiled.runAsync([x.storage]);
    running = false;
    expect(turns).toBeGreaterThan(1);
    result.release();
    x.dispose();
    compiled.dispose();
  });

  it('says how many inputs it wants', () => {
    const x = tensor([2], 1);
    const compiled = compileGraph(record([x], [], (apply, [a]) => [apply('neg', [a], none)]));
    expect(() => compiled.run([])).toThrow(/1 input.*run with 0/);
    compiled.dispose();
    x.dispose();
  });
});
