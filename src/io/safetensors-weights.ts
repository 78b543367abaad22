/** @file A model's weights in a safetensors file: by the path of each layer and the name of the weight. */
import { readFile, writeFile } from 'node:fs/promises';
import { Layer } from '../layers/index.ts';
import type { Model } from '../models/index.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { statePaths } from './model-state.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { fromStored, toStored } from './stored-tensors.ts';

/** Weights by name: `layers.dense.kernel`. */
function namedWeights(model: Model): Map<string, Variable> {
  const named = new Map<string, Variable>();
  for (const [path, object] of statePaths(model)) {
    if (!(object instanceof Layer)) continue;
    for (const variable of object.ownVariables) {
      const last = variable.name.slice(variable.name.lastIndexOf('/') + 1);
      const name = [...path.split('/').filter(Boolean), last].join('.');
      let unique = name;
      for (let i = 1; named.has(unique); i++) unique = `${name}_${i}`;
      named.set(unique, variable);
    }
  }
  return named;
}

/** The bytes of a file with a model's weights. */
export const writeModelSafetensors = (model: Model): Uint8Array =>
  writeSafetensors(
    new Map([...namedWeights(model)].map(([name, variable]) => [name, toStored(variable.value, name)])),
    { format: 'tensorcell', model: model.name },
  );

/** Reads the weights of a file into a model. @throws ArgumentError, ShapeError where they are not its, unless `skipMismatch` */
export function readSafetensorsInto(
  model: Model,
  bytes: Uint8Array,
  what: string,
  { skipMismatch = false }: { skipMismatch?: boolean } = {},
): void {
  const { tensors } = readSafetensors(bytes, what);
  const weights = namedWeights(model);
  const unknown = [...tensors.keys()].filter((name) => !weights.has(name));
  const missing = [...weights.keys()].filter((name) => !tensors.has(name));
  const differing = [...weights].filter(([name, { shape }]) => {
    const stored = tensors.get(name);
    return stored && !shapesEqual(stored.shape, shape);
  });
  if (unknown.length + missing.length + differing.length > 0) {
    const shown = (names: readonly string[]): string =>
      names.slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '');
    const problems = [
      ...(missing.length > 0 ? [`it has no ${shown(missing)}`] : []),
      ...(unknown.length > 0 ? [`the model has no ${shown(unknown)}`] : []),
      ...differing.map(
        ([name, { shape }]) =>
          `${name} has shape ${formatShape(tensors.get(name)!.shape)} in it, ${formatShape(shape)} in the model`,
      ),
    ];
    const message = `${what} does not fit model ${model.name}: ${problems.join('; ')}.`;
    if (!skipMismatch) throw differing.length > 0 ? new ShapeError(message) : new ArgumentError(message);
    console.warn(`${message} What does not fit keeps its value.`);
  }
  const misfits = new Set(differing.map(([name]) => name));
  ops.tidy(() => {
    for (const [name, variable] of weights) {
      const stored = tensors.get(name);
      if (stored && !misfits.has(name)) variable.assign(fromStored(stored, variable.dtype));
    }
  });
}

/**
 * Writes tensors by name as a safetensors file.
 * @throws ArgumentError, DTypeError for strings and complex numbers
 * @example
 * await tf.io.saveSafetensors('weights.safetensors', { kernel, bias });
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor | Variable>>,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  const stored = Object.entries(tensors).map(
    ([name, tensor]) => [name, toStored(tensor instanceof Tensor ? tensor : tensor.value, name)] as const,
  );
  await writeFile(path, writeSafetensors(new Map(stored), metadata));
}

/**
 * The tensors of a safetensors file, by name. bfloat16 becomes float32, uint16 int32, uint32 and uint64 int64.
 * @throws ArgumentError where the file is damaged or none of the kind
 * @example
 * const { kernel, bias } = await tf.io.loadSafetensors('weights.safetensors');
 */
export async function loadSafetensors(path: string): Promise<Record<string, Tensor>> {
  const { tensors } = readSafetensors(new Uint8Array(await readFile(path)), path);
  return Object.fromEntries([...tensors].map(([name, stored]) => [name, fromStored(stored)]));
}
