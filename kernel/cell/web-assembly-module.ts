/** @file A `.wasm` file as an ES module: its imports are imported, its exports exported. */

/** The module's text; it finds the file again by its own URL. @param bytes the file */
export function webAssemblyModule(bytes: Uint8Array<ArrayBuffer>): string {
  const module = new WebAssembly.Module(bytes);
  const sources = [...new Set(WebAssembly.Module.imports(module).map(({ module: source }) => source))];
  const imports = sources.map((source, i) => `import * as import${i} from ${JSON.stringify(source)};`);
  const given = sources.map((source, i) => `${JSON.stringify(source)}: import${i}`);
  const names = WebAssembly.Module.exports(module).map(({ name }) => JSON.stringify(name));
  return [
    ...imports,
    `import { readFile } from 'node:fs/promises';`,
    `import { fileURLToPath } from 'node:url';`,
    `const bytes = await readFile(fileURLToPath(import.meta.url));`,
    `const { instance } = await WebAssembly.instantiate(bytes, { ${given.join(', ')} });`,
    ...names.map((name, i) => `const export${i} = instance.exports[${name}];`),
    `export { ${names.map((name, i) => `export${i} as ${name}`).join(', ')} };`,
  ].join('\n');
}
