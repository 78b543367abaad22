/** @file Runs the cases that the scripts of test/fixtures/layers made from Keras: outputs, masks, gradients, config, functional use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { maskOf, setMask } from '../../src/layers/masks.ts';
import { treeLeaves, mapTree } from '../../src/tensor/tree.ts';
import { type FixtureArray, readFixture, toTensor } from './fixtures.ts';
import './tensors.ts';

type ArrayTree = FixtureArray | readonly ArrayTree[] | { readonly [name: string]: ArrayTree };

interface LayerCase {
  readonly layer: string;
  readonly options: object;
  readonly training: boolean;
  readonly inputs: ArrayTree;
  readonly call: Readonly<Record<string, unknown>>;
  readonly weights: readonly FixtureArray[];
  readonly weightNames: readonly string[];
  readonly weightsAfter: readonly FixtureArray[];
  readonly outputs: readonly FixtureArray[];
  readonly outputMasks: readonly (FixtureArray | null)[];
  readonly cotangents: readonly FixtureArray[];
  readonly inputGradients: readonly (FixtureArray | null)[];
  readonly weightGradients: readonly (FixtureArray | null)[];
  readonly configKeys: readonly string[];
}

const isArray = (value: unknown): value is FixtureArray =>
  typeof value === 'object' && value !== null && 'shape' in value && 'values' in value;

/** Fixture arrays in a structure as tensors. */
function tensorsOf(value: unknown): unknown {
  if (isArray(value)) return toTensor(value);
  if (Array.isArray(value)) return value.map(tensorsOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, tensorsOf(child)]));
  return value;
}

/** Options with the layers among them made. */
function optionsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(optionsOf);
  if (typeof value !== 'object' || value === null) return value;
  const { $layer, options } = value as { $layer?: string; options?: object };
  if ($layer) return makeLayer($layer, options ?? {});
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, optionsOf(child)]));
}

/** A new layer each time: its name is fixed, so that configs can be compared. */
function makeLayer(layer: string, options: object): tf.layers.Layer {
  const type = tf.layers[layer as 'Dense'] as unknown as new (options: object) => tf.layers.Layer;
  if (typeof type !== 'function') throw new Error(`There is no layer ${layer}.`);
  return new type(optionsOf({ name: layer.toLowerCase(), ...options }) as object);
}

const floats = (tree: unknown): tf.Tensor[] =>
  treeLeaves(tree).filter((leaf): leaf is tf.Tensor => leaf instanceof tf.Tensor && leaf.dtype === 'float32');

/** Spellings that are not the snake case of the camel case. */
const snake = (name: string): string =>
  name === 'keepDims' ? 'keepdims' : name.replace(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase();

/** Keys of Keras's configs that ours do without: the dtype policy is `dtype`, the rest belongs to other backends. */
const withoutUs = new Set([
  'dtype',
  'activity_regularizer',
  'lora_rank',
  'lora_alpha',
  'quantization_config',
  'use_cudnn',
]);

/** @param path - Beside test/fixtures/layers. */
export function describeLayerCases(
  path: string,
  { rtol = 2e-5, atol = 2e-5, without = [] }: { rtol?: number; atol?: number; without?: readonly string[] } = {},
): void {
  const close = { rtol, atol };
  describe(`as in Keras: ${path}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'layer-cases-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    for (const fixture of readFixture<LayerCase[]>(`layers/${path}`)) {
      const { mask, ...call } = tensorsOf(fixture.call) as { mask?: tf.Tensor | (tf.Tensor | null)[] };
      const given = (): tf.layers.TensorTree => {
        const inputs = tensorsOf(fixture.inputs) as tf.layers.TensorTree;
        const masks = mask === undefined ? [] : Array.isArray(mask) ? mask : [mask];
        treeLeaves(inputs).forEach((leaf, i) => setMask(leaf as tf.Tensor, masks[i] ?? null));
        return inputs;
      };
      const options = { ...call, training: fixture.training };
      const built = (): tf.layers.Layer => {
        const layer = makeLayer(fixture.layer, fixture.options);
        layer.apply(given(), call);
        layer.setWeights(fixture.weights.map(toTensor));
        return layer;
      };
      const outputsOf = (outputs: unknown): tf.Tensor[] => treeLeaves(outputs) as tf.Tensor[];
      const checkOutputs = (outputs: tf.Tensor[]): void => {
        expect(outputs.length).toBe(fixture.outputs.length);
        outputs.forEach((output, i) => expect(output).toBeAllClose(toTensor(fixture.outputs[i]), close));
      };
      const name = `${fixture.layer} ${JSON.stringify(fixture.options)}${Object.keys(fixture.call).length > 0 ? ` with ${Object.keys(fixture.call).join(', ')}` : ''}${fixture.training ? ' in training' : ''}`;

      describe(name, () => {
        it('outputs, masks and gradients', () => {
          const layer = built();
          const inputs = given();
          const sources = [...floats(inputs), ...floats(call)];
          const tape = new tf.GradientTape();
          sources.forEach((source) => tape.watch(source));
          const { outputs, total } = tape.record(() => {
            const outputs = outputsOf(layer.apply<tf.layers.TensorTree>(inputs, options));
            const differentiable = outputs.filter(({ dtype }) => dtype === 'float32');
            const parts = differentiable.map((output, i) => tf.sum(tf.mul(output, toTensor(fixture.cotangents[i]))));
            return { outputs, total: parts.reduce((a, b) => tf.add(a, b), tf.scalar(0)) };
          });
          checkOutputs(outputs);
          outputs.forEach((output, i) => {
            const [own, expected] = [maskOf(output), fixture.outputMasks[i]];
            if (expected) expect(own && tf.cast(own, 'bool')).toBeAllClose(toTensor(expected));
            else expect(own).toBeNull();
          });
          const gradients = tape.gradient(total, [...sources, ...layer.trainableWeights]) as (tf.Tensor | null)[];
          [...fixture.inputGradients, ...fixture.weightGradients].forEach((expected, i) => {
            if (expected) expect(gradients[i] && tf.add(gradients[i], 0)).toBeAllClose(toTensor(expected), close);
          });
          layer
            .getWeights()
            .forEach((weight, i) => expect(weight).toBeAllClose(toTensor(fixture.weightsAfter[i]), close));
          expect(layer.weights.map(({ name: own }) => own.slice(own.lastIndexOf('/') + 1))).toEqual(
            fixture.weightNames,
          );
        });

        it('traced as at once', () => {
          const layer = built();
          const traced = tf.function((inputs: tf.layers.TensorTree) =>
            layer.apply<tf.layers.TensorTree>(withMasks(inputs, mask), options),
          );
          checkOutputs(outputsOf(traced(tensorsOf(fixture.inputs) as tf.layers.TensorTree)));
        });

        it('made again from its config, which has what Keras has', () => {
          const layer = built();
          const config = JSON.parse(JSON.stringify(tf.layers.serialize(layer))) as ReturnType<
            typeof tf.layers.serialize
          >;
          const again = tf.layers.deserialize(config);
          again.apply(given(), call);
          again.setWeights(layer.getWeights());
          if (!fixture.training) checkOutputs(outputsOf(again.apply<tf.layers.TensorTree>(given(), options)));
          expect(JSON.parse(JSON.stringify(again.getConfig()))).toEqual(config.config);
          const keys = Object.keys(config.config).map(snake);
          const missing = fixture.configKeys.filter(
            (key) => !keys.includes(key) && !withoutUs.has(key) && !without.includes(key),
          );
          expect(missing).toEqual([]);
        });

        // What is given besides the inputs is no part of a model's call.
        if (Object.keys(call).length === 0)
          it('is the same after its model was saved and loaded', async () => {
            const layer = built();
            const symbolic = mapTree(tensorsOf(fixture.inputs), (leaf) => {
              const { shape, dtype } = leaf as tf.Tensor;
              return tf.input({ batchShape: [...shape], dtype });
            }) as tf.layers.TensorTree;
            const model = tf.model({ inputs: symbolic, outputs: layer.apply<tf.layers.TensorTree>(symbolic) });
            const path = join(folder, 'model.keras');
            await model.save(path);
            const loaded = await tf.loadModel(path);
            const [expected, got] = [model, loaded].map((one) => outputsOf(one.apply<tf.layers.TensorTree>(given())));
            got.forEach((output, i) => expect(output).toBeAllClose(expected[i]));
          });

        it('knows its output shapes on symbolic tensors', () => {
          const layer = built();
          const symbolic = mapTree(tensorsOf(fixture.inputs), (leaf) => {
            const { shape, dtype } = leaf as tf.Tensor;
            // What is given besides has the batch's size.
            const batch =
              floats(call).length > 0 || treeLeaves(call).some((one) => one instanceof tf.Tensor) ? shape[0] : null;
            return tf.input({ batchShape: [batch, ...shape.slice(1)], dtype });
          }) as tf.layers.TensorTree;
          const outputs = outputsOf(layer.apply<tf.layers.TensorTree>(symbolic, call));
          outputs.forEach((output, i) => {
            const expected = fixture.outputs[i].shape;
            expect(output.shape.length).toBe(expected.length);
            // The batch is unknown; all else must be known and right.
            expect(output.shape.map((size, axis) => (axis === 0 ? expected[0] : size))).toEqual(expected);
          });
        });
      });
    }
  });
}

function withMasks(inputs: tf.layers.TensorTree, mask: tf.Tensor | (tf.Tensor | null)[] | undefined) {
  const masks = mask === undefined ? [] : Array.isArray(mask) ? mask : [mask];
  treeLeaves(inputs).forEach((leaf, i) => setMask(leaf as tf.Tensor, masks[i] ?? null));
  return inputs;
}
