import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

interface Fixture {
  name: string;
  operand: 'two' | 'three' | 'inner' | 'full';
  args: unknown[];
  result: unknown;
  shape: (number | null)[];
}
const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/ragged/cases.json', import.meta.url), 'utf8'),
) as Fixture[];

const operands = {
  two: () => tf.ragged.constant([[3, 1, 4], [], [1, 5], [9]]),
  three: () => tf.ragged.constant([[[1, 2], [3]], [], [[4], [], [5, 6, 7]]]),
  inner: () => tf.RaggedTensor.fromRowSplits([[1, 2], [3, 4], [5, 6]], [0, 2, 3, 3]), // prettier-ignore
  full: () => tf.ragged.constant([[3, 1], [4], [1, 5, 9]]),
};
type Method = (...args: unknown[]) => tf.Tensor | tf.RaggedTensor;
const list = (x: tf.Tensor | tf.RaggedTensor): unknown =>
  x instanceof tf.RaggedTensor ? x.arraySync() : x.arraySync();
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'number') return typeof value === 'boolean' ? Number(value) : value;
  if (Number.isNaN(value)) return 'nan';
  return Math.abs(value) > 3e38 ? (value > 0 ? 'large' : '-large') : value;
};

function call({ name, operand, args }: Fixture, x: tf.RaggedTensor): tf.Tensor | tf.RaggedTensor {
  if (name === 'concat') return x.concat(x, args[0] as number);
  if (name === 'any' || name === 'all') return x.greater(2)[name](args[0] as number);
  if (name === 'rowSplits') return x.rowSplits;
  if (name === 'boundingShape') return tf.tensor(x.boundingShape(), undefined, 'int32');
  if (name === 'toTensor:shape') return x.toTensor(0, args[0] as number[]);
  expect(operands).toHaveProperty(operand);
  return (x[name as keyof tf.RaggedTensor] as unknown as Method).apply(x, args);
}

describe('ragged tensors as TensorFlow', () => {
  it.each(fixtures.map((fixture) => [`${fixture.name} ${fixture.operand} ${JSON.stringify(fixture.args)}`, fixture]))(
    '%s',
    (_, given) => {
      const fixture = given as Fixture;
      const found = call(fixture, operands[fixture.operand]());
      expect(plain(list(found))).toEqual(plain(fixture.result));
      expect(found.rank).toBe(fixture.shape.length);
    },
  );

  it.each(
    fixtures
      .filter(({ name }) => ['sum', 'mean', 'max', 'add', 'mul', 'concat', 'toTensor'].includes(name))
      .map((f) => [`${f.name} ${f.operand} ${JSON.stringify(f.args)}`, f]),
  )('%s in tf.function', (_, given) => {
    const fixture = given as Fixture;
    const f = tf.function((x: tf.RaggedTensor) => call(fixture, x));
    expect(plain(list(f(operands[fixture.operand]())))).toEqual(plain(fixture.result));
  });
});

describe('ragged tensors', () => {
  it('are made of values and of where their rows are', () => {
    const expected = [[3, 1], [], [4, 1, 5]];
    const v = [3, 1, 4, 1, 5];
    const { RaggedTensor } = tf;
    const made = [
      RaggedTensor.fromRowSplits(v, [0, 2, 2, 5]),
      RaggedTensor.fromRowLengths(v, [2, 0, 3]),
      RaggedTensor.fromRowStarts(v, [0, 2, 2]),
      RaggedTensor.fromRowLimits(v, tf.tensor([2, 2, 5], undefined, 'int32')),
      RaggedTensor.fromValueRowids(v, [0, 0, 2, 2, 2]),
      tf.ragged.constant(expected),
      tf.ragged.stack([[3, 1], tf.zeros([0]), [4, 1, 5]]),
    ];
    for (const x of made) expect(list(x)).toEqual(expected);
    expect([made[0].shape, made[0].rank, made[0].raggedRank, made[0].dtype, made[0].size]).toEqual([[3, null], 2, 1, 'float32', 5]); // prettier-ignore
    expect(list(RaggedTensor.fromUniformRowLength([1, 2, 3, 4], 2))).toEqual([[1, 2], [3, 4]]); // prettier-ignore
    const nested = [[[1, 2], []], [], [[3]]];
    expect(list(RaggedTensor.fromNestedRowSplits([1, 2, 3], [[0, 2, 2, 3], [0, 2, 2, 3]]))).toEqual(nested); // prettier-ignore
    expect(list(RaggedTensor.fromNestedRowLengths([1, 2, 3], [[2, 0, 1], [2, 0, 1]]))).toEqual(nested); // prettier-ignore
    expect(list(RaggedTensor.fromNestedValueRowids([1, 2, 3], [[0, 0, 2], [0, 0, 2]]))).toEqual(nested); // prettier-ignore
    const deep = tf.ragged.constant(nested);
    expect([deep.shape, deep.raggedRank]).toEqual([[3, null, null], 2]);
    expect(deep.nestedRowSplits.map(list)).toEqual([[0, 2, 2, 3], [0, 2, 2, 3]]); // prettier-ignore
    expect(list(deep.rowLengths(2))).toEqual([[2, 0], [], [1]]);
  });

  it('come from tensors, and become tensors', () => {
    const { RaggedTensor } = tf;
    const dense = [[5, 7, 0], [0, 3, 0], [6, 0, 0]]; // prettier-ignore
    expect(list(RaggedTensor.fromTensor(dense))).toEqual(dense);
    expect(list(RaggedTensor.fromTensor(dense, { padding: 0 }))).toEqual([[5, 7], [0, 3], [6]]);
    expect(list(RaggedTensor.fromTensor(dense, { lengths: [1, 0, 3] }))).toEqual([[5], [], [6, 0, 0]]);
    const three = tf.range(0, 8).reshape([2, 2, 2]);
    expect(RaggedTensor.fromTensor(three, { raggedRank: 2 }).shape).toEqual([2, null, null]);
    expect(list(RaggedTensor.fromTensor(three, { raggedRank: 2 }))).toEqual(list(three));
    const words = tf.ragged.constant([['a', 'b'], [], ['c']]);
    expect(words.toTensor().arraySync<tf.NestedStrings>()).toEqual([['a', 'b'], ['', ''], ['c', '']]); // prettier-ignore
    expect(words.toTensor('-').arraySync<tf.NestedStrings>()[1]).toEqual(['-', '-']);
    expect(tf.ragged.constant([[], []]).toTensor().shape).toEqual([2, 0]);
    expect(list(RaggedTensor.fromTensor([['a', '']], { padding: '' }))).toEqual([['a']]);
  });

  it('have ranges, masks and rows', () => {
    expect(list(tf.ragged.range([3, 0, 2]))).toEqual([[0, 1, 2], [], [0, 1]]);
    expect(list(tf.ragged.range([0, 5], [3, 7]))).toEqual([[0, 1, 2], [5, 6]]); // prettier-ignore
    expect(list(tf.ragged.range([0, 5], [6, 1], [2, -2]))).toEqual([[0, 2, 4], [5, 3]]); // prettier-ignore
    expect(list(tf.ragged.booleanMask([[1, 2, 3], [4, 5, 6]], [[true, false, true], [false, false, true]]))).toEqual([[1, 3], [6]]); // prettier-ignore
    expect(list(tf.ragged.booleanMask([[1, 2], [3, 4]], [false, true]))).toEqual([[3, 4]]); // prettier-ignore
    const x = operands.two();
    expect(list(tf.ragged.booleanMask(x, x.greater(2)))).toEqual([[3, 4], [], [5], [9]]);
    expect(list(x.row(2))).toEqual([1, 5]);
    expect(list(x.row(-1))).toEqual([9]);
    expect([...x].map(list)).toEqual([[3, 1, 4], [], [1, 5], [9]]);
    expect(list(tf.ragged.gather(['a', 'b', 'c'], tf.ragged.constant([[0, 2], [1]], 'int32')) as tf.RaggedTensor)).toEqual([['a', 'c'], ['b']]); // prettier-ignore
    expect(list(tf.ragged.rowSplitsToSegmentIds([0, 3, 3, 5]))).toEqual([0, 0, 0, 2, 2]);
    expect(list(tf.ragged.segmentIdsToRowSplits([0, 0, 0, 2, 2]))).toEqual([0, 3, 3, 5]);
    expect(list(tf.ragged.stack([operands.two(), [[7]]]))).toEqual([[[3, 1, 4], [], [1, 5], [9]], [[7]]]);
  });

  it('compute element by element with what broadcasts', () => {
    const x = operands.two();
    expect(list(x.add(x).sub(1).neg())).toEqual([[-5, -1, -7], [], [-1, -9], [-17]]);
    expect(list(x.mul(tf.ragged.constant([[2], [], [3], [4]])))).toEqual([[6, 2, 8], [], [3, 15], [36]]);
    expect(list(x.greater(3).logicalNot())).toEqual([[1, 1, 0], [], [1, 0], [0]]);
    expect(x.cast('int32').dtype).toBe('int32');
    expect(list(tf.ragged.mapFlatValues(tf.clipByValue, x, 2, 4))).toEqual([[3, 2, 4], [], [2, 4], [4]]);
    expect(list(tf.ragged.mapFlatValues(tf.strings.upper, tf.ragged.constant([['a'], []])))).toEqual([['A'], []]);
    expect(list(tf.ragged.constant([['a', 'b'], ['a']]).equal('a'))).toEqual([[1, 0], [1]]); // prettier-ignore
    expect(() => x.add(tf.ragged.constant([[1, 2], [], [3, 4], [5]]))).toThrow(/row 0 has 3 elements.*2/);
    expect(() => x.add([[1, 2, 3, 4]])).toThrow(/does not broadcast/);
  });

  it('have the gradients of their flat values', () => {
    const values = tf.variable([1, 2, 3]);
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      const x = tf.RaggedTensor.fromRowLengths(values.read(), [2, 0, 1]);
      return (x.square().sum(1) as tf.Tensor).mul([1, 10, 100]).add(x.toTensor().sum(1)).sum();
    });
    expect([...tape.gradient(y, values)!.dataSync()]).toEqual([3, 5, 601]);
    const top = new tf.GradientTape();
    const best = top.record(() => tf.RaggedTensor.fromRowLengths(values.read(), [2, 0, 1]).max(1) as tf.Tensor);
    expect([...top.gradient(best, values)!.dataSync()]).toEqual([0, 1, 1]);
  });

  it.each<[string, (x: tf.RaggedTensor) => tf.Tensor | tf.RaggedTensor]>([
    ['sum of rows', (x) => x.sum(1)],
    ['sum across rows', (x) => x.sum(0)],
    ['mean', (x) => x.gather([0, 2]).mean(1)],
    ['prod', (x) => x.prod(1)],
    ['max', (x) => x.max(0)],
    ['min', (x) => x.gather([0, 2]).min(1)],
    ['toTensor', (x) => x.toTensor(1)],
    ['concat', (x) => x.concat(x.reverse(1), 1)],
    ['stack', (x) => tf.ragged.stack([x, x.square()])],
    ['gather', (x) => tf.ragged.gather(x, [2, 0, 2])],
    ['mul by what broadcasts', (x) => x.mul(tf.tensor([[1], [2], [3]], undefined, 'float64'))],
    ['booleanMask', (x) => tf.ragged.booleanMask(x, tf.ragged.constant([[true, false], [], [true]]))],
    ['at', (x) => x.at('::2', ':1')],
  ])('gradients of %s agree with differences, of first and second order', (_, f) => {
    const flat = (x: tf.Tensor): tf.Tensor => {
      const y = f(tf.RaggedTensor.fromRowLengths(x, [2, 0, 1]));
      const values = y instanceof tf.RaggedTensor ? y.flatValues : y;
      return values.mul(values.square().add(1)).sum();
    };
    const gradient = tf.grad(flat);
    const slope = (x: tf.Tensor): tf.Tensor =>
      gradient(x)
        .mul(tf.tensor([0.3, -0.7, 1.1], undefined, 'float64'))
        .sum();
    const second = tf.grad(slope);
    const start = [0.7, -1.3, 1.9];
    const at = (values: readonly number[]): tf.Tensor => tf.tensor([...values], undefined, 'float64');
    for (const [value, derivative] of [
      [flat, gradient],
      [slope, second],
    ] as const)
      // prettier-ignore
      start.forEach((__, i) => {
        const moved = (by: number): number => value(at(start.with(i, start[i] + by))).item();
        const expected = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        expect(derivative(at(start)).dataSync()[i]).toBeCloseTo(expected, 4);
      });
  });

  it('are indexed row by row', () => {
    const x = operands.two();
    expect(list(x.at(0))).toEqual([3, 1, 4]);
    expect(list(x.at(-2, 1))).toBe(5);
    expect(list(x.at('1:3'))).toEqual([[], [1, 5]]);
    expect(list(x.at(':', ':2'))).toEqual([[3, 1], [], [1, 5], [9]]);
    expect(list(x.at('::-1', '::-1'))).toEqual([[9], [5, 1], [], [4, 1, 3]]);
    expect(list(x.at([0, 3], -1))).toEqual([4, 9]);
    expect(list(operands.three().at(':', ':1', ':1'))).toEqual([[[1]], [], [[4]]]);
    expect(list(operands.inner().at(':', ':', 1))).toEqual([[2, 4], [6], []]);
    expect(() => x.at(':', 0)).toThrow(/at/);
    expect(() => x.at(9)).toThrow(/9/);
  });

  it('are arguments and results of functions, and survive tidy', () => {
    let traces = 0;
    const f = tf.function((batch: { words: tf.RaggedTensor; scale: tf.Tensor }) => {
      traces++;
      const scaled = batch.words.mul(batch.scale);
      return { scaled, total: scaled.sum(1) as tf.Tensor };
    });
    const { scaled, total } = f({ words: operands.two(), scale: tf.scalar(2) });
    expect(scaled).toBeInstanceOf(tf.RaggedTensor);
    expect(list(scaled)).toEqual([[6, 2, 8], [], [2, 10], [18]]);
    expect(list(total)).toEqual([16, 0, 12, 18]);
    f({ words: operands.two().add(1), scale: tf.scalar(2) });
    expect(traces).toBe(1);
    f({ words: operands.full(), scale: tf.scalar(2) });
    expect(traces).toBe(2);
    const before = tf.memory().numTensors;
    const kept = tf.tidy(() => operands.two().add(1));
    expect(list(kept)).toEqual([[4, 2, 5], [], [2, 6], [10]]);
    tf.dispose(kept);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('print and show themselves', () => {
    const x = tf.ragged.constant([['a', 'b'], [], ['<c>']]);
    expect(String(x)).toBe(
      'RaggedTensor string [3, null]\n    [["a", "b"],\n     [],\n     ["<c>"]]'.replace('null', '?'),
    );
    const bundle = x[tf.displaySymbol]();
    expect(bundle['text/html']).toContain('&lt;c&gt;');
    expect(bundle['text/plain']).toBe(String(x));
    expect(Object.keys(operands.three()[tf.displaySymbol]())).toEqual(['text/plain']);
    expect(String(operands.three())).toContain('[[1, 2]');
  });

  it('say what is wrong', () => {
    const { RaggedTensor } = tf;
    expect(() => RaggedTensor.fromRowSplits([1, 2], [1, 2])).toThrow(/begin with 0/);
    expect(() => RaggedTensor.fromRowSplits([1, 2], [0, 2, 1])).toThrow(/must not fall/);
    expect(() => RaggedTensor.fromRowSplits([1, 2, 3], [0, 2])).toThrow(/2 elements together.*3 values/);
    expect(() => RaggedTensor.fromRowLengths([1], [-1, 2])).toThrow(/integers of 0 or more/);
    expect(() => tf.ragged.constant([1, [2]] as never)).toThrow(/depth/);
    expect(() => operands.two().row(4)).toThrow(/no row 4 of 4/);
    expect(() => operands.two().toTensor('x')).toThrow(/no string as default/);
    expect(() => tf.ragged.concat([operands.two(), operands.three()])).toThrow(/one rank/);
    expect(() => tf.ragged.gather(operands.two(), [7])).toThrow(/no row 7 of 4/);
  });
});

it('ranges of ragged rows have the dtype of their bounds', () => {
  const halves = tf.ragged.range([0], [2], [0.5]);
  expect(halves.flatValues).toBeAllClose([0, 0.5, 1, 1.5]);
  expect(tf.ragged.range(tf.tensor([0]), tf.tensor([2]), tf.tensor([0.5])).flatValues).toHaveType('float32', [4]);
  expect(tf.ragged.range(tf.tensor([2n])).flatValues).toHaveType('int64', [2]);
  expect(tf.ragged.range([2]).flatValues).toHaveType('int32', [2]);
});

describe('ragged tensors in other forms', () => {
  const rows = tf.ragged.constant([[1, 2], [], [3]]);
  const nested = tf.ragged.constant([[[1, 2], [3]], [], [[4]]]); // prettier-ignore

  it('become sparse and come back', () => {
    expect(tf.ragged.toSparse(rows).indices).toBeAllClose([[0, 0], [0, 1], [2, 0]]); // prettier-ignore
    expect(tf.ragged.toSparse(nested).denseShape).toEqual([3, 2, 2]);
    expect(tf.ragged.fromSparse(tf.ragged.toSparse(rows)).arraySync()).toEqual([[1, 2], [], [3]]);
    expect(() => tf.ragged.fromSparse(tf.sparse.fromDense([[0, 1]]))).toThrow(/\[0, 1\] does not follow/);
    expect(() => tf.ragged.fromSparse(tf.sparse.fromDense([0, 1]))).toThrow(tf.ShapeError);
  });

  it('get axes and are repeated', () => {
    expect(tf.ragged.expandDims(rows, 0).arraySync()).toEqual([[[1, 2], [], [3]]]);
    expect(tf.ragged.expandDims(rows, -1).arraySync()).toEqual([[[1], [2]], [], [[3]]]);
    expect(tf.ragged.expandDims(nested, 2).arraySync()).toEqual([[[[1, 2]], [[3]]], [], [[[4]]]]);
    expect(tf.ragged.tile(rows, [2, 2]).arraySync()).toEqual([[1, 2, 1, 2], [], [3, 3], [1, 2, 1, 2], [], [3, 3]]);
    expect(() => tf.ragged.tile(rows, [2])).toThrow(/expected 2 whole numbers/);
  });

  it('are chosen from, with gradients', () => {
    const holds = tf.ragged.constant([[true, false], [], [true]]);
    expect(tf.ragged.where(holds, rows, 0).arraySync()).toEqual([[1, 0], [], [3]]);
    const chosen = (x: tf.Tensor): tf.Tensor => tf.ragged.where(holds, rows.withFlatValues(x), 0).flatValues.sum();
    expect(tf.grad(chosen)([1, 2, 3])).toBeAllClose([1, 0, 1]);
  });
});
