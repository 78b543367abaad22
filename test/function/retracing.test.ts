/** @file Retracing: its rules, warnings of it, numbers as tensors, methods, and errors of signatures. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

let warnings: string[];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('warnings of retracing', () => {
  it('name the number that changes, twice at most', () => {
    const f = tf.function((x: Tensor, n: number) => x.add(n), { name: 'counter' });
    for (let n = 0; n < 4; n++) f(tf.scalar(1), n);
    expect(warnings).toEqual([]);
    for (let n = 4; n < 40; n++) f(tf.scalar(1), n);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^tf.function counter: 5 of its last 5 calls were traced/);
    expect(warnings[0]).toMatch(/- n is a number that changes: 0, 1, 2, 3, 4\. Pass it as a tensor, tf.scalar\(n\)/);
    expect(warnings[0]).not.toMatch(/- x/);
  });

  it('name shapes that change, and the signature that says so', () => {
    const f = tf.function((batch: Tensor) => batch.sum(), { name: 'summed' });
    for (let n = 1; n < 6; n++) f(tf.ones([n, 3]));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /batch comes in shapes \[1, 3\], \[2, 3\], .*inputSignature: \[\{ shape: \[null, 3\] \}\]/,
    );
    const meant = tf.function((batch: Tensor) => batch.sum(), { inputSignature: [{ shape: [null, 3] }] });
    for (let n = 1; n < 9; n++) meant(tf.ones([n, 3]));
    expect(warnings).toHaveLength(1);
  });

  it('name dtypes, objects and structures', () => {
    const f = tf.function((a: { x: Tensor; y?: Tensor }, _settings: object) => a.x.mul(2));
    for (let n = 0; n < 5; n++)
      f(n % 2 ? { x: tf.scalar(1) } : { x: tf.scalar(1, 'int32'), y: tf.scalar(n) }, new Map());
    expect(warnings[0]).toMatch(/a\.x comes as int32, float32/);
    expect(warnings[0]).toMatch(/a\.y is not in every call/);
    expect(warnings[0]).toMatch(/_settings is another object at each call/);
  });

  it('do not come where few of the calls are traced', () => {
    const f = tf.function((x: Tensor) => x.mul(2));
    for (let n = 1; n < 9; n++) for (let again = 0; again < 4; again++) f(tf.ones([n]));
    expect(warnings).toEqual([]);
  });

  it('come where a function is made for each call', () => {
    for (let n = 0; n < 7; n++) tf.function((x: Tensor) => x.add(1).mul(3))(tf.scalar(n));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/was made 5 times and called once each time/);
    for (let n = 0; n < 7; n++) {
      const f = tf.function((x: Tensor) => x.add(2).mul(3));
      f(tf.scalar(n));
      f(tf.scalar(n));
    }
    expect(warnings).toHaveLength(1);
  });
});

describe('reduceRetracing', () => {
  it('makes tensors of numbers', () => {
    const f = tf.function((x: Tensor, { rate }: { rate: number | Tensor }) => x.mul(rate), { reduceRetracing: true });
    for (let n = 0; n < 8; n++) expect(f(tf.tensor([1, 2]), { rate: n })).toBeAllClose([n, 2 * n]);
    expect(f.traceCount).toBe(1);
    expect(warnings).toEqual([]);
  });
});

describe('methods', () => {
  class Scaler {
    factor: tf.Variable;
    calls = 0;
    constructor(factor: number) {
      this.factor = tf.variable(factor);
    }
    scale = tf.function(function (this: Scaler, x: Tensor): Tensor {
      this.calls++;
      return x.mul(this.factor);
    });
  }
  class Shared {
    readonly by: number;
    constructor(by: number) {
      this.by = by;
    }
    add(x: Tensor): Tensor {
      return x.add(this.by);
    }
  }
  const addition = tf.function(Reflect.get(Shared.prototype, 'add') as (this: Shared, x: Tensor) => Tensor);
  Object.defineProperty(Shared.prototype, 'add', { value: addition });

  it('keep their object', () => {
    const [two, three] = [new Scaler(2), new Scaler(3)];
    for (let again = 0; again < 2; again++) {
      expect(two.scale(tf.scalar(5))).toBeAllClose(10);
      expect(three.scale(tf.scalar(5))).toBeAllClose(15);
    }
    expect([two.calls, three.calls]).toEqual([1, 1]);
  });

  it('have traces of their own for each object, without a warning', async () => {
    for (let by = 0; by < 8; by++) expect(new Shared(by).add(tf.scalar(1))).toBeAllClose(1 + by);
    expect(warnings).toEqual([]);
    const seven = new Shared(7);
    const bound = addition.bind(seven);
    expect(bound(tf.scalar(1))).toBeAllClose(8);
    expect(await bound.runAsync(tf.scalar(2))).toBeAllClose(9);
    expect(bound.getConcreteFunction(tf.scalar(1))).toBe(addition.bind(seven).getConcreteFunction(tf.scalar(1)));
  });

  it('are made by the decorator', () => {
    const context = { kind: 'method', name: 'twice' } as unknown as ClassMethodDecoratorContext<{ n: number }>;
    const twice = tf.function(function (this: { n: number }, x: Tensor) {
      return x.mul(this.n);
    }, context);
    expect(twice.call({ n: 2 }, tf.scalar(4))).toBeAllClose(8);
    expect(twice.name).toBe('twice');
  });

  it('do not matter to functions that have none', () => {
    const f = tf.function((x: Tensor) => x.add(1));
    const [a, b] = [{ f }, { f }];
    a.f(tf.scalar(1));
    b.f(tf.scalar(1));
    f(tf.scalar(1));
    expect(f.traceCount).toBe(1);
  });
});

describe('input signatures', () => {
  it('are structures', () => {
    const f = tf.function(
      (x: { a: Tensor; b: [Tensor, Tensor | number] }, y: Tensor | number[]) =>
        x.a.add(x.b[0]).mul(x.b[1]).sum().add(y),
      {
        inputSignature: [
          { a: { shape: [null] }, b: [{ shape: [] }, { shape: [] }] },
          { shape: [2], dtype: 'int32' },
        ],
      },
    );
    expect(f({ a: tf.tensor([1, 2]), b: [tf.scalar(1), 2] }, [1, 2])).toBeAllClose([11, 12]);
    expect(f({ a: tf.tensor([1]), b: [tf.scalar(1), 3] }, [1, 2])).toBeAllClose([7, 8]);
    expect(f.traceCount).toBe(2);
    expect(() => f({ a: tf.tensor([1]), b: [tf.scalar(1)] as unknown as [Tensor, Tensor] }, [1, 2])).toThrow(
      /argument 1\.b must have 2 elements|x\.b must have 2 elements/,
    );
    expect(() => f({ a: tf.tensor([1]) } as never, [1, 2])).toThrow(/\.b is missing/);
    expect(() => f(tf.scalar(1) as never, [1, 2])).toThrow(/must be an object/);
  });

  it('are shown beside the call that does not fit', () => {
    const f = tf.function((x: Tensor, y: Tensor) => x.matMul(y), {
      name: 'product',
      inputSignature: [{ shape: [null, 2] }, { shape: [2, null], dtype: 'float32' }],
    });
    const message = (() => {
      try {
        f(tf.ones([3, 2]), tf.ones([3, 3]));
      } catch (error) {
        return String((error as Error).message);
      }
      return '';
    })();
    expect(message).toBe(
      'tf.function product: y must be float32 [2, ?] by the input signature, got float32 [3, 3].\n' +
        '  expected\n    x: float32 [?, 2]\n    y: float32 [2, ?]\n' +
        '  got\n    x: float32 [3, 2]\n    y: float32 [3, 3]',
    );
    expect(() => (f as unknown as (x: Tensor) => Tensor)(tf.ones([1, 2]))).toThrow(/has 2 arguments, the call 1/);
  });
});
