/** @file What is said about a name, and about the function whose call is being written. */
import type {
  Hover,
  MarkedString,
  MarkupContent,
  SignatureHelp,
  SignatureInformation,
} from 'vscode-languageserver-protocol/node';
import { withoutDocuments } from './configuration.ts';
import { describe, withoutFileLinks, withSections } from './documentation.ts';
import type { Description } from './contract.ts';

/** Overloads that are listed; the others are counted. */
const mostOverloads = 8;

const textOf = (content: MarkupContent | MarkedString | undefined): string => {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return 'language' in content ? `\`\`\`${content.language}\n${content.value}\n\`\`\`` : content.value;
};

const documentationOf = (content: MarkupContent | string | undefined): string =>
  withSections(withoutFileLinks(textOf(content)).replace(/^```tsx$/gm, '```ts'));

/** A name from an earlier cell is an import to the server, which is no news to the user. */
const withoutAlias = (code: string): string =>
  code.replace(/^\(alias\) /gm, '').replace(/\nimport [\p{ID_Continue}$]+(?: = .*)?$/u, '');

export function describeHover({ contents }: Hover): Description | null {
  const parts = Array.isArray(contents) ? contents.map(textOf) : [textOf(contents)];
  const [, code, documentation] = /^```\w*\n([^]*?)\n```\n?([^]*)$/.exec(parts.join('\n\n')) ?? [];
  if (code === undefined) return describe(documentationOf(parts.join('\n\n')));
  const signature = withoutDocuments(withoutAlias(code));
  // All that is known of a name that nothing declares.
  if (signature === 'any') return null;
  return describe(`\`\`\`typescript\n${signature}\n\`\`\`\n\n${documentationOf(documentation)}`);
}

/** Where the active parameter stands in a signature's text. */
function activeSpan(
  { label, parameters = [] }: SignatureInformation,
  index: number,
): [start: number, end: number] | undefined {
  // Arguments beyond the last parameter belong to it where it is a rest parameter.
  const last = parameters.at(-1);
  const isRest = last !== undefined && typeof last.label === 'string' && last.label.startsWith('...');
  const active = parameters[isRest ? Math.min(index, parameters.length - 1) : index];
  if (active === undefined) return undefined;
  if (typeof active.label !== 'string') return [active.label[0], active.label[1]];
  let start = label.indexOf('(');
  for (const parameter of parameters) {
    start = label.indexOf(String(parameter.label), start);
    if (parameter === active) return start === -1 ? undefined : [start, start + active.label.length];
    start += String(parameter.label).length;
  }
  return undefined;
}

/** Code on a line of prose; parts of it can be bold. */
const inlineCode = (code: string): string => {
  const line = code.replace(/\s+/g, ' ');
  if (line === '') return '';
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
};

/** The signatures of the function whose call the cursor is in: the active parameter in bold, its documentation. */
export function describeSignatures({
  signatures,
  activeSignature,
  activeParameter,
}: SignatureHelp): Description | null {
  const active = signatures[activeSignature ?? 0] ?? signatures[0];
  if (active === undefined) return null;
  const index = active.activeParameter ?? activeParameter ?? 0;
  const lines = signatures.slice(0, mostOverloads).map((signature) => {
    const span = signature === active ? activeSpan(signature, index) : undefined;
    const label = withoutDocuments(signature.label);
    // Texts that lost a document's name have their parameter elsewhere: then none is bold.
    if (span === undefined || label !== signature.label) return inlineCode(label);
    const [start, end] = span;
    return `${inlineCode(label.slice(0, start))}**${inlineCode(label.slice(start, end))}**${inlineCode(label.slice(end))}`;
  });
  if (signatures.length > mostOverloads) lines.push(`and ${signatures.length - mostOverloads} more`);
  const parameters = (active.parameters ?? []).flatMap(({ label, documentation }, at) => {
    const text = withoutFileLinks(textOf(documentation)).replace(/^[—-]\s*/, '');
    const name = (typeof label === 'string' ? label : active.label.slice(...label)).split(/[?:]/)[0];
    const shown = at === index ? `**\`${name}\`**` : `\`${name}\``;
    return text === '' ? [] : [`- ${shown} — ${text.replaceAll('\n', '\n  ')}`];
  });
  const sections = parameters.length === 0 ? [] : [`**Parameters**\n\n${parameters.join('\n')}`];
  // Two spaces end a line without ending the paragraph.
  return describe(
    [lines.join('  \n'), documentationOf(active.documentation), ...sections].filter(Boolean).join('\n\n'),
  );
}
