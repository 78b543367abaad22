/** @file Reads event files, by itself: framing and checksums by their definition, messages by their field numbers. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** CRC-32C, a bit at a time. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

/** The records of a TFRecord file. @throws where a checksum is wrong or bytes are missing */
export function records(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    const data = file.subarray(at + 12, at + 12 + length);
    if (view.getUint32(at + 8, true) !== masked(crc32c(file.subarray(at, at + 8)))) throw new Error('length checksum');
    if (view.getUint32(at + 12 + length, true) !== masked(crc32c(data))) throw new Error('data checksum');
    found.push(data);
    at += length + 16;
  }
  return found;
}

/** Fields by number, each as often as it is there: bytes, or a number's bytes. */
export type Fields = Map<number, (Uint8Array | bigint | number)[]>;

export function fieldsOf(message: Uint8Array): Fields {
  const reader = new BinaryReader(message);
  const fields: Fields = new Map();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const value =
      type === WireType.Varint
        ? BigInt(reader.int64())
        : type === WireType.Bit64
          ? reader.double()
          : type === WireType.Bit32
            ? reader.float()
            : reader.bytes();
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const only = (fields: Fields, number: number): Uint8Array | bigint | number | undefined => fields.get(number)?.at(-1);
const message = (fields: Fields, number: number): Fields =>
  fieldsOf((only(fields, number) as Uint8Array | undefined) ?? new Uint8Array());
export const text = (value: unknown): string => Buffer.from((value as Uint8Array | undefined) ?? []).toString();

export interface ReadTensor {
  readonly dtype: number;
  readonly shape: number[];
  readonly values: readonly (number | bigint | Buffer)[];
}
export interface ReadSummary {
  readonly tag: string;
  readonly plugin: string;
  /** The plugin's own bytes. */
  readonly content: Buffer;
  readonly description: string;
  readonly tensor: ReadTensor;
}
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: bigint;
  readonly fileVersion: string;
  readonly graph: Fields | null;
  readonly summaries: ReadSummary[];
}

/** Element readers of packed or plain fields, by dtype: the number of the field, and of the raw bytes. */
const arrays: Readonly<Record<number, [number, (bytes: ArrayBuffer) => ArrayLike<number | bigint>]>> = {
  1: [5, (b) => new Float32Array(b)],
  2: [6, (b) => new Float64Array(b)],
  3: [7, (b) => new Int32Array(b)],
  9: [10, (b) => new BigInt64Array(b)],
};

function readTensor(fields: Fields): ReadTensor {
  const dtype = Number(only(fields, 1) ?? 0);
  const shape = (message(fields, 2).get(2) ?? []).map((dim) => Number(only(fieldsOf(dim as Uint8Array), 1) ?? 0));
  if (dtype === 7) return { dtype, shape, values: (fields.get(8) ?? []).map((v) => Buffer.from(v as Uint8Array)) };
  const [listed, fromBytes] = arrays[dtype];
  const content = only(fields, 4) as Uint8Array | undefined;
  const packed = fields.get(listed) ?? [];
  const raw = content ?? (packed[0] instanceof Uint8Array && dtype < 3 ? packed[0] : undefined);
  if (raw) return { dtype, shape, values: Array.from(fromBytes(new Uint8Array(raw).buffer)) };
  const varints = packed.flatMap((value) => {
    if (!(value instanceof Uint8Array)) return [value];
    const reader = new BinaryReader(value);
    const list: number[] = [];
    while (reader.pos < reader.len) list.push(Number(reader.int64()));
    return list;
  });
  const size = shape.reduce((a, b) => a * b, 1);
  // The last value stands for all that follow; none for zeros.
  return {
    dtype,
    shape,
    values: Array.from({ length: size }, (_, i) => varints[Math.min(i, varints.length - 1)] ?? 0),
  };
}

function readSummary(fields: Fields): ReadSummary {
  const metadata = message(fields, 9);
  const plugin = message(metadata, 1);
  return {
    tag: text(only(fields, 1)),
    plugin: text(only(plugin, 1)),
    content: Buffer.from((only(plugin, 2) as Uint8Array | undefined) ?? []),
    description: text(only(metadata, 3)),
    tensor: readTensor(message(fields, 8)),
  };
}

export const readEvents = (file: Uint8Array): ReadEvent[] =>
  records(file).map((record) => {
    const fields = fieldsOf(record);
    const graph = only(fields, 4);
    return {
      wallTime: only(fields, 1) as number,
      step: BigInt((only(fields, 2) as bigint | undefined) ?? 0),
      fileVersion: text(only(fields, 3)),
      graph: graph instanceof Uint8Array ? fieldsOf(graph) : null,
      summaries: (message(fields, 5).get(1) ?? []).map((value) => readSummary(fieldsOf(value as Uint8Array))),
    };
  });

/** The events of all files in a folder. */
export const readFolder = (folder: string): ReadEvent[] =>
  readdirSync(folder)
    .filter((name) => name.includes('tfevents'))
    .sort()
    .flatMap((name) => readEvents(readFileSync(join(folder, name))));

/** Name, operation and inputs of each node of a graph. */
export const graphNodes = (graph: Fields): string[][] =>
  (graph.get(1) ?? []).map((node) => {
    const fields = fieldsOf(node as Uint8Array);
    return [text(only(fields, 1)), text(only(fields, 2)), ...(fields.get(3) ?? []).map(text)];
  });
