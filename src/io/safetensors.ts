/** @file Safetensors: a header of JSON, then the elements of each tensor. */
import { type DType, bytesPerElement } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import { type RawElements, decodeElements } from './elements.ts';
import { countOf, fieldsOf, listOf, sizesOf, textOf } from './fields.ts';
import type { StoredArray } from './hdf5.ts';

/** The format's names of element types: kind and bytes. */
const types: Readonly<Record<string, readonly [kind: RawElements['kind'], size: number]>> = {
  ...{ F16: ['float', 2], F32: ['float', 4], F64: ['float', 8], BF16: ['bfloat16', 2], BOOL: ['bool', 1] },
  ...{ I8: ['int', 1], I16: ['int', 2], I32: ['int', 4], I64: ['int', 8] },
  ...{ U8: ['uint', 1], U16: ['uint', 2], U32: ['uint', 4], U64: ['uint', 8] },
};

const typeNames: Partial<Record<DType, string>> = {
  ...{ float16: 'F16', float32: 'F32', float64: 'F64', bool: 'BOOL' },
  ...{ int8: 'I8', int16: 'I16', int32: 'I32', int64: 'I64', uint8: 'U8' },
};

/** The format's own limit of the header. */
const headerLimit = 100_000_000;
const metadataKey = '__metadata__';

export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, StoredArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The tensors of a file, by name.
 * @throws ArgumentError where the file is damaged or none of the kind: parts must lie beside each other, without gaps or overlap
 */
export function readSafetensors(bytes: Uint8Array, what: string): SafetensorsContent {
  const fail = (why: string): never => {
    throw new ArgumentError(`${what} is no safetensors file, or is damaged: ${why}.`);
  };
  if (bytes.byteLength < 8) fail(`it has ${bytes.byteLength} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > headerLimit || 8 + length > bytes.byteLength) fail(`its header would have ${length} bytes`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (error) {
    fail(`its header is no JSON (${(error as Error).message})`);
  }
  const { [metadataKey]: metadata = {}, ...entries } = fieldsOf(header, `${what}: the header`);
  const data = bytes.subarray(8 + length);
  const parts = Object.entries(entries).map(([name, entry]) => {
    const place = `${what}: '${name}'`;
    const { dtype, shape, data_offsets: offsets } = fieldsOf(entry, place);
    const type = types[textOf(dtype, place)];
    if (!Object.hasOwn(types, String(dtype)))
      throw new ArgumentError(`${place} is of type ${String(dtype)}, which tensors do not have.`);
    const [begin, end] = listOf(offsets, place).map((offset) => countOf(offset, place));
    const sizes = sizesOf(shape, place);
    if (end - begin !== sizeOf(sizes) * type[1] || end > data.byteLength)
      fail(`'${name}' lies at ${begin} to ${end} of ${data.byteLength} bytes, which does not fit its shape`);
    return { name, begin, end, sizes, type, place };
  });
  let at = 0;
  for (const { name, begin, end } of [...parts].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) fail(`'${name}' begins at ${begin}, where ${at} is next`);
    at = end;
  }
  if (at !== data.byteLength) fail(`${data.byteLength - at} bytes belong to no tensor`);
  return {
    metadata: fieldsOf(metadata, `${what}: ${metadataKey}`) as Record<string, string>,
    tensors: new Map(
      parts.map(({ name, begin, end, sizes, type: [kind, size], place }) => [
        name,
        { ...decodeElements({ bytes: data.subarray(begin, end), kind, size }, place), shape: sizes },
      ]),
    ),
  };
}

/** The bytes of a file. @throws ArgumentError for a dtype that the format does not have */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // Wide elements first, so that each lies where its kind of array may begin.
  const sorted = [...tensors].sort(
    ([a, { dtype: first }], [b, { dtype: second }]) =>
      bytesPerElement(second) - bytesPerElement(first) || (a < b ? -1 : 1),
  );
  let at = 0;
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { [metadataKey]: metadata } : {};
  for (const [name, { dtype, shape, data }] of sorted) {
    const type = typeNames[dtype];
    if (!type || name === metadataKey)
      throw new ArgumentError(`safetensors: '${name}' of dtype ${dtype} cannot be written.`);
    header[name] = { dtype: type, shape, data_offsets: [at, (at += data.byteLength)] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + padded + at).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  at = 8 + padded;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
