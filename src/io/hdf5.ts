/** @file HDF5 in memory: groups, attributes and arrays of numbers, read and written by the HDF5 library itself (as WebAssembly). */
import type { Dataset, Group } from 'h5wasm';
import { type DType, type TypedArray, bytesPerElement, isArrayDType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { fromFloat16Bits } from '../tensor/float16.ts';
import { sizeOf } from '../tensor/shape.ts';
import { type RawElements, decodeElements } from './elements.ts';

/** An array as files hold it: elements row-major. */
export interface StoredArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

export type AttributeValue = string | number | readonly string[] | readonly number[];

/** Numbers of HDF5's classes of types. */
const classes = { integer: 0, float: 1, string: 3, opaque: 5, enumeration: 8 } as const;

/** An attribute of more bytes than this does not fit beside its object. */
const attributeLimit = 64_512;

/** A larger array than this, of more than `expansion` times the file's bytes, is made to exhaust memory, not to be read. */
const bombFloor = 2 ** 28;
const expansion = 1_000;

type Library = typeof import('h5wasm');
let library: Promise<Library> | null = null;

/** The library, loaded at first use (some 0.1 s). */
async function loadLibrary(): Promise<Library> {
  library ??= import('h5wasm').then(async (loaded) => {
    // Errors are thrown, with the library's own trace, instead of printed.
    (await loaded.ready).activate_throwing_error_handler();
    return loaded;
  });
  return library;
}

/** What went wrong, of the many lines that HDF5 says: its innermost reason. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  const reasons = [...text.matchAll(/^ +#\d+: .*?\): (.+)$/gm)].map((match) => match[1]);
  return reasons.at(-1) ?? text.split('\n')[0];
};

/** A group of a file that is being read. Paths are relative to it. */
export class StoredGroup {
  private readonly group: Group;
  private readonly library: Library;
  /** What messages call the file. */
  private readonly what: string;
  private readonly fileBytes: number;

  constructor(group: Group, library: Library, what: string, fileBytes: number) {
    this.group = group;
    this.library = library;
    this.what = what;
    this.fileBytes = fileBytes;
  }

  /** Names of what is directly in it, in the order of their characters. */
  keys(): string[] {
    return this.group.keys();
  }

  private entity(path: string): ReturnType<Group['get']> {
    let group = this.group;
    const names = path.split('/').filter((name) => name !== '');
    for (const name of names.slice(0, -1)) {
      const next = group.keys().includes(name) ? group.get(name) : null;
      if (!(next instanceof this.library.Group)) return null;
      group = next;
    }
    const last = names.at(-1);
    return last !== undefined && group.keys().includes(last) ? group.get(last) : null;
  }

  /** The group there; null where there is none. */
  groupAt(path: string): StoredGroup | null {
    if (path === '') return this;
    const entity = this.entity(path);
    if (!(entity instanceof this.library.Group)) return null;
    return new StoredGroup(entity, this.library, this.what, this.fileBytes);
  }

  /** Names of the arrays directly in it. */
  arrayNames(): string[] {
    return this.keys().filter((name) => this.group.get(name) instanceof this.library.Dataset);
  }

  /** The array there; null where there is none. @throws ArgumentError for what is no array of numbers, or cannot be one */
  arrayAt(path: string): StoredArray | null {
    const entity = this.entity(path);
    if (entity === null) return null;
    if (!(entity instanceof this.library.Dataset))
      throw new ArgumentError(`${this.what}: expected an array at '${path}', found: ${entity.constructor.name}.`);
    return this.read(entity, path);
  }

  private read(dataset: Dataset, path: string): StoredArray {
    const { metadata } = dataset;
    const shape = metadata.shape ?? [];
    const elements = sizeOf(shape);
    const bytes = elements * metadata.size;
    if (metadata.virtual_sources?.length)
      throw new ArgumentError(`${this.what}: '${path}' is made of other files, which are not read.`);
    if (bytes > bombFloor && bytes > expansion * this.fileBytes)
      throw new ArgumentError(
        `${this.what}: '${path}' says that it holds ${bytes} bytes, which a file of ${this.fileBytes} bytes cannot; it is not read.`,
      );
    if (metadata.vlen || metadata.type === classes.string)
      throw new ArgumentError(`${this.what}: expected numbers at '${path}', found text.`);
    const isBfloat16 = metadata.type === classes.opaque && metadata.size === 2;
    const kind: RawElements['kind'] | null =
      metadata.type === classes.float
        ? 'float'
        : isBfloat16
          ? 'bfloat16'
          : metadata.type === classes.enumeration
            ? 'bool'
            : metadata.type === classes.integer
              ? metadata.signed
                ? 'int'
                : 'uint'
              : null;
    if (kind === null) throw new ArgumentError(`${this.what}: '${path}' is of a type that tensors do not have.`);
    const pointer = this.library.Module._malloc(Math.max(bytes, 1));
    if (pointer === 0) throw new ArgumentError(`${this.what}: there is no memory for the ${bytes} bytes of '${path}'.`);
    try {
      this.library.Module.get_dataset_data(dataset.file_id, dataset.path, null, null, null, BigInt(pointer));
      const raw = this.library.Module.HEAPU8.slice(pointer, pointer + bytes);
      return { ...decodeElements({ bytes: raw, kind, size: metadata.size }, `${this.what}: '${path}'`), shape };
    } catch (error) {
      throw error instanceof ArgumentError
        ? error
        : new ArgumentError(`${this.what}: '${path}' cannot be read: ${reasonOf(error)}.`);
    } finally {
      this.library.Module._free(pointer);
    }
  }

  /** An attribute's value; null where there is none. */
  attribute(name: string): AttributeValue | null {
    const found = (this.group.attrs as Partial<Group['attrs']>)[name];
    if (!found) return null;
    const { metadata } = found;
    // Bytes that Python wrote say that they are ASCII, but are UTF-8.
    if (metadata.type === classes.string && !metadata.vlen && metadata.cset === 0) {
      const texts = this.utf8Texts(name, metadata.size, sizeOf(metadata.shape ?? []));
      return metadata.shape?.length === 0 ? texts[0] : texts;
    }
    const { value } = found;
    if (typeof value === 'string' || typeof value === 'number') return value;
    if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
    if (ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<number | bigint>, Number);
    return Array.isArray(value) ? value.map(String) : null;
  }

  /** A text attribute's texts of `width` bytes each, which end with the first byte 0. */
  private utf8Texts(name: string, width: number, count: number): string[] {
    const pointer = this.library.Module._malloc(Math.max(width * count, 1));
    try {
      this.library.Module.get_attribute_data(this.group.file_id, this.group.path, name, BigInt(pointer));
      return Array.from({ length: count }, (_, i) => {
        const bytes = this.library.Module.HEAPU8.slice(pointer + i * width, pointer + (i + 1) * width);
        const end = bytes.indexOf(0);
        return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
      });
    } finally {
      this.library.Module._free(pointer);
    }
  }

  /** A text attribute; null where there is none. */
  text(name: string): string | null {
    const value = this.attribute(name);
    return typeof value === 'string' ? value : null;
  }

  /** A list of texts, which Keras writes in parts, `name0`, `name1`, ... where it is long; empty where there is none. */
  texts(name: string): string[] {
    const listOf = (value: AttributeValue | null): string[] => (Array.isArray(value) ? value.map(String) : []);
    const whole = this.attribute(name);
    if (whole !== null) return listOf(whole);
    const parts: string[] = [];
    for (let i = 0; this.attribute(`${name}${i}`) !== null; i++) parts.push(...listOf(this.attribute(`${name}${i}`)));
    return parts;
  }
}

const widened = ({ shape, data }: StoredArray): StoredArray => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data as Uint16Array, fromFloat16Bits),
});

/** A group of a file that is being written. */
export class GroupWriter {
  private readonly group: Group;
  private readonly library: Library;

  constructor(group: Group, library: Library) {
    this.group = group;
    this.library = library;
  }

  /** The group at a path, made with those on the way where they are missing. */
  groupAt(path: string): GroupWriter {
    let { group } = this;
    for (const name of path.split('/').filter((part) => part !== ''))
      group = group.keys().includes(name) ? (group.get(name) as Group) : group.create_group(name);
    return group === this.group ? this : new GroupWriter(group, this.library);
  }

  /** Writes an array, float16 as float32 (the library knows no halves); groups on the way are made. */
  writeArray(path: string, array: StoredArray): void {
    const end = path.lastIndexOf('/');
    if (end >= 0) return this.groupAt(path.slice(0, end)).writeArray(path.slice(end + 1), array);
    const { dtype, shape, data } = array.dtype === 'float16' ? widened(array) : array;
    if (!isArrayDType(dtype)) throw new ArgumentError(`HDF5: an array of ${dtype} ('${path}') cannot be written.`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const pointer = this.library.Module._malloc(Math.max(bytes.byteLength, 1));
    if (pointer === 0)
      throw new ArgumentError(`HDF5: there is no memory for '${path}'; files of up to 2 GB can be written.`);
    try {
      this.library.Module.HEAPU8.set(bytes, pointer);
      const sizes = shape.map(BigInt);
      const isFloat = dtype.startsWith('float');
      this.library.Module.create_dataset(this.group.file_id, `${this.group.path}/${path}`, BigInt(pointer), {
        ...{ type: isFloat ? classes.float : classes.integer, size: bytesPerElement(dtype) },
        ...{ signed: dtype.startsWith('int'), littleEndian: true, vlen: false, total_size: sizeOf(shape) },
        ...{ shape: sizes, maxshape: sizes, chunks: null, compression: 0, compression_opts: [], track_order: false },
      } as Parameters<Library['Module']['create_dataset']>[3]);
    } finally {
      this.library.Module._free(pointer);
    }
  }

  writeText(name: string, value: string): void {
    this.group.create_attribute(name, value);
  }

  /** A list of texts, in parts where it is long: as Keras reads it. */
  writeTexts(name: string, values: readonly string[]): void {
    // An empty list has no texts to tell its type by; Keras writes one of doubles.
    if (values.length === 0) return this.group.create_attribute(name, new Float64Array(0), [0]);
    const width = Math.max(16, ...values.map((value) => Buffer.byteLength(value)));
    const perPart = Math.max(1, Math.floor(attributeLimit / width));
    if (values.length <= perPart) return this.group.create_attribute(name, [...values]);
    for (let i = 0; i * perPart < values.length; i++)
      this.group.create_attribute(`${name}${i}`, values.slice(i * perPart, (i + 1) * perPart));
  }
}

let made = 0;

/**
 * Reads a file that lies in memory. Nothing but these bytes is read: links into other files lead nowhere.
 * @param what - What messages call the file.
 * @throws ArgumentError where it is no HDF5 file, or is damaged.
 */
export async function readHdf5<T>(bytes: Uint8Array, what: string, read: (root: StoredGroup) => T): Promise<T> {
  const loaded = await loadLibrary();
  const { File, Module } = loaded;
  const name = `/read-${++made}.h5`;
  Module.FS.writeFile(name, bytes);
  try {
    const file = new File(name, 'r');
    try {
      return read(new StoredGroup(file, loaded, what, bytes.byteLength));
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('HDF5-DIAG'))) throw error;
    throw new ArgumentError(
      `${what}: this is no HDF5 file, or a damaged one (${bytes.byteLength} bytes): ${reasonOf(error)}.`,
    );
  } finally {
    Module.FS.unlink(name);
  }
}

/** The bytes of a new file. */
export async function writeHdf5(write: (root: GroupWriter) => void): Promise<Uint8Array> {
  const loaded = await loadLibrary();
  const { File, Module } = loaded;
  const name = `/write-${++made}.h5`;
  const file = new File(name, 'w');
  try {
    write(new GroupWriter(file, loaded));
  } catch (error) {
    file.close();
    Module.FS.unlink(name);
    throw error;
  }
  file.close();
  try {
    return Module.FS.readFile(name);
  } finally {
    Module.FS.unlink(name);
  }
}
