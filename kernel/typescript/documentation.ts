/** @file Documentation that the server gives as Markdown: its TSDoc tags as sections, and all of it as plain text. */
import { withoutDocuments } from './configuration.ts';
import type { Description } from './contract.ts';

/** A TSDoc tag as the server writes it: `*@param* `a` — the first`, and what follows. */
const tagLine = /^\*@(\w+)\*(?: `([^`]*)`)?(?:\s*[—-]\s*)?(.*)$/;
/** The server knows no such tag, and leaves its name in the text: `*@typeParam* — T what it is`. */
const typeParameter = /^(\*@typeParam\*) — (\w+)\s*/;
const fence = /^```/;

/** Titles of tags that many tags of a comment come together under. */
const titles: Readonly<Record<string, string>> = {
  param: 'Parameters',
  typeParam: 'Type parameters',
  template: 'Type parameters',
  returns: 'Returns',
  return: 'Returns',
  throws: 'Throws',
  exception: 'Throws',
  example: 'Example',
  see: 'See',
  remarks: 'Remarks',
  deprecated: 'Deprecated',
  since: 'Since',
  defaultValue: 'Default',
  default: 'Default',
};

interface Tag {
  readonly title: string;
  readonly name: string | undefined;
  readonly lines: string[];
}

/** Splits documentation into its text and its tags. */
function tagsOf(markdown: string): { text: string; tags: Tag[] } {
  const text: string[] = [];
  const tags: Tag[] = [];
  let isCode = false;
  for (const line of markdown.split('\n')) {
    if (fence.test(line)) isCode = !isCode;
    const [, tag, name, rest] = (!isCode && tagLine.exec(line.replace(typeParameter, '$1 `$2` — '))) || [];
    if (tag !== undefined) tags.push({ title: titles[tag] ?? `@${tag}`, name, lines: rest === '' ? [] : [rest] });
    else (tags.at(-1)?.lines ?? text).push(line);
  }
  return { text: text.join('\n').trim(), tags };
}

/** One tag's text under its section's title: an item with its name, a list item where there are several, else a paragraph. */
function tagText({ name, lines }: Tag, isItem: boolean): string {
  const text = lines.join('\n').trim();
  const named = name === undefined ? text : `\`${name}\`${text === '' ? '' : ` — ${text}`}`;
  return isItem && !text.includes('```') ? `- ${named.replaceAll('\n', '\n  ')}` : named;
}

/** The server's documentation with its tags under titles, one for each kind of tag. */
export function withSections(markdown: string): string {
  const { text, tags } = tagsOf(markdown);
  const sections = new Map<string, Tag[]>();
  for (const tag of tags) sections.set(tag.title, [...(sections.get(tag.title) ?? []), tag]);
  const blocks = [...sections].map(([title, members]) => {
    const isList = members.length > 1 || members[0].name !== undefined;
    const isCode = members.some(({ lines }) => lines.some((line) => fence.test(line)));
    return `**${title}**\n\n${members.map((tag) => tagText(tag, isList)).join(isCode ? '\n\n' : '\n')}`;
  });
  return [text, ...blocks].filter((block) => block !== '').join('\n\n');
}

/** Without links into files of this machine, which a browser cannot follow, and without names of our documents. */
export const withoutFileLinks = (markdown: string): string =>
  withoutDocuments(
    markdown.replace(/\[([^\]]*)\]\(file:[^)]*\)/g, (_link, text: string) => (text === '' ? '' : `\`${text}\``)),
  );

/** What a line of prose says without Markdown. */
const plainLine = (line: string): string =>
  line
    .replace(/\[([^\]]*)\]\(([^)\s]*)\)/g, (_link, text: string, url: string) =>
      text === '' || text === url ? url : `${text} (${url})`,
    )
    .replace(/\*\*(?=\S)([^*]+)\*\*/g, '$1')
    .replaceAll('`', '')
    .replace(/^- /, '  ')
    .replace(/\\([<>*_[\]`])/g, '$1');

/** The title of a section. */
const titleLine = /^\*\*([^*`]+)\*\*$/;

/** Markdown as plain text: code and prose without their marks, titles right above what they are about. */
export function plainText(markdown: string): string {
  let isCode = false;
  const plain: string[] = [];
  let isBelowTitle = false;
  for (const line of markdown.split('\n')) {
    if (fence.test(line)) isCode = !isCode;
    else if (!(isBelowTitle && line === '')) plain.push(isCode ? line : plainLine(line));
    isBelowTitle = !isCode && titleLine.test(line);
  }
  return plain
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Both forms of a text in Markdown; null where it says nothing. */
export function describe(markdown: string): Description | null {
  const text = markdown.trim();
  return text === '' ? null : { markdown: text, plain: plainText(text) };
}
