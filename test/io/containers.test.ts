/** @file HDF5 files and zip archives in memory. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isArchive, readArchive, writeArchive } from '../../src/io/archive.ts';
import { readHdf5, writeHdf5 } from '../../src/io/hdf5.ts';
import type { DType, TypedArray } from '../../src/tensor/dtype.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../fixtures/hdf5/${name}`, import.meta.url)));

describe('HDF5', () => {
  const arrays: readonly (readonly [DType, TypedArray, number[]])[] = [
    ['float32', new Float32Array([1, -2, 3, NaN, 5, Infinity]), [2, 3]],
    ['float64', new Float64Array([Math.PI]), []],
    ['int8', new Int8Array([-1, 2]), [2]],
    ['int16', new Int16Array([-300, 2]), [1, 2]],
    ['int32', new Int32Array([-70_000]), [1]],
    ['int64', new BigInt64Array([-(2n ** 60n)]), []],
    ['uint8', new Uint8Array([255]), [1]],
    ['float32', new Float32Array(0), [0, 3]],
  ];

  it('reads what it wrote', async () => {
    const bytes = await writeHdf5((root) => {
      arrays.forEach(([dtype, data, shape], i) => root.writeArray(`a/b${i}/c`, { dtype, data, shape }));
      root.writeArray('half', { dtype: 'float16', data: new Uint16Array([0x3c00, 0x8001]), shape: [2] });
      root.writeText('text', 'größer'.repeat(30_000));
      root.groupAt('a').writeTexts('few', ['x', 'yé']);
      root.groupAt('a').writeTexts('none', []);
      root.groupAt('a').writeTexts(
        'many',
        Array.from({ length: 9_000 }, (_, i) => `layer_${i}`),
      );
    });
    await readHdf5(bytes, 'test', (root) => {
      arrays.forEach(([dtype, data, shape], i) => {
        expect(root.arrayAt(`a/b${i}/c`)).toEqual({ dtype, data, shape });
      });
      expect(root.arrayAt('half')).toEqual({ dtype: 'float32', data: new Float32Array([1, -(2 ** -24)]), shape: [2] });
      expect(root.text('text')).toBe('größer'.repeat(30_000));
      const group = root.groupAt('a')!;
      expect(group.texts('few')).toEqual(['x', 'yé']);
      expect(group.texts('none')).toEqual([]);
      expect(group.texts('many').length).toBe(9_000);
      expect(group.texts('many')[8_999]).toBe('layer_8999');
      expect(group.keys().length).toBe(arrays.length);
      expect(root.groupAt('a/b0')!.arrayNames()).toEqual(['c']);
      expect(root.groupAt('nowhere')).toBeNull();
      expect(root.arrayAt('a/nowhere')).toBeNull();
      expect(() => root.arrayAt('a')).toThrow(/expected an array at 'a'/);
    });
  });

  it('reads what h5py wrote: byte orders, widths, compression, halves and booleans', async () => {
    await readHdf5(fixture('types.h5'), 'types.h5', (root) => {
      const values = (path: string) => Array.from(root.arrayAt(path)!.data as ArrayLike<number | bigint>, Number);
      expect(values('big_endian')).toEqual([1, 2]);
      expect(root.arrayAt('half')!.dtype).toBe('float16');
      expect(root.arrayAt('flags')).toEqual({ dtype: 'bool', shape: [2], data: new Uint8Array([1, 0]) });
      expect(root.arrayAt('bfloat16')).toEqual({ dtype: 'float32', shape: [2], data: new Float32Array([1, -2.5]) });
      expect(root.arrayAt('uint16')).toEqual({ dtype: 'int32', shape: [2], data: new Int32Array([1, 65_535]) });
      expect(root.arrayAt('uint32')!.data).toEqual(new BigInt64Array([4_294_967_295n]));
      expect(values('zipped')).toEqual(Array(400).fill(3));
      expect(root.text('bytes')).toBe('hé');
      expect(root.text('text')).toBe('hé');
      expect(root.attribute('number')).toBe(3);
    });
  });

  it('reads nothing outside of the file, and nothing that is made to exhaust memory', async () => {
    await readHdf5(fixture('hostile.h5'), 'hostile.h5', (root) => {
      expect(() => root.arrayAt('bomb')).toThrow(/'bomb' says that it holds 4398046511104 bytes/);
      expect(() => root.arrayAt('virtual')).toThrow(/made of other files/);
      expect(() => root.arrayAt('external')).toThrow(/cannot be read/);
      expect(() => root.arrayAt('link')).toThrow(/found: ExternalLink/);
      expect(() => root.arrayAt('broken')).toThrow(/found: BrokenSoftLink/);
      expect(() => root.arrayAt('text')).toThrow(/expected numbers at 'text', found text/);
      expect(root.groupAt('link')).toBeNull();
    });
  });

  it('refuses foreign and truncated files', async () => {
    const whole = fixture('types.h5');
    const read = (bytes: Uint8Array) => readHdf5(bytes, 'weights.h5', (root) => root.keys());
    await expect(read(new TextEncoder().encode('hello'))).rejects.toThrow(/weights.h5: this is no HDF5 file/);
    await expect(read(new Uint8Array(0))).rejects.toThrow(/weights.h5: this is no HDF5 file/);
    await expect(read(whole.slice(0, 700))).rejects.toThrow(/damaged.*truncated/);
  });
});

describe('zip archives', () => {
  const text = (value: string) => new TextEncoder().encode(value);

  it('reads what it wrote', async () => {
    const files = new Map([
      ['config.json', text('{}')],
      ['assets/vocabulary.txt', text('a\nb')],
    ]);
    const bytes = await writeArchive(files);
    expect(isArchive(bytes)).toBe(true);
    expect(new Map(await readArchive(bytes, 'test'))).toEqual(files);
  });

  it('refuses damaged and foreign archives, and paths out of them', async () => {
    const bytes = await writeArchive(new Map([['config.json', text('{"a": 1}')]]));
    const damaged = bytes.slice();
    damaged[30 + 'config.json'.length + 2] ^= 1;
    await expect(readArchive(damaged, 'm.keras')).rejects.toThrow(/m.keras: .*damaged.*CRC/i);
    await expect(readArchive(bytes.slice(0, 40), 'm.keras')).rejects.toThrow(/no zip archive, or a damaged one/);
    await expect(readArchive(text('no'), 'm.keras')).rejects.toThrow(/no zip archive/);
    for (const path of ['../x', '/etc/x', 'a/../../x', 'C:\\x', 'a\\..\\..\\x'])
      await expect(readArchive(await writeArchive(new Map([[path, text('x')]])), 'm.keras')).rejects.toThrow(
        /leads out of the archive/,
      );
  });
});
