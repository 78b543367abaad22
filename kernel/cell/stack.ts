/** @file Stacks in the user's own lines: V8's positions mapped back to cells and local modules, without frames of ours. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TraceMap } from '@jridgewell/trace-mapping';
import { cellLink } from '../session/code-frame.ts';

/** A text that runs under a URL: a cell, or a local module. */
export interface MappedSource {
  /** What the user wrote. */
  readonly source: string;
  /** Source map (JSON) to it; empty where the code runs as it was written. */
  readonly map: string;
  /** Of a cell: what the front end calls it. */
  readonly cellId?: string;
}

/** A place in what the user wrote; line and column are 1-based. */
export interface Place {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export interface Frame {
  /** As V8 writes it after `at`, with the mapped place. */
  readonly text: string;
  readonly place?: Place;
  /** Where a front end finds that place: an address for a link. */
  readonly link?: string;
  /** `user`: a cell or a local module; `library`: installed packages; `hidden`: Node and this package. */
  readonly origin: 'user' | 'library' | 'hidden';
}

type TraceMapping = typeof import('@jridgewell/trace-mapping');
let mapping: TraceMapping | undefined;
/** Loaded by the first error, not by the start of the process. */
const traceMapping = (): TraceMapping =>
  (mapping ??= createRequire(import.meta.url)('@jridgewell/trace-mapping') as TraceMapping);

/** `file:` URL of this package's built folder. */
const packageUrl = new URL('../../', import.meta.url).href;

/** The text of a file that Node loaded by itself, as it is now. */
function textOf(url: string): string | undefined {
  if (!url.startsWith('file:') && !isAbsolute(url)) return undefined;
  try {
    return readFileSync(isAbsolute(url) ? url : fileURLToPath(url), 'utf8');
  } catch {
    return undefined;
  }
}

/** Known sources by URL, their maps decoded when first needed. */
export class SourceRegistry {
  readonly #sources = new Map<string, MappedSource & { trace?: TraceMap }>();
  #miss: () => void = () => undefined;

  /** `fetch` is called before a URL is given up as unknown: sources of local modules come from another thread. */
  onMiss(fetch: () => void): void {
    this.#miss = fetch;
  }

  set(url: string, source: MappedSource): void {
    this.#sources.set(url, { source: source.source, map: source.map, cellId: source.cellId });
  }

  source(url: string): string | undefined {
    return this.#find(url)?.source ?? textOf(url);
  }

  /** The user's place for a place in running code; the same place where no map is known. */
  original(place: Place): Place {
    const found = this.#find(place.url);
    if (found === undefined || found.map === '') return place;
    const { TraceMap, originalPositionFor } = traceMapping();
    found.trace ??= new TraceMap(found.map);
    const { line, column } = originalPositionFor(found.trace, { line: place.line, column: place.column - 1 });
    return line === null ? place : { url: place.url, line, column: column + 1 };
  }

  /** An address at which the front end shows the place; undefined where it has none. */
  link(place: Place): string | undefined {
    return cellLink(this.#sources.get(place.url)?.cellId, place);
  }

  isKnown(url: string): boolean {
    return this.#find(url) !== undefined;
  }

  /** All that is known, the newest first. */
  newestFirst(): { readonly url: string; readonly source: string }[] {
    this.#miss();
    return [...this.#sources].map(([url, { source }]) => ({ url, source })).reverse();
  }

  #find(url: string) {
    if (!this.#sources.has(url)) this.#miss();
    return this.#sources.get(url);
  }
}

/** Where V8's text of a frame says it is: `f (url:1:2)`, `async url:1:2`. */
const placeIn = (text: string): Place | undefined => {
  const opening = text.endsWith(')') ? text.indexOf(' (') : -1;
  const inside = opening === -1 ? text.replace(/^async /, '') : text.slice(opening + 2, -1);
  const match = /^(.+):(\d+):(\d+)$/.exec(inside);
  return match === null ? undefined : { url: match[1], line: Number(match[2]), column: Number(match[3]) };
};

/** Turns V8's frames, each the text after `at`, into frames of the user's sources. */
export class StackMapper {
  readonly #sources: SourceRegistry;
  #folder: string;

  constructor(sources: SourceRegistry, folder: string) {
    this.#sources = sources;
    this.#folder = folder;
  }

  /** Places are shown as seen from another folder from now on. */
  moveTo(folder: string): void {
    this.#folder = folder;
  }

  frame(text: string): Frame {
    const found = placeIn(text);
    if (found === undefined) return { text, origin: 'hidden' };
    const origin = this.#origin(found.url);
    if (origin === 'hidden') return { text, origin };
    const place = this.#sources.original(found);
    const shown = `${this.shownUrl(place.url)}:${place.line}:${place.column}`;
    return {
      text: text.replace(`${found.url}:${found.line}:${found.column}`, () => shown),
      place,
      link: this.#sources.link(place),
      origin,
    };
  }

  /** Without hidden frames; native ones (`Array.map (<anonymous>)`) stay between two that are shown. */
  frames(texts: readonly string[]): Frame[] {
    const frames = texts.map((text) => this.frame(text));
    const kept = frames.filter(({ origin, text }) => origin !== 'hidden' || text.endsWith('(<anonymous>)'));
    const last = kept.findLastIndex(({ origin }) => origin !== 'hidden');
    return kept.slice(0, last + 1);
  }

  /** A URL as a reader knows it: local modules relative to the notebook's folder, without a version. */
  shownUrl(url: string): string {
    if (!url.startsWith('file:') && !isAbsolute(url)) return url;
    const path = isAbsolute(url) ? url : fileURLToPath(url);
    const inside = relative(this.#folder, path);
    return inside.startsWith('..') || isAbsolute(inside) ? path : `./${inside.split(sep).join('/')}`;
  }

  #origin(url: string): Frame['origin'] {
    return this.#sources.isKnown(url) ? 'user' : originOf(url);
  }
}

/** What a script is that no source is registered for. */
export const originOf = (url: string): Frame['origin'] => {
  if (url.startsWith('node:') || url.startsWith('evalmachine.') || url.startsWith(packageUrl)) return 'hidden';
  if (url.includes('/node_modules/')) return 'library';
  return url.startsWith('file:') || isAbsolute(url) ? 'user' : 'hidden';
};
