// Writes docs/operations.md: every public operation with the primitives it is made of and what each engine has for them. What an
// operation is made of is read in the sources; what the engines have, in their registries: `npm run docs:operations`, or with --check to see whether the file is
// current.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import { emit } from './compile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const tableFile = join(root, 'docs/operations.md');

/** Files whose functions belong to operations; beyond them lies what runs primitives. */
const isPartOfOperations = (file) => /^src\/(ops|ragged)\//.test(relative(root, file));
const calls = join(root, 'src/primitives/calls.ts');
/** Operands become tensors of one dtype here: no operation is "made of" that. */
const conversions = join(root, 'src/ops/convert.ts');

const modules = new Map();

/** The top-level names of a module: what each is, what it mentions, what it is exported as. */
function moduleOf(file) {
  const known = modules.get(file);
  if (known) return known;
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  const module = { file, imports: new Map(), locals: new Map(), exports: new Map(), stars: [], spaces: new Map() };
  modules.set(file, module);
  const target = (source) => join(dirname(file), source.value);
  const declare = (declaration, exported) => {
    const add = (name, node) => {
      module.locals.set(name, node);
      if (exported) module.exports.set(name, { local: name });
    };
    if (declaration.type === 'VariableDeclaration')
      for (const { id, init } of declaration.declarations)
        if (id.type === 'Identifier') add(id.name, init);
        else
          for (const property of id.properties ?? [])
            if (property.value?.type === 'Identifier')
              add(property.value.name, { type: 'Picked', from: init, name: property.key.name });
    if ((declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id)
      add(declaration.id.name, declaration);
  };
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration' && node.importKind !== 'type')
      for (const { type, local, imported } of node.specifiers)
        module.imports.set(local.name, {
          file: target(node.source),
          name: type === 'ImportNamespaceSpecifier' ? '*' : imported?.name,
        });
    else if (node.type === 'ExportAllDeclaration' && node.exportKind !== 'type')
      if (node.exported) module.spaces.set(node.exported.name, target(node.source));
      else module.stars.push(target(node.source));
    else if (node.type === 'ExportNamedDeclaration' && node.exportKind !== 'type') {
      if (node.declaration) declare(node.declaration, true);
      for (const { local, exported, exportKind } of node.specifiers)
        if (exportKind !== 'type')
          module.exports.set(exported.name, { local: local.name, file: node.source ? target(node.source) : undefined });
    } else declare(node, false);
  }
  return module;
}

/** Every exported value: where it is declared. */
function exportsOf(file) {
  const { exports, stars } = moduleOf(file);
  const found = new Map();
  for (const star of stars) for (const [name, place] of exportsOf(star)) found.set(name, place);
  for (const [name, { local, file: from }] of exports)
    found.set(name, from ? (exportsOf(from).get(local) ?? { file: from, name: local }) : { file, name: local });
  return found;
}

/** Calls `visit` with each node below. */
function walk(node, visit) {
  if (!node || typeof node !== 'object') return;
  if (Array.isArray(node)) return node.forEach((child) => walk(child, visit));
  if (visit(node) === false) return;
  for (const key in node) if (key !== 'parent') walk(node[key], visit);
}

const reached = new Map();

/** The primitives that a declaration leads to. */
function primitivesOf(file, name, primitives, onTheWay = new Set()) {
  const key = `${file}#${name}`;
  if (reached.has(key)) return reached.get(key);
  const found = new Set();
  if (onTheWay.has(key) || file === conversions) return found;
  onTheWay.add(key);
  const module = moduleOf(file);
  const include = (from, member) => {
    for (const primitive of primitivesOf(from, member, primitives, onTheWay)) found.add(primitive);
  };
  const follow = ({ file: from, name: member }) => {
    if (from !== calls && !isPartOfOperations(from)) return;
    const place = exportsOf(from).get(member);
    if (place) include(place.file, place.name);
  };
  const node = module.locals.get(name);
  const mention = (identifier) => {
    const imported = module.imports.get(identifier);
    if (imported && imported.name !== '*') follow(imported);
    else if (!imported && identifier !== name && module.locals.has(identifier)) include(file, identifier);
  };
  const member = (space, property) => {
    const imported = module.imports.get(space);
    if (imported?.name === '*') follow({ file: imported.file, name: property });
    return imported?.name === '*';
  };
  if (node?.type === 'Picked' && node.from?.type === 'Identifier') {
    if (!member(node.from.name, node.name)) mention(node.from.name);
  } else
    walk(node?.type === 'Picked' ? node.from : node, (inner) => {
      if (inner.type?.startsWith('TS') && inner.type.endsWith('Annotation')) return false;
      if (inner.type === 'MemberExpression' && inner.object.type === 'Identifier' && !inner.computed)
        if (member(inner.object.name, inner.property.name)) return false;
      if (inner.type === 'Identifier') mention(inner.name);
      // Where a primitive is named, it is called.
      const names = inner.type === 'Literal' && typeof inner.value === 'string' && primitives.has(inner.value);
      if (names && file === calls) found.add(inner.value);
      if (inner.type === 'CallExpression' && inner.callee.name === 'bind' && inner.arguments[0]?.type === 'Literal')
        found.add(inner.arguments[0].value);
      return undefined;
    });
  onTheWay.delete(key);
  if (onTheWay.size === 0) reached.set(key, found);
  return found;
}

/** How an engine runs all of an operation's primitives, in a word or two. */
function coverage(list, kindOf) {
  const others = [...new Set(list.map(kindOf).filter((kind) => kind !== 'kernel'))];
  if (others.length === 0) return 'kernels';
  const named = others.map((kind) => `${kind}: ${list.filter((name) => kindOf(name) === kind).join(', ')}`);
  return list.some((name) => kindOf(name) === 'kernel') ? `kernels; ${named.join('; ')}` : named.join('; ');
}

/** The whole file. `registry` says of primitives who runs them. */
export function operationsTable(registry) {
  const primitives = new Set(registry.primitives);
  const index = join(root, 'src/ops/index.ts');
  const spaces = [['tf', index], ...[...moduleOf(index).spaces].map(([name, file]) => [`tf.${name}`, file])];
  const sections = spaces.map(([space, file]) => {
    const rows = [...exportsOf(file)]
      .map(([name, place]) => ({ name, list: [...primitivesOf(place.file, place.name, primitives)].sort() }))
      .filter(({ list }) => list.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, list }) =>
        [
          '',
          `\`${name}\``,
          list.join(', '),
          coverage(list, registry.onOnnxRuntime),
          coverage(list, registry.onTfjs),
          '',
        ]
          .join(' | ')
          .trim(),
      );
    const head = '| operation | primitives | onnxruntime | tfjs |\n| --- | --- | --- | --- |';
    return rows.length > 0 ? `## ${space} (${rows.length})\n\n${head}\n${rows.join('\n')}\n` : '';
  });
  const own = (kind) => registry.primitives.filter((name) => registry.onOnnxRuntime(name) === kind).length;
  return `# Operations and engines

Written by \`npm run docs:operations\` from the sources and the engines' registries; do not edit.

Every operation is made of primitives, of which there are ${registry.primitives.length}. An engine has a kernel for a primitive (\`onnxruntime\`: ${own('kernel')}, on
each of its devices: ${registry.devices.join(', ')}), or leaves it to the \`host\` (${own('host')}: branching algorithms and strings, in JavaScript, for
each engine), or to \`control\` (${own('control')}: loops, branches and marks, which run graphs of primitives). What the \`tfjs\` engine has no kernel for goes to the
\`cpu\`. The conversion of operands to tensors of one dtype (\`cast\`) is left out below, as are functions without primitives.

${sections.filter(Boolean).join('\n')}`;
}

/** What the modules of the engines know; `load` imports a module of src/. */
export async function registryOf(load) {
  const [{ inference }, onnxruntime, tfjs, host, control] = await Promise.all(
    [
      'primitives/infer',
      'engine/onnxruntime/lowerings/index',
      'engine/tfjs/lowerings/index',
      'engine/host/index',
      'engine/host/control',
    ].map(load),
  );
  const { deviceTypes } = await load('engine/device-name');
  const elsewhere = (name) =>
    control.isControlPrimitive(name) ? 'control' : host.isHostPrimitive(name) || name === 'strings' ? 'host' : null;
  return {
    primitives: Object.keys(inference),
    devices: deviceTypes.filter((type) => !type.startsWith('tfjs')),
    onOnnxRuntime: (name) => elsewhere(name) ?? (onnxruntime.loweringOf(name) ? 'kernel' : 'host'),
    onTfjs: (name) => elsewhere(name) ?? (tfjs.loweringOf(name) ? 'kernel' : 'cpu'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The built package has its modules in one: these are apart.
  const compiled = join(root, 'node_modules', '.cache', 'tensorcell');
  emit(compiled);
  writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }');
  await import(pathToFileURL(join(compiled, 'src/index.js')).href);
  const registry = await registryOf((name) => import(pathToFileURL(join(compiled, `src/${name}.js`)).href));
  rmSync(compiled, { recursive: true });
  const text = operationsTable(registry);
  const isCurrent = existsSync(tableFile) && readFileSync(tableFile, 'utf8') === text;
  if (!process.argv.includes('--check')) writeFileSync(tableFile, text);
  else if (!isCurrent) {
    console.error('docs/operations.md is out of date: run `npm run docs:operations`.');
    process.exitCode = 1;
  }
}
