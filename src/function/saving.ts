/** @file Writes a concrete function as data. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Graph } from '../primitives/graph.ts';
import { Region } from '../primitives/region.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type ConcreteFunction, OutputPlace } from './concrete-function.ts';
import {
  type FunctionSaveHandler,
  type SavedFunction,
  type SavedGraph,
  type SavedJSON,
  type SavedTensor,
  dataFile,
  encode,
  formatName,
  formatVersion,
  jsonFile,
} from './saved-format.ts';

const alignment = 8;

/** Collects elements. */
class TensorWriter {
  readonly tensors: SavedTensor[] = [];
  private readonly chunks: Uint8Array[] = [];
  private readonly known = new Map<Tensor, number>();
  private length = 0;

  add(tensor: Tensor): number {
    const place = this.known.get(tensor) ?? this.write(tensor);
    this.known.set(tensor, place);
    return place;
  }

  private write(tensor: Tensor): number {
    const { dtype, shape } = tensor;
    const offset = this.length;
    const { bytes, lengths } = bytesOf(tensor);
    const padding = (alignment - (bytes.byteLength % alignment)) % alignment;
    this.chunks.push(bytes, new Uint8Array(padding));
    this.length += bytes.byteLength + padding;
    return this.tensors.push({ dtype, shape, offset, byteLength: bytes.byteLength, ...(lengths && { lengths }) }) - 1;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, at);
      at += chunk.byteLength;
    }
    return all;
  }
}

function bytesOf(tensor: Tensor): { bytes: Uint8Array; lengths?: number[] } {
  if (tensor.dtype === 'string') {
    const elements = tensor.bytesSync<Uint8Array[]>();
    return { bytes: Buffer.concat(elements), lengths: elements.map(({ byteLength }) => byteLength) };
  }
  const { buffer, byteOffset, byteLength } = tensor.storage.readSync();
  return { bytes: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) };
}

/** The function as data. @throws ArgumentError where something in it is no data, such as random numbers */
export function describeFunction(concrete: ConcreteFunction): SavedFunction {
  const { parts, name } = concrete;
  const title = `save: ${name}`;
  const { variables } = concrete;
  const writer = new TensorWriter();
  const regions: SavedGraph[] = [];
  const regionPlaces = new Map<Region, number>();
  const placeOf = (region: Region): number => {
    const known = regionPlaces.get(region);
    if (known !== undefined) return known;
    const saved = graphOf(region.graph);
    regionPlaces.set(region, regions.length);
    return regions.push(saved) - 1;
  };
  const graphOf = ({ values, inputs, constants, nodes, outputs }: Graph): SavedGraph => ({
    values: values.map(({ dtype, shape }) => [dtype, shape] as const),
    inputs,
    constants: [...constants].map(([id, tensor]) => [id, writer.add(tensor)] as const),
    nodes: nodes.map((node) => ({
      primitive: node.primitive,
      inputs: node.inputs,
      params: encode(
        node.params,
        (value) => (value instanceof Region ? { $region: placeOf(value) } : undefined),
        `${title}: ${node.primitive}`,
      ),
      outputs: node.outputs,
    })),
    outputs,
  });
  // Constants that come out as they are have no place in the graph, but in the result.
  const needed = new Set(
    [...parts.assignments.map(([, id]) => id), ...resultIds(parts.result)].filter(
      (id) => parts.sources.get(id)?.kind === 'constant',
    ),
  );
  const constants = new Map(parts.graph.constants);
  for (const id of needed) {
    const source = parts.sources.get(id);
    if (source?.kind === 'constant') constants.set(id, source.tensor);
  }
  const graph = graphOf({ ...parts.graph, constants });
  const used = new Set([...graph.inputs, ...resultIds(parts.result), ...parts.assignments.map(([, id]) => id)]);
  const sources = [...parts.sources].flatMap(([id, source]): SavedJSON['sources'] => {
    if (source.kind === 'argument') return [[id, source.kind, source.index]];
    if (!used.has(id) || source.kind === 'constant') return [];
    if (source.kind === 'variable') return [[id, source.kind, variables.indexOf(source.variable)]];
    throw new ArgumentError(
      `${title} draws random numbers at each call, which a file cannot hold; draw them outside and pass them, or give them a seed of their own.`,
    );
  });
  const plain = (value: unknown): undefined => void value;
  return {
    json: {
      format: formatName,
      version: formatVersion,
      name,
      argumentNames: parts.argumentNames,
      operandNames: parts.operandNames,
      argumentShapes: parts.argumentShapes,
      structuredInputs: encode(parts.structuredInputs, plain, `${title}: an argument`),
      result: encode(
        parts.result,
        (value) => (value instanceof OutputPlace ? { $values: value.ids } : undefined),
        `${title}: the result`,
      ),
      graph,
      regions,
      variables: variables.map((variable) => ({
        name: variable.name,
        trainable: variable.trainable,
        tensor: writer.add(variable.value),
      })),
      sources,
      assignments: parts.assignments.map(([variable, id]) => [variables.indexOf(variable), id] as const),
      rereads: [...parts.rereads].map(
        ([id, read]) => [id, read.map((variable) => variables.indexOf(variable))] as const,
      ),
      tensors: writer.tensors,
    },
    data: writer.bytes(),
  };
}

function resultIds(result: unknown): number[] {
  if (result instanceof OutputPlace) return [...result.ids];
  if (typeof result !== 'object' || result === null) return [];
  return Object.values(result).flatMap(resultIds);
}

/** Writes both files into a folder, or gives them to a handler. */
export async function saveFunction(concrete: ConcreteFunction, target: string | FunctionSaveHandler): Promise<void> {
  const saved = describeFunction(concrete);
  if (typeof target !== 'string') {
    await target.save(saved);
    return;
  }
  await mkdir(target, { recursive: true });
  await writeFile(join(target, jsonFile), JSON.stringify(saved.json));
  await writeFile(join(target, dataFile), saved.data);
}
