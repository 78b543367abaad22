/** @file Zip archives in memory: checked on reading, stored on writing as Keras does. */
import { ArgumentError } from '../tensor/errors.ts';

/** Files by path. */
export type ArchiveFiles = ReadonlyMap<string, Uint8Array>;

/** An entry may expand to as much as this, or to `expansion` times its stored bytes: DEFLATE cannot do more than 1,032. */
const sizeFloor = 2 ** 28;
const expansion = 100;

type Library = typeof import('@zip.js/zip.js');
let library: Promise<Library> | null = null;
/** The library, loaded at first use. */
const loadLibrary = (): Promise<Library> => (library ??= import('@zip.js/zip.js'));

/** Whether bytes begin as zip archives do. */
export const isArchive = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);

/**
 * The files of an archive, with their checksums checked.
 * @param what - What messages call the archive.
 * @throws ArgumentError where it is no zip archive, is damaged or encrypted, leads out of itself or expands beyond measure.
 */
export async function readArchive(bytes: Uint8Array, what: string): Promise<ArchiveFiles> {
  const zip = await loadLibrary();
  const reader = new zip.ZipReader(new zip.Uint8ArrayReader(bytes), {
    ...{ useWebWorkers: false, checkSignature: true, checkOverlappingEntry: true },
  });
  try {
    const files = new Map<string, Uint8Array>();
    for (const entry of await reader.getEntries()) {
      if (entry.directory) continue;
      const { filename: path, uncompressedSize: size, compressedSize } = entry;
      if (files.has(path)) throw new ArgumentError(`${what}: the entry '${path}' is there twice.`);
      if (entry.encrypted) throw new ArgumentError(`${what}: the entry '${path}' is encrypted, which is not read.`);
      if (size > sizeFloor && size > expansion * compressedSize)
        throw new ArgumentError(
          `${what}: the entry '${path}' says that it expands from ${compressedSize} to ${size} bytes; it is not read.`,
        );
      const data = await entry.getData(new zip.Uint8ArrayWriter());
      if (data.byteLength !== size)
        throw new ArgumentError(`${what}: the entry '${path}' is of another length than said.`);
      files.set(path, data);
    }
    return files;
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    if ((error as Error).message === zip.ERR_UNSAFE_FILENAME)
      throw new ArgumentError(
        `${what}: the entry ${JSON.stringify((error as { filename?: string }).filename)} leads out of the archive; it is not read.`,
      );
    throw new ArgumentError(
      `${what}: this is no zip archive, or a damaged one (${bytes.byteLength} bytes): ${(error as Error).message}.`,
    );
  } finally {
    await reader.close();
  }
}

/** The bytes of an archive with these files, in their order. */
export async function writeArchive(files: ArchiveFiles): Promise<Uint8Array> {
  const zip = await loadLibrary();
  const writer = new zip.ZipWriter(new zip.Uint8ArrayWriter(), {
    ...{ level: 0, useWebWorkers: false, dataDescriptor: false, extendedTimestamp: false },
  });
  for (const [path, data] of files) await writer.add(path, new zip.Uint8ArrayReader(data));
  return writer.close();
}
