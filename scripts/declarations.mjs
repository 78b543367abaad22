// Declares as functions what is written as constants: operations are `op('name', function ...)`, and nobody who hovers over one or
// completes its name should have to know. The types are the same, and positions stay on their lines.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import MagicString from 'magic-string';
import { parseSync } from 'oxc-parser';

/** Rewrites the declarations in a folder: `const f: (x: X) => Y;` becomes `function f(x: X): Y;`. */
export function declareFunctions(folder) {
  for (const entry of readdirSync(folder, { recursive: true })) {
    if (!entry.endsWith('.d.ts')) continue;
    const path = join(folder, entry);
    const source = readFileSync(path, 'utf8');
    if (!/declare const \w+: [<(]/.test(source)) continue;
    const text = new MagicString(source);
    for (const node of parseSync(path, source).program.body) {
      const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
      if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
      const [{ id }] = declaration.declarations;
      const type = id.typeAnnotation?.typeAnnotation;
      if (declaration.declarations.length !== 1 || id.type !== 'Identifier' || type?.type !== 'TSFunctionType')
        continue;
      const keyword = source.indexOf('const', declaration.start);
      text.update(keyword, keyword + 'const'.length, 'function');
      text.remove(id.typeAnnotation.start, type.start);
      const result = type.returnType;
      const arrow = source.lastIndexOf('=>', result.typeAnnotation.start);
      const parameters = source.slice(0, arrow).trimEnd().length;
      text.update(parameters, result.typeAnnotation.start, ': ');
    }
    if (text.hasChanged()) writeFileSync(path, text.toString());
  }
}
