// Makes the built runtime one module: five hundred small ones take Node a quarter of a second to find, read and link.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

/** The kernel imports this one by itself. */
const shared = 'display.js';
/** What is imported on demand has chunks of its own here. */
const chunks = 'chunks';

/** dist/src/index.js becomes the whole runtime; the modules that it was made of are removed, unless they are kept. */
export async function bundle(dist, { keepModules = false } = {}) {
  const folder = join(dist, 'src');
  const build = await rolldown({
    input: join(folder, 'index.js'),
    platform: 'node',
    // Modules register what they have when they are loaded: all of them count.
    treeshake: false,
    external: (id) => /^(?![./]|[A-Za-z]:)/.test(id),
    plugins: [
      {
        name: 'modules',
        resolveId: (id) => (id.endsWith(`/${shared}`) ? { id: join(folder, shared), external: 'relative' } : null),
        // The compiler's source maps lead on to the sources.
        load: (id) => ({ code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }),
      },
    ],
  });
  const { output } = await build.generate({
    format: 'esm',
    sourcemap: true,
    // Names of classes are default names of what is made of them.
    keepNames: true,
    comments: false,
    chunkFileNames: `${chunks}/[name].js`,
  });
  await build.close();
  const files = output.map(({ fileName, code, source }) => ({ path: join(folder, fileName), text: code ?? source }));
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    // Processes that start meanwhile read the one or the other.
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
  if (keepModules) return;
  const kept = new Set([...files.map(({ path }) => path), join(folder, shared), join(folder, `${shared}.map`)]);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.js(\.map)?$/.test(path) && !kept.has(path)) rmSync(path);
  }
}
