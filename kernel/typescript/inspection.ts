/** @file Hover texts and signatures as markdown and as plain text. */
import type { Hover, MarkedString, MarkupContent, SignatureHelp } from 'vscode-languageserver-protocol/node';
import { withoutDocuments } from './configuration.ts';

export interface Description {
  readonly markdown: string;
  readonly plain: string;
}

const textOf = (content: MarkupContent | MarkedString | undefined): string => {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return 'language' in content ? `\`\`\`${content.language}\n${content.value}\n\`\`\`` : content.value;
};

/** A name from an earlier cell is an import to the server, which is no news to the user. */
function withoutAlias(markdown: string): string {
  return markdown.replace(/^(```\w*\n)\(alias\) /, '$1').replace(/\nimport [\p{ID_Continue}$]+(?=\n```)/u, '');
}

const withoutFences = (markdown: string): string => markdown.replace(/^```.*\n?/gm, '').trim();

function describe(markdown: string): Description | null {
  const text = withoutDocuments(markdown).trim();
  // All that is known of a name that nothing declares.
  const isUnknown = withoutFences(text) === 'any';
  return text === '' || isUnknown ? null : { markdown: text, plain: withoutFences(text) };
}

export function describeHover({ contents }: Hover): Description | null {
  const parts = Array.isArray(contents) ? contents.map(textOf) : [textOf(contents)];
  return describe(withoutAlias(parts.join('\n\n')));
}

/** The function whose call is being written: its active overload first, then how many others there are. */
export function describeSignature({ signatures, activeSignature }: SignatureHelp): Description | null {
  const active = signatures[activeSignature ?? 0] ?? signatures[0];
  if (active === undefined) return null;
  const others = signatures.length > 1 ? `\n// and ${signatures.length - 1} more` : '';
  const parameters = (active.parameters ?? []).flatMap(({ label, documentation }) => {
    const text = textOf(documentation);
    const name = typeof label === 'string' ? label : active.label.slice(label[0], label[1]);
    return text === '' ? [] : [`\`${name.split(/[?:]/)[0]}\` — ${text}`];
  });
  const parts = [`\`\`\`typescript\n${active.label}${others}\n\`\`\``, textOf(active.documentation), ...parameters];
  return describe(parts.filter((part) => part !== '').join('\n\n'));
}
