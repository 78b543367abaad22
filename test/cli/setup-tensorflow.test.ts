/** @file `tensorcell setup tensorflow`: finding a Python's TensorFlow, and laying its libraries where the addon's build wants them. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findPythonTensorFlow, hasAddon, placeLibraries, setupTensorFlow } from '../../kernel/cli/setup-tensorflow.ts';

const folder = mkdtempSync(join(tmpdir(), 'tensorcell-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (path: string, text = ''): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** A wheel as Python unpacks it, without what is in the files. */
const wheel = join(folder, 'site-packages', 'tensorflow');
for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) write(join(wheel, name), name);

/** A Python that answers with that module. */
const python = write(join(folder, 'python'), `#!/bin/sh\necho ${wheel}\necho 2.21.0\n`);
chmodSync(python, 0o755);
const empty = write(join(folder, 'empty-python'), '#!/bin/sh\necho\necho\n');
chmodSync(empty, 0o755);

describe.skipIf(process.platform === 'win32')('tensorcell setup tensorflow', () => {
  test('finds the TensorFlow of a Python', () => {
    expect(findPythonTensorFlow(python)).toEqual({ folder: wheel, version: '2.21.0', python });
    expect(findPythonTensorFlow(empty)).toBeUndefined();
    expect(findPythonTensorFlow(join(folder, 'none'))).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('says how to get one', () => {
    expect(() => setupTensorFlow({ python: empty, gpu: true })).toThrow(
      /no TensorFlow with libtensorflow_cc\.so\.2.*pip install 'tensorflow\[and-cuda\]', or name another Python with --python/,
    );
    expect(() => setupTensorFlow({ python: empty, gpu: false })).toThrow(/pip install tensorflow, or/);
  });

  test('says which headers a wheel lacks, before it touches anything', () => {
    const target = join(folder, 'package');
    const kept = write(join(target, 'deps', 'kept'));
    expect(() => placeLibraries({ folder: wheel }, target, false)).toThrow(
      /lacks the headers .*tensorflow\/c\/c_api\.h/,
    );
    expect(existsSync(kept)).toBe(true);
  });

  test('links libraries under every name that the build looks for', () => {
    const names = ['attrtype', 'buffer', 'datatype', 'status', 'tensor', 'tstring'].map((name) => `tf_${name}`);
    for (const name of ['c_api', 'c_api_macros', 'eager/c_api', ...names])
      write(join(wheel, 'include', 'tensorflow', 'c', `${name}.h`), name);
    for (const place of ['tensorflow/core', 'tsl'])
      for (const name of ['ctstring', 'ctstring_internal'])
        write(join(wheel, 'include', place, 'platform', `${name}.h`));
    write(join(wheel, 'include', 'xla', 'tsl', 'c', 'tsl_status.h'));
    const target = join(folder, 'package');
    placeLibraries({ folder: wheel }, target, false);
    const libraries = join(target, 'deps', 'lib');
    expect(readlinkSync(join(libraries, 'libtensorflow_cc.so.2'))).toBe(join(wheel, 'libtensorflow_cc.so.2'));
    expect(readlinkSync(join(libraries, 'libtensorflow.so'))).toBe('libtensorflow_cc.so.2');
    expect(readlinkSync(join(libraries, 'libtensorflow_framework.so.2.9.1'))).toBe('libtensorflow_framework.so.2');
    expect(existsSync(join(target, 'deps', 'include', 'tensorflow', 'c', 'eager', 'c_api.h'))).toBe(true);
    expect(hasAddon(target)).toBe(false);
    write(join(target, 'lib', 'napi-v8', 'tfjs_binding.node'));
    expect(hasAddon(target)).toBe(true);
  });
});
