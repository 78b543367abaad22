/** @file Saving and loading concrete functions: everything comes back, damaged files are refused, no code runs. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'saved-function-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function savedAndLoaded(concrete: tf.ConcreteFunction): Promise<tf.ConcreteFunction> {
  let saved: tf.SavedFunction | undefined;
  await concrete.save({ save: (files) => (saved = files) });
  const { json, data } = saved as tf.SavedFunction;
  return tf.loadConcreteFunction({ load: () => ({ json: JSON.parse(JSON.stringify(json)) as unknown, data }) });
}

describe('a saved function', () => {
  it('comes back from files with its variables, constants, structures and assignments', async () => {
    const w = tf.variable(
      tf.tensor([
        [1, 2],
        [3, 4],
      ]),
      true,
      'w',
    );
    const steps = tf.variable(tf.scalar(0, 'int64'), false, 'steps');
    const big = tf.range(0, 600).reshape([300, 2]);
    const f = tf.function(
      (x: Tensor, { scale }: { scale: Tensor; note: number }) => {
        steps.assign(steps.add(tf.scalar(1, 'int64')));
        const y = x.matMul(w).mul(scale);
        return { y, big, z: [tf.complex(y, x), tf.tensor(['a', 'ü']), null, undefined, -0, NaN, 10n], $odd: { x } };
      },
      { name: 'everything' },
    );
    const x = tf.tensor([[1, -1]]);
    const args = [x, { scale: tf.scalar(3), note: 7 }] as const;
    await f.getConcreteFunction(...args).save(join(folder, 'everything'));
    const loaded = await tf.loadConcreteFunction(join(folder, 'everything'));
    expect(loaded.name).toBe('everything');
    expect(loaded.inputs).toEqual(f.getConcreteFunction(...args).inputs);
    expect(loaded.variables.map(({ name, trainable }) => `${name} ${trainable}`).sort()).toEqual([
      'steps false',
      'w true',
    ]);
    type Result = ReturnType<typeof f>;
    for (let call = 1; call < 3; call++) {
      const [expected, got] = [f(...args), loaded.call(...args) as Result];
      expect(got.y).toBeAllClose(expected.y);
      expect(got.big).toBeAllClose(big);
      expect(got.$odd.x).toBeAllClose(x);
      expect((got.z[0] as Tensor).dataSync()).toEqual((expected.z[0] as Tensor).dataSync());
      expect((got.z[1] as Tensor).arraySync()).toEqual(['a', 'ü']);
      expect(got.z.slice(2)).toEqual([null, undefined, -0, NaN, 10n]);
      expect(loaded.variables.find(({ name }) => name === 'steps')?.value.dataSync<BigInt64Array>()).toEqual(
        BigInt64Array.of(BigInt(call)),
      );
    }
    w.assign(tf.zeros([2, 2]));
    expect((loaded.call(...args) as Result).y).toBeAllClose([[-6, -6]]);
    expect(() => loaded.call(tf.ones([2, 2]), args[1])).toThrow(/x must be float32 \[1, 2\]/);
  });

  it('comes back with branches, loops and what they do, and has gradients', async () => {
    const f = tf.function((x: Tensor) =>
      tf.cond(
        x.sum().greater(0),
        () =>
          tf.forLoop(
            4,
            (i, y) => {
              tf.debugging.assertLess(y, 1e6);
              return tf
                .whileLoop(
                  (z) => z.less(10),
                  (z) => z.mul(3),
                  y,
                )
                .add(i)
                .pad([[0, 0]], -Infinity);
            },
            x,
          ),
        () => tf.linalg.cholesky(x.reshape([1, 1]).square()).reshape([1]),
      ),
    );
    const loaded = await savedAndLoaded(f.getConcreteFunction(tf.tensor([1])));
    for (const value of [2, -5]) {
      const x = tf.tensor([value]);
      expect(loaded.call(x)).toBeAllClose(f(x));
      expect(await loaded.callAsync(x)).toBeAllClose(f(x));
      expect(tf.grad((x) => loaded.call(x) as Tensor)(x)).toBeAllClose(tf.grad((x) => f(x))(x));
    }
    expect(() => loaded.call(tf.tensor([1e7]))).toThrow(tf.AssertionError);
  });

  it('of an open signature keeps the sizes it was traced for', async () => {
    const f = tf.function((x: Tensor) => x.sum(0), { inputSignature: [{ shape: [null, 2] }], name: 'summed' });
    const loaded = await savedAndLoaded(f.getConcreteFunction(tf.ones([3, 2]) as Tensor));
    expect(loaded.call(tf.ones([3, 2]))).toBeAllClose([3, 3]);
    expect(() => loaded.call(tf.ones([4, 2]))).toThrow(/loaded for arguments of the shapes \[3, 2\]/);
  });

  it('cannot hold random numbers or functions', async () => {
    const draws = tf.function((x: Tensor) => x.add(tf.randomNormal([2])), { name: 'noisy' });
    await expect(savedAndLoaded(draws.getConcreteFunction(tf.scalar(1)))).rejects.toThrow(/noisy draws random numbers/);
    const gives = tf.function((x: Tensor) => ({ x, f: () => 1 }));
    await expect(savedAndLoaded(gives.getConcreteFunction(tf.scalar(1)))).rejects.toThrow(/result holds a function/);
  });

  it('is refused where anything in it is wrong', async () => {
    const v = tf.variable([1, 2]);
    const f = tf.function((x: Tensor) => tf.forLoop(3, (_, y) => y.mul(v).add(1), x));
    let saved: tf.SavedFunction | undefined;
    await f.getConcreteFunction(tf.ones([2])).save({ save: (files) => (saved = files) });
    const { json, data } = saved as tf.SavedFunction;
    const text = JSON.stringify(json);
    const load = (change: (json: never) => void, bytes = data): Promise<tf.ConcreteFunction> => {
      const copy = JSON.parse(text) as never;
      change(copy);
      return tf.loadConcreteFunction({ load: () => ({ json: copy, data: bytes }) });
    };
    type Json = { -readonly [K in keyof typeof json]: (typeof json)[K] } & { [key: string]: unknown };
    const wrong: [string, (json: Json) => void, RegExp][] = [
      ['format', (j) => (j.format = 'x' as never), /expected "tensorcell-function"/],
      ['version', (j) => (j.version = 2), /version 2 of the format, this library reads version 1/],
      [
        'primitive',
        (j) => ((j.regions[0].nodes[0] as { primitive: string }).primitive = 'constructor'),
        /no primitive "constructor"/,
      ],
      [
        'shape',
        (j) => ((j.graph.values as unknown as unknown[][])[j.graph.outputs[0]][1] = [3]),
        /does not give what node|takes \(/,
      ],
      [
        'region',
        (j) => ((j.graph.nodes[0] as { params: { body: unknown } }).params.body = { $region: 9 }),
        /a region is 9/,
      ],
      [
        'order',
        (j) => (j.graph.nodes[0] as unknown as { inputs: number[] }).inputs.fill(j.graph.outputs[0]),
        /used before it is made/,
      ],
      ['tensor', (j) => ((j.tensors[0] as { offset: number }).offset = 1e6), /the place of tensor 0/],
      ['bytes', (j) => ((j.tensors[0] as { byteLength: number }).byteLength = 1), /tensor 0 has 1 bytes/],
      ['source', (j) => (j.sources = []), /nobody says what input/],
      ['result', (j) => (j.result = { $values: [999] }), /a value is 999/],
    ];
    for (const [what, change, message] of wrong) await expect(load(change as never), what).rejects.toThrow(message);
    await expect(load(() => undefined, data.slice(0, 4))).rejects.toThrow(/damaged/);
    await expect(tf.loadConcreteFunction({ load: () => ({ json: null, data }) })).rejects.toThrow(
      /the JSON is no object/,
    );
    const loaded = await load(() => undefined);
    expect(loaded.call(tf.ones([2]))).toBeAllClose(f(tf.ones([2])));
    await f.getConcreteFunction(tf.ones([2])).save(join(folder, 'broken'));
    const path = join(folder, 'broken', 'function.json');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 50));
    await expect(tf.loadConcreteFunction(join(folder, 'broken'))).rejects.toThrow(/function.json is no JSON/);
  });
});
