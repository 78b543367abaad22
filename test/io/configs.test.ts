/** @file Configs of every class, as Python's Keras serializes them: they make the same object here, and give the same config back. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import '../../src/index.ts';
import { constraintClasses } from '../../src/constraints/index.ts';
import { initializerClasses } from '../../src/initializers/index.ts';
import { type SavedObject, fromKeras, toKeras } from '../../src/io/keras-json.ts';
import { layerRegistry } from '../../src/layers/registry.ts';
import { lossRegistry } from '../../src/losses/registry.ts';
import { metricRegistry } from '../../src/metrics/registry.ts';
import { optimizerClasses } from '../../src/optimizers/registry.ts';
import { scheduleClasses } from '../../src/optimizers/schedules/index.ts';
import { regularizerClasses } from '../../src/regularizers/index.ts';
import type { ClassRegistry, Configurable } from '../../src/serialization/registry.ts';

interface KerasObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: Record<string, unknown>;
}
const packed = readFileSync(new URL('../fixtures/keras-files/configs.json.gz', import.meta.url));
const objects = JSON.parse(gunzipSync(packed).toString()) as KerasObject[];

const registries: Record<string, ClassRegistry<Configurable>> = Object.fromEntries(
  [
    ...[layerRegistry, lossRegistry, metricRegistry, optimizerClasses, scheduleClasses],
    ...[initializerClasses, regularizerClasses, constraintClasses],
  ].map((registry) => [registry.module, registry as unknown as ClassRegistry<Configurable>]),
);
/** A key under which configs hold objects of a module: names of classes alone do not tell. */
const keys: Record<string, string> = {
  'keras.optimizers': 'optimizer',
  'keras.losses': 'loss',
  'keras.metrics': 'metrics',
  'keras.initializers': 'kernelInitializer',
  'keras.regularizers': 'kernelRegularizer',
  'keras.constraints': 'kernelConstraint',
  'keras.optimizers.schedules': 'learningRate',
};

/** Options that Keras writes and that say nothing here. */
const silent = new Set([
  'quantization_config',
  'shared_object_id',
  'registered_name',
  'module',
  'build_config',
  'name',
  'input_axes',
  'output_axes',
  'batch_input_shape',
  'optional',
  'rms_scaling',
]);

/** Names by their class, absent for null and false, one spelling. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/[^a-z0-9.]/gi, '').toLowerCase();
  if (typeof value === 'number') return Math.fround(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { class_name: className, config } = value as Partial<KerasObject>;
  if (className === 'DTypePolicy') return plain(config!.name);
  const entries = Object.entries(value).filter(([key, child]) => !silent.has(key) && child !== null);
  return Object.fromEntries(entries.map(([key, child]) => [key, plain(child)]));
}

describe.each(Object.keys(registries))('%s', (module) => {
  const mine = objects
    .filter((object) => object.module === module)
    .map((object) => [object.class_name, object] as const);
  it.for(mine)('%s', ([name, object], { skip }) => {
    skip(!registries[module].has(name), `${module}.${name} is not here`);
    const made = registries[module].deserialize(fromKeras(object) as SavedObject);
    const again = toKeras(registries[module].serialize(made), keys[module] ?? '') as KerasObject;
    expect(again.class_name).toBe(object.class_name);
    expect(again.module).toBe(object.module);
    expect(plain(again.config)).toMatchObject(plain(object.config) as object);
  });
});
