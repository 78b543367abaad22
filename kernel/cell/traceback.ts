/** @file Exceptions as the notebook shows them: name, message, a picture of the place, the user's frames, causes. */
import { inspect, types } from 'node:util';
import picocolors from 'picocolors';
import { codeFrame, linkedPlace } from '../session/code-frame.ts';
import type { CellError } from './contract.ts';
import type { Frame, Place, SourceRegistry, StackMapper } from './stack.ts';

const { red, bold, cyan, dim } = picocolors.createColors(true);

/** Causes of causes, and errors of aggregates, are shown to this depth. */
const deepest = 4;
/** No more errors of an aggregate than these. */
const mostErrors = 5;
/** An endless recursion has a long stack: more frames than these are counted. */
const mostFrames = 20;

/** What there is to say of a thrown value. */
export interface ErrorAccount {
  readonly ename: string;
  readonly evalue: string;
  /** Where it was thrown, as a reader knows it: `cell_3.ts:1:7`. */
  readonly place?: string;
  /** Where a front end finds it: an address for a link. */
  readonly link?: string;
  /** The lines around that place, with colours for a terminal. */
  readonly picture?: string;
  readonly frames: readonly Frame[];
  readonly moreFrames: number;
  /** What the error carries besides its message. */
  readonly properties?: string;
  /** Errors of an aggregate, then the cause; one that was told of already has no account. */
  readonly related: readonly { readonly label: string; readonly account?: ErrorAccount }[];
}

const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

const nameOf = (error: Error): string => {
  const { name } = error;
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  return error.constructor?.name || 'Error';
};

const plain = (value: unknown): string => {
  try {
    return inspect(value, { depth: 2, breakLength: 100 });
  } catch {
    return '[cannot be inspected]';
  }
};

/** Makes tracebacks, and the `stack` of every error, of the user's own sources. */
export class Tracebacks {
  readonly #sources: SourceRegistry;
  readonly #mapper: StackMapper;
  /** Frames of errors whose stack was asked for. */
  readonly #frames = new WeakMap<Error, readonly Frame[]>();

  constructor(sources: SourceRegistry, mapper: StackMapper) {
    this.#sources = sources;
    this.#mapper = mapper;
  }

  /** Makes `error.stack` show the user's lines, so that printed errors do as well. */
  install(): void {
    // Frames of the kernel stand under those of the user's, so V8's 10 would not be enough.
    Error.stackTraceLimit = 30;
    Error.prepareStackTrace = (error, sites) => {
      const frames = this.#mapper.frames(sites.map(String));
      this.#frames.set(error, frames);
      let title: string;
      try {
        title = Error.prototype.toString.call(error);
      } catch {
        title = 'Error';
      }
      return [title, ...frames.map(({ text }) => `    at ${text}`)].join('\n');
    };
  }

  /**
   * A thrown value as Jupyter reports it.
   *
   * @param place where it was thrown, for values that do not know it themselves (as the running code has it)
   */
  describe(value: unknown, place?: Place): CellError {
    try {
      const original = place && this.#sources.original(place);
      const title = this.#title(value);
      return { ...title, traceback: tracebackLines(this.account(value, original)) };
    } catch (error) {
      // Getters and proxies of user code can throw anywhere.
      const evalue = `an error that cannot be read (${plain(error)})`;
      return { ename: 'Error', evalue, traceback: [`${red(bold('Error'))}: ${evalue}`] };
    }
  }

  #title(value: unknown): Pick<CellError, 'ename' | 'evalue'> {
    if (isError(value)) return { ename: nameOf(value), evalue: this.#message(value) };
    return { ename: 'Thrown', evalue: plain(value) };
  }

  /** Import errors of Node speak of URLs with versions and of the file that stands for the notebook. */
  #message(error: Error): string {
    return String(error.message)
      .replace(/\?v=\d+/g, '')
      .replace(/ imported from .*notebook\.ts$/, ' imported from the notebook');
  }

  /** What there is to say of a thrown value, for those who show it in their own way. */
  account(value: unknown, place?: Place): ErrorAccount {
    return this.#account(value, place, new Set(), 0);
  }

  #account(value: unknown, place: Place | undefined, seen: Set<unknown>, depth: number): ErrorAccount {
    const title = this.#title(value);
    if (!isError(value)) return { ...title, ...this.#picture(place), frames: [], moreFrames: 0, related: [] };
    seen.add(value);
    const frames = this.#framesOf(value);
    const related: { label: string; account?: ErrorAccount }[] = [];
    const relate = (label: string, other: unknown): void => {
      related.push({ label, ...(!seen.has(other) && { account: this.#account(other, undefined, seen, depth + 1) }) });
    };
    const errors: unknown[] = value instanceof AggregateError && depth < deepest ? value.errors : [];
    errors.slice(0, mostErrors).forEach((error, i) => relate(`Error ${i + 1} of ${errors.length}:`, error));
    if (errors.length > mostErrors) related.push({ label: dim(`... ${errors.length - mostErrors} more errors`) });
    if (depth < deepest && 'cause' in value && value.cause !== undefined && !seen.has(value.cause))
      relate('Caused by:', value.cause);
    return {
      ...title,
      ...this.#picture(place ?? frames.find(({ origin }) => origin === 'user')?.place),
      frames: frames.slice(0, mostFrames),
      moreFrames: Math.max(0, frames.length - mostFrames),
      ...this.#properties(value),
      related,
    };
  }

  /** What the error carries besides its message: `code`, `path` and the like. */
  #properties(error: Error): { properties?: string } {
    const names = Object.keys(error).filter((name) => !['name', 'message', 'stack', 'cause', 'errors'].includes(name));
    if (names.length === 0) return {};
    const values = Object.fromEntries(names.map((name) => [name, (error as unknown as Record<string, unknown>)[name]]));
    return { properties: plain(values) };
  }

  #framesOf(error: Error): readonly Frame[] {
    // Reading `stack` is what makes V8 ask for it to be prepared.
    const stack: unknown = error.stack;
    const known = this.#frames.get(error);
    if (known !== undefined) return known;
    if (typeof stack !== 'string') return [];
    const texts = stack.split('\n').flatMap((line) => /^\s+at (.*)$/.exec(line)?.[1] ?? []);
    return this.#mapper.frames(texts);
  }

  #picture(place: Place | undefined): Pick<ErrorAccount, 'place' | 'link' | 'picture'> {
    const source = place && this.#sources.source(place.url);
    if (place === undefined || source === undefined) return {};
    const { line, column } = place;
    return {
      place: `${this.#mapper.shownUrl(place.url)}:${line}:${column}`,
      link: this.#sources.link(place),
      picture: codeFrame(source, { line, column, length: 1 }),
    };
  }
}

/** An account as the lines of a traceback. */
function tracebackLines(account: ErrorAccount): string[] {
  const { ename, evalue, place, link, picture, frames, moreFrames, properties, related } = account;
  const linked = linkedPlace(link);
  return [
    `${red(bold(ename))}: ${evalue}`,
    ...(place === undefined || picture === undefined
      ? []
      : [`${linked === undefined ? '' : `${linked} `}${cyan(place)}`, picture]),
    ...frames.map(frameLine),
    ...(moreFrames > 0 ? [dim(`    ... ${moreFrames} more`)] : []),
    ...(properties === undefined ? [] : [dim(properties)]),
    ...related.flatMap(({ label, account: other }) => [label, ...(other ? tracebackLines(other).map(indent) : [])]),
  ];
}

function frameLine({ text, origin }: Frame): string {
  const line = `    at ${text}`;
  return origin === 'user'
    ? line.replace(/([^\s(]+:\d+:\d+)(\)?)$/, (_, place: string, end: string) => cyan(place) + end)
    : dim(line);
}

const indent = (text: string): string => text.replace(/^/gm, '  ');
