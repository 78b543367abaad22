/**
 * @file Help with a cell that is being written: what TypeScript knows, and where it knows nothing what the values are now, the
 * files there are. Nothing here waits for a cell that computes.
 */
import type { LiveMember, LivePath, LiveValue } from '../cell/live-contract.ts';
import { chainAt, contextAt, isModulePlace, memberAccessAt } from '../typescript/cursor-context.ts';
import type { CompletionItem, Completions, Description } from '../typescript/contract.ts';
import { pathCompletions } from '../typescript/path-completions.ts';
import type { Workers } from './workers.ts';

/** How long (ms) the cell process may take to tell about its values: while it executes code it does not. */
const patience = 150;

/** A word for what a front end shows of a member. */
const asItem = ({ name, kind, type }: LiveMember): CompletionItem => ({
  text: name,
  kind,
  ...(type !== undefined && { signature: type }),
});

const isIdentifier = (name: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);

/** Descriptions of what has a value that may be another tomorrow; those of functions, classes and parameters are all there is. */
const mayHaveValue = /^(?:let|const|var|\(property\)|\(accessor\)) /;

export class CellHelp {
  readonly #workers: Workers;
  /** A question that the cell process has not answered: until it does there is no use in others. */
  #asked: Promise<unknown> | undefined;

  constructor(workers: Workers) {
    this.#workers = workers;
  }

  /** @param source the cell, its magics blanked; `offset` in UTF-16 units */
  async complete(source: string, offset: number): Promise<Completions> {
    const types = await this.#workers.types;
    const known = await types.complete(source, offset);
    if (known.items.length > 0) return known;
    return (await this.#members(source, offset)) ?? (await this.#paths(source, offset)) ?? known;
  }

  /** @param detail 1 for the source as well */
  async inspect(source: string, offset: number, detail: 0 | 1 = 0): Promise<Description | null> {
    const types = await this.#workers.types;
    const known = await types.inspect(source, offset, detail);
    if (known !== null && !mayHaveValue.test(known.plain)) return known;
    const path = chainAt(source, offset);
    const value = path && ((await this.#ask('live:value', path)) as LiveValue | null | undefined);
    if (!value) return known;
    // A literal's type says all.
    if (known?.plain.split('\n', 1)[0].endsWith(`: ${value.text.replaceAll("'", '"')}`)) return known;
    return withValue(known, value);
  }

  /** What the value before the cursor has at this moment, where nothing is known of its type. */
  async #members(source: string, offset: number): Promise<Completions | undefined> {
    const access = memberAccessAt(source, offset);
    if (access === undefined) return undefined;
    const members = ((await this.#ask('live:members', access.path)) ?? []) as readonly LiveMember[];
    const written = source.slice(access.start, offset).toLowerCase();
    const fits = ({ name }: LiveMember): boolean =>
      name.toLowerCase().startsWith(written) && (access.isQuoted ? !/["'`\\\n]/.test(name) : isIdentifier(name));
    const items = members.filter(fits).map(asItem);
    return items.length === 0 ? undefined : { items, start: access.start, end: offset };
  }

  /** Files for the string that the cursor is in. */
  async #paths(source: string, offset: number): Promise<Completions | undefined> {
    const context = contextAt(source, offset);
    if (context.in !== 'string' || context.isComputed || isModulePlace(source, context.start)) return undefined;
    const folder = (await this.#ask('io:cwd', null)) as string | undefined;
    return pathCompletions(source, context.start, offset, folder ?? process.cwd());
  }

  /** Asks the cell process; undefined where it does not answer at once. */
  async #ask(name: string, argument: LivePath | null): Promise<unknown> {
    const isOfMainThread = !name.startsWith('io:');
    if (isOfMainThread && this.#asked !== undefined) return undefined;
    const answer = this.#workers.cell.then((host) => host.call(name, argument)).catch(() => undefined);
    if (isOfMainThread) {
      this.#asked = answer;
      void answer.then(() => (this.#asked = undefined));
    }
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, patience, undefined)));
    const first = await Promise.race([answer, tooLate]);
    clearTimeout(timer);
    return first;
  }
}

/** A description with what the value is now. */
function withValue(description: Description | null, { type, text }: LiveValue): Description {
  const isShort = text.length < 80 && !/[\n`]/.test(text);
  const code = isShort ? `: \`${text}\`` : `\n\n\`\`\`typescript\n${text}\n\`\`\``;
  const markdown = `**Now** \`${type}\`${text === '' ? '' : code}`;
  const plain = `Now ${type}${text === '' ? '' : (isShort ? ': ' : '\n') + text}`;
  if (description === null) return { markdown, plain };
  return { markdown: `${description.markdown}\n\n${markdown}`, plain: `${description.plain}\n\n${plain}` };
}
