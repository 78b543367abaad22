/** @file Where the native ONNX Runtime library lies: inside the npm package onnxruntime-node, one folder a platform. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EngineError } from '../../tensor/errors.ts';

const libraryNames: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

const advice =
  'Install it with `npm install onnxruntime-node@1.30.0 --onnxruntime-node-install=skip` ' +
  '(Linux x64 or arm64 with glibc 2.28 or later, Windows x64 or arm64, macOS arm64), or set TENSORCELL_ONNXRUNTIME to the path of the library.';

/** The path of the library. @throws EngineError that says how to get it where it is missing. */
export function findLibrary(): string {
  const chosen = process.env['TENSORCELL_ONNXRUNTIME'];
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new EngineError(`ONNX Runtime: TENSORCELL_ONNXRUNTIME names ${chosen}, which does not exist.`);
  }
  const name = libraryNames[process.platform];
  if (!name) throw new EngineError(`ONNX Runtime has no build for the platform ${process.platform}. ${advice}`);
  let root: string;
  try {
    root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  } catch {
    throw new EngineError(`ONNX Runtime is missing: the npm package onnxruntime-node is not installed. ${advice}`);
  }
  for (const version of readdirSync(join(root, 'bin'))) {
    const path = join(root, 'bin', version, process.platform, process.arch, name);
    if (existsSync(path)) return path;
  }
  throw new EngineError(
    `ONNX Runtime: ${root} has no library for ${process.platform} ${process.arch} (looked for ${name}). ${advice}`,
  );
}
