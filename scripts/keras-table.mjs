// Writes docs/keras.md: every layer, loss, metric, optimizer, ... that Keras exports, its name here, and what tests it. What Keras
// has is in test/fixtures/keras/exports.json, what is here is asked of the package, tests are counted in the fixtures and
// found in the sources of the tests: `npm run docs:keras`, or with --check to see whether the file is current.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { emit } from './compile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const tableFile = join(root, 'docs/keras.md');

/** What belongs to other backends of Keras, or only stands for something else. */
const elsewhere = {
  FlaxLayer: 'layers of JAX',
  JaxLayer: 'layers of JAX',
  TFSMLayer: "TensorFlow's SavedModel",
  TorchModuleWrapper: 'modules of PyTorch',
  OrbaxCheckpoint: 'checkpoints of JAX',
  InputSpec: 'a plain object of that type',
};

/** Where each kind is in `tf`, and in which fixtures its cases are. */
const kinds = {
  layers: { title: 'Layers', space: (tf) => tf.layers, fixtures: ['layers'] },
  losses: { title: 'Losses', space: (tf) => tf.losses, fixtures: ['losses'] },
  metrics: { title: 'Metrics', space: (tf) => tf.metrics, fixtures: ['metrics'] },
  optimizers: { title: 'Optimizers', space: (tf) => tf.optimizers, fixtures: ['optimizers'] },
  schedules: { title: 'Learning rate schedules', space: (tf) => tf.optimizers.schedules, fixtures: ['optimizers'] },
  initializers: { title: 'Initializers', space: (tf) => tf.initializers, fixtures: ['parts'] },
  regularizers: { title: 'Regularizers', space: (tf) => tf.regularizers, fixtures: ['parts'] },
  constraints: { title: 'Constraints', space: (tf) => tf.constraints, fixtures: ['parts'] },
  activations: { title: 'Activations', space: (tf) => tf.activations, fixtures: ['parts'] },
  callbacks: { title: 'Callbacks', space: (tf) => tf.callbacks, fixtures: [] },
};

function filesUnder(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
    .sort();
}

/** How many cases of each class are in some fixtures: an object that names one is a case of it. */
function casesIn(folders) {
  const counts = new Map();
  const visit = (value) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (value && typeof value === 'object') {
      const name = value.layer ?? value.loss ?? value.metric ?? value.optimizer ?? value.name;
      if (typeof name === 'string') counts.set(name, (counts.get(name) ?? 0) + 1);
      Object.values(value).forEach(visit);
    }
  };
  for (const folder of folders)
    for (const file of filesUnder(join(root, 'test/fixtures', folder), '.json'))
      if (!file.endsWith('names.json') && !file.endsWith('configs.json')) visit(JSON.parse(readFileSync(file, 'utf8')));
  return counts;
}

/** Names of namespaces before a maker's: a bare `conv2d(` is an operation. */
const spaces =
  'layers|losses|metrics|optimizers|train|schedules|initializers|regularizers|constraints|activations|callbacks';

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
/** Names under which the space has the same thing: functions that make it, aliases. */
const sameSpelling = (a, b) => a.replace(/_/g, '').toLowerCase() === b.replace(/_/g, '').toLowerCase();

/** The table as text. @param tf - The package. */
export function kerasTable(tf) {
  const { keras, ...exported } = JSON.parse(readFileSync(join(root, 'test/fixtures/keras/exports.json'), 'utf8'));
  const tests = filesUnder(join(root, 'test'), '.test.ts').map((file) => ({
    name: relative(root, file),
    text: readFileSync(file, 'utf8'),
  }));
  const missing = [];
  const sections = Object.entries(kinds).map(([kind, { title, space, fixtures }]) => {
    // In one order, whoever made the namespace.
    const here = Object.fromEntries(Object.entries(space(tf)).sort(([a], [b]) => (a < b ? -1 : 1)));
    const counts = casesIn(fixtures);
    const rows = exported[kind].map((name) => {
      const plain = name.replace(/(?<=.)Initializer$/, '');
      const own = Object.keys(here).filter(
        (key) => [name, plain].some((one) => sameSpelling(key, one)) || key === camel(name),
      );
      if (own.length === 0) {
        if (!(name in elsewhere)) missing.push(`${kind}.${name}`);
        return `| ${name} | ${elsewhere[name] ? `${elsewhere[name]}` : '**missing**'} | | |`;
      }
      // An alias is tested as what it is another name of.
      const thing = here[own.find((key) => key === name) ?? own[0]];
      const names = Object.keys(here).filter((key) => here[key] === thing);
      const cases = names.reduce(
        (sum, key) => sum + (counts.get(key) ?? counts.get(key.replace(/([A-Z])/g, '_$1').toLowerCase()) ?? 0),
        0,
      );
      const makers = [...new Set([...names, ...own])];
      const any = makers.join('|');
      const uses = new RegExp(`\\b(?:${spaces})\\.(?:${any})\\(|\\bnew (?:tf\\.)?(?:\\w+\\.)*(?:${any})\\(`);
      const users = tests.filter(({ text }) => uses.test(text)).map((test) => test.name);
      const shown = [...new Set(makers)].map((key) => `\`${key}\``).join(', ');
      return `| ${name} | ${shown} | ${cases || ''} | ${users.slice(0, 2).join(', ')} |`;
    });
    return `## ${title}\n\n| Keras | \`tf.${kind === 'schedules' ? 'optimizers.schedules' : kind}\` | cases against Keras | used in |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const text = `# Keras's lists

Every class that Keras ${keras} exports, its names here, in how many cases of the fixtures (made by scripts from Keras and run by the
tests) it is, and tests that use it besides. Written by \`npm run docs:keras\`; a test says when it is old, or when something is missing.

${sections.join('\n')}`;
  return { text, missing };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const compiled = join(root, 'node_modules', '.cache', 'tensorcell-keras');
  emit(compiled);
  writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }');
  const tf = await import(pathToFileURL(join(compiled, 'src/index.js')).href);
  const { text, missing } = kerasTable(tf);
  rmSync(compiled, { recursive: true });
  const isCurrent = existsSync(tableFile) && readFileSync(tableFile, 'utf8') === text;
  if (missing.length > 0) console.error(`Missing: ${missing.join(', ')}`);
  if (!process.argv.includes('--check')) writeFileSync(tableFile, text);
  else if (!isCurrent) {
    console.error('docs/keras.md is out of date: run `npm run docs:keras`.');
    process.exitCode = 1;
  }
  process.exit();
}
