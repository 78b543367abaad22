/** @file Reads a concrete function from data, and checks all of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHost, fromStrings } from '../engine/index.ts';
import type { Graph, GraphNode, ValueId } from '../primitives/graph.ts';
import { infer, inference } from '../primitives/infer.ts';
import type { AbstractValue, PrimitiveName } from '../primitives/primitives.ts';
import { Region } from '../primitives/region.ts';
import { bytesPerElement, hostArrayOf, isDType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { keep } from '../tensor/memory.ts';
import { shapesEqual, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { ConcreteFunction, OutputPlace, type Source } from './concrete-function.ts';
import { type FunctionLoadHandler, dataFile, decode, formatName, formatVersion, jsonFile } from './saved-format.ts';

function fail(why: string): never {
  throw new ArgumentError(`loadConcreteFunction: the file is damaged or no saved function: ${why}.`);
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown, what: string): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : fail(`${what} is no object`);
const listOf = (value: unknown, what: string): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : fail(`${what} is no list`);
const textOf = (value: unknown, what: string): string =>
  typeof value === 'string' ? value : fail(`${what} is no text`);
/** A whole number from 0 up to and without `end`. */
const indexOf = (value: unknown, end: number, what: string): number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < end
    ? (value as number)
    : fail(`${what} is ${JSON.stringify(value)}, out of the range up to ${end}`);
const shapeOf = (value: unknown, what: string): number[] =>
  listOf(value, what).map((size) => indexOf(size, 2 ** 40, what));

function abstractOf(value: unknown, what: string): AbstractValue {
  const [dtype, shape] = listOf(value, what);
  if (!isDType(dtype)) fail(`${what} has no dtype`);
  return { dtype, shape: shapeOf(shape, what) };
}

function tensorOf(value: unknown, data: Uint8Array, place: number): Tensor {
  const what = `tensor ${place}`;
  const { dtype, shape, offset, byteLength, lengths } = fieldsOf(value, what);
  const { dtype: known, shape: sizes } = abstractOf([dtype, shape], what);
  const begin = indexOf(offset, data.byteLength + 1, `the place of ${what}`);
  const bytes = indexOf(byteLength, data.byteLength - begin + 1, `the length of ${what}`);
  const size = sizeOf(sizes);
  if (known === 'string') {
    const each = listOf(lengths, `the lengths of ${what}`).map((length) =>
      indexOf(length, bytes + 1, `a length of ${what}`),
    );
    if (each.length !== size || each.reduce((sum, length) => sum + length, 0) !== bytes)
      fail(`${what} has other lengths`);
    let at = begin;
    return fromStrings(
      each.map((length) => data.slice(at, (at += length))),
      sizes,
    );
  }
  if (known === 'complex64' || bytes !== size * bytesPerElement(known)) fail(`${what} has ${bytes} bytes`);
  return fromHost(
    new (hostArrayOf(known))(data.slice(begin, begin + bytes).buffer as ArrayBuffer, 0, size),
    known,
    sizes,
  );
}

/** A graph of which every node gives what its primitive gives for such operands. */
function graphOf(value: unknown, tensors: readonly Tensor[], regions: readonly Region[], what: string): Graph {
  const fields = fieldsOf(value, what);
  const values = listOf(fields.values, `${what}.values`).map((each, i) => abstractOf(each, `${what}: value ${i}`));
  const known = new Set<ValueId>();
  const idOf = (id: unknown): ValueId => indexOf(id, values.length, `${what}: a value`);
  const make = (id: ValueId): ValueId => {
    if (known.has(id)) fail(`${what}: value ${id} is made twice`);
    known.add(id);
    return id;
  };
  const take = (id: unknown): ValueId =>
    known.has(idOf(id)) ? idOf(id) : fail(`${what}: value ${String(id)} is used before it is made`);
  const inputs = listOf(fields.inputs, `${what}.inputs`).map((id) => make(idOf(id)));
  const constants = new Map(
    listOf(fields.constants, `${what}.constants`).map((pair) => {
      const [id, place] = listOf(pair, `${what}: a constant`);
      const tensor = tensors[indexOf(place, tensors.length, `${what}: a tensor`)];
      const { dtype, shape } = values[idOf(id)];
      if (tensor.dtype !== dtype || !shapesEqual(tensor.shape, shape))
        fail(`${what}: constant ${String(id)} is of another shape`);
      return [make(idOf(id)), tensor] as const;
    }),
  );
  const nodes = listOf(fields.nodes, `${what}.nodes`).map((node, i): GraphNode => {
    const { primitive, inputs: taken, params, outputs } = fieldsOf(node, `${what}: node ${i}`);
    const name = textOf(primitive, `${what}: the primitive of node ${i}`);
    if (!Object.hasOwn(inference, name))
      fail(`${what}: there is no primitive ${JSON.stringify(name)}; a later version may have it`);
    const operands = listOf(taken, `${what}: inputs of node ${i}`).map(take);
    const decoded = decode(params, (item) =>
      '$region' in item ? regions[indexOf(item.$region, regions.length, `${what}: a region`)] : undefined,
    ) as GraphNode['params'];
    const made = listOf(outputs, `${what}: outputs of node ${i}`).map((id) => make(idOf(id)));
    let given: readonly AbstractValue[];
    try {
      given = infer(
        name as PrimitiveName,
        operands.map((id) => values[id]),
        decoded,
      );
    } catch (error) {
      return fail(`${what}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    const fits =
      given.length === made.length &&
      given.every(
        ({ dtype, shape }, k) => dtype === values[made[k]].dtype && shapesEqual(shape, values[made[k]].shape),
      );
    if (!fits) fail(`${what}: ${name} does not give what node ${i} says`);
    return { primitive: name as PrimitiveName, inputs: operands, params: decoded, outputs: made };
  });
  return { values, inputs, constants, nodes, outputs: listOf(fields.outputs, `${what}.outputs`).map(take) };
}

/** The function that the data say. @throws ArgumentError where they are damaged, or of a later version */
export function functionOf(json: unknown, data: Uint8Array): ConcreteFunction {
  const fields = fieldsOf(json, 'the JSON');
  if (fields.format !== formatName) fail(`its format is ${JSON.stringify(fields.format)}, expected "${formatName}"`);
  if (fields.version !== formatVersion)
    throw new ArgumentError(
      `loadConcreteFunction: the file is of version ${JSON.stringify(fields.version)} of the format, this library reads version ${formatVersion}.`,
    );
  const name = textOf(fields.name, 'name');
  const tensors = listOf(fields.tensors, 'tensors').map((tensor, i) => keep(tensorOf(tensor, data, i)));
  const regions: Region[] = [];
  listOf(fields.regions, 'regions').forEach((region, i) => {
    regions.push(new Region(graphOf(region, tensors, regions, `region ${i}`)));
  });
  const graph = graphOf(fields.graph, tensors, regions, 'graph');
  const idOf = (id: unknown): ValueId => indexOf(id, graph.values.length, 'a value');
  const alike = (a: AbstractValue, id: ValueId): boolean =>
    a.dtype === graph.values[id].dtype && shapesEqual(a.shape, graph.values[id].shape);
  const variables = listOf(fields.variables, 'variables').map((variable, i) => {
    const { name: called, trainable, tensor } = fieldsOf(variable, `variable ${i}`);
    const initial = tensors[indexOf(tensor, tensors.length, `the tensor of variable ${i}`)];
    return new Variable(initial, { name: textOf(called, `the name of variable ${i}`), trainable: trainable === true });
  });
  const variableOf = (place: unknown): Variable => variables[indexOf(place, variables.length, 'a variable')];
  const operandNames = listOf(fields.operandNames, 'operandNames').map((each) => textOf(each, 'an operand'));
  const argumentShapes = listOf(fields.argumentShapes, 'argumentShapes').map((shape) => shapeOf(shape, 'an argument'));

  const sources = new Map<ValueId, Source>();
  for (const [id, tensor] of graph.constants) sources.set(id, { kind: 'constant', tensor });
  for (const entry of listOf(fields.sources, 'sources')) {
    const [id, kind, index] = listOf(entry, 'a source');
    const value = idOf(id);
    if (kind === 'argument') {
      const place = indexOf(index, argumentShapes.length, 'an argument');
      if (!shapesEqual(argumentShapes[place], graph.values[value].shape)) fail(`argument ${place} is of another shape`);
      sources.set(value, { kind, index: place });
    } else if (kind === 'variable') {
      const variable = variableOf(index);
      if (!alike(variable, value)) fail(`variable ${variable.name} is of another shape`);
      sources.set(value, { kind, variable });
    } else fail(`a value comes from ${JSON.stringify(kind)}`);
  }
  const missing = graph.inputs.find((id) => !sources.has(id));
  if (missing !== undefined) fail(`nobody says what input ${missing} is`);
  const made = new Set<ValueId>([...sources.keys(), ...graph.outputs]);
  const resultId = (id: unknown): ValueId =>
    made.has(idOf(id)) ? idOf(id) : fail(`value ${String(id)} does not come out`);
  const noneSpecial = (): undefined => undefined;
  return new ConcreteFunction({
    name,
    // Constants that only come out are none of the engine's.
    graph,
    sources,
    result: decode(fields.result, (item) => {
      if (!('$values' in item)) return undefined;
      const ids = listOf(item.$values, 'a result').map(resultId);
      return ids.length === 1 || ids.length === 2 ? new OutputPlace(ids) : fail('a result has no value');
    }),
    assignments: listOf(fields.assignments, 'assignments').map((pair) => {
      const [place, id] = listOf(pair, 'an assignment');
      const variable = variableOf(place);
      if (!alike(variable, resultId(id))) fail(`variable ${variable.name} is assigned another shape`);
      return [variable, resultId(id)] as const;
    }),
    rereads: new Map(
      listOf(fields.rereads, 'rereads').map((pair) => {
        const [id, read] = listOf(pair, 'a reading');
        return [idOf(id), listOf(read, 'variables read').map(variableOf)] as const;
      }),
    ),
    structuredInputs: listOf(decode(fields.structuredInputs, noneSpecial), 'structuredInputs'),
    argumentNames: listOf(fields.argumentNames, 'argumentNames').map((each) => textOf(each, 'an argument')),
    operandNames,
    argumentShapes,
    retrace: null,
  });
}

/**
 * A concrete function that `concrete.save` wrote, with variables of its own. What the file says is checked throughout, and no
 * code in it is run.
 *
 * @param source A folder, or what loads both files.
 * @throws ArgumentError where the files are damaged, or of a later version of the format.
 * @example
 * ```ts
 * await f.getConcreteFunction(x).save('./affine');
 * const affine = await tf.loadConcreteFunction('./affine');
 * affine.call(x);
 * ```
 */
export async function loadConcreteFunction(source: string | FunctionLoadHandler): Promise<ConcreteFunction> {
  if (typeof source !== 'string') {
    const { json, data } = await source.load();
    return functionOf(json, data);
  }
  const text = await readFile(join(source, jsonFile), 'utf8');
  const data = await readFile(join(source, dataFile));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(`${jsonFile} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return functionOf(json, new Uint8Array(data));
}
