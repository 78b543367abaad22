// Completes package-lock.json after an install: `node scripts/complete-lock-file.mjs`.
// npm leaves the native packages of other platforms out of the lock file where the registry at hand does not offer them, and
// `npm ci` then refuses that lock file everywhere. Their entries are written from what their parents ask for: a machine of
// another platform never fetches them, and one of theirs gets them from its registry.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

/** Whether a package is found from another one's folder, as Node looks for it. */
function isFound(from, name) {
  for (let folder = from; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder}/node_modules/${name}`]) return true;
  }
  return packages[`node_modules/${name}`] !== undefined;
}

/** Where a native package runs, by its name: `binding-linux-x64-musl`. */
function platformOf(name) {
  const match = /(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-(\w+))?$/.exec(name);
  if (!match) throw new Error(`The platform of ${name} is not to be seen in its name: give it an entry by hand.`);
  const [, os, cpu, abi] = match;
  const libc = os === 'linux' && abi ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {};
  return { os: [os], cpu: [cpu], ...libc };
}

let added = 0;
for (const [folder, entry] of Object.entries(packages)) {
  if (folder === '') continue;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isFound(folder, name)) continue;
    const dev = entry.dev ? { dev: true } : {};
    packages[`node_modules/${name}`] = { version, ...dev, optional: true, ...platformOf(name) };
    added++;
  }
}
const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} ${added === 1 ? 'entry' : 'entries'} added to package-lock.json`);
