/** @file `require`, `__dirname` and `__filename` for ES modules of projects that know them from CommonJS. */

/** How an ES module gets each; in the order in which they are declared. */
const definitions: Readonly<Record<string, string>> = {
  require: '__tensorcell_createRequire(import.meta.url)',
  __filename: 'import.meta.filename',
  __dirname: 'import.meta.dirname',
};

/** A name that the module declares itself, somewhere: then it means that. */
const declaration = (name: string): RegExp =>
  new RegExp(`\\b(?:const|let|var|function|class|import)\\b[^;=\\n]*\\b${name}\\b|[(,]\\s*${name}\\s*(?:[,)]|=>)`);

/**
 * Declares the names that the code mentions, on a line of their own before it. TypeScript projects without
 * `"type": "module"` are written for CommonJS's names, also where their files are ES modules here.
 */
export function withScriptNames({ code, map }: { code: string; map: string }): { code: string; map: string } {
  const mentioned = Object.keys(definitions).filter(
    (name) => new RegExp(`(?<![\\w$.'"])${name}\\b(?!['"])`).test(code) && !declaration(name).test(code),
  );
  if (mentioned.length === 0) return { code, map };
  const imports = mentioned.includes('require')
    ? `import { createRequire as __tensorcell_createRequire } from 'node:module'; `
    : '';
  const line = `${imports}const ${mentioned.map((name) => `${name} = ${definitions[name]}`).join(', ')};`;
  if (map === '') return { code: `${line}${code}`, map };
  // One more line of code is one more semicolon in its map.
  const parsed = JSON.parse(map) as { mappings: string };
  return { code: `${line}\n${code}`, map: JSON.stringify({ ...parsed, mappings: `;${parsed.mappings}` }) };
}
