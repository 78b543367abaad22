/** @file The three ways to ask for history: the last cells, a range of a session, a search. */
import type { HistoryAccess } from '../protocol/content.ts';
import type { HistoryEntry, HistoryStore } from './history-store.ts';

type Access<Type> = Extract<HistoryAccess, { hist_access_type: Type }>;

/** Entries for a request, oldest first. */
export function queryHistory(store: HistoryStore, access: HistoryAccess): HistoryEntry[] {
  if (access.hist_access_type === 'tail') return tail(store, access.n);
  if (access.hist_access_type === 'range') return range(store, access);
  return search(store, access);
}

function tail(store: HistoryStore, count: number): HistoryEntry[] {
  const found: HistoryEntry[] = [];
  for (const session of store.sessions().reverse()) {
    if (found.length >= count) break;
    found.unshift(...store.read(session));
  }
  return count > 0 ? found.slice(-count) : [];
}

function range(store: HistoryStore, { session, start, stop = Infinity }: Access<'range'>): HistoryEntry[] {
  const sessions = store.sessions();
  // Zero and below count back from this session, over the sessions that are there.
  const number = session > 0 ? session : sessions.at(sessions.indexOf(store.session) + session);
  if (number === undefined || sessions.indexOf(store.session) + Math.min(session, 0) < 0) return [];
  const entries = store.read(number);
  // Negative lines count back from the end, as in IPython.
  const end = (entries.at(-1)?.line ?? 0) + 1;
  const [first, past] = [start, stop].map((line) => (line < 0 ? line + end : line));
  return entries.filter(({ line }) => line >= first && line < past);
}

function search(store: HistoryStore, { pattern, unique, n = Infinity }: Access<'search'>): HistoryEntry[] {
  const glob = globExpression(pattern);
  const seen = new Set<string>();
  const found: HistoryEntry[] = [];
  for (const session of store.sessions().reverse())
    for (const entry of [...store.read(session)].reverse()) {
      if (found.length >= n) return found.reverse();
      if (!glob.test(entry.input) || (unique && seen.has(entry.input))) continue;
      seen.add(entry.input);
      found.push(entry);
    }
  return found.reverse();
}

/** A glob over a whole input: `*` is any text, `?` any character, `[a-z]` and `[^a-z]` (or `[!a-z]`) a set. */
export function globExpression(glob: string): RegExp {
  const parts = glob.match(/\[[!^]?\]?[^\]]*\]|[^]/gu) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '[^]*';
    if (part === '?') return '[^]';
    if (part.length < 3) return part.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
    const [, negated, set] = /^\[([!^]?)(.*)\]$/s.exec(part) ?? [];
    if (set === undefined) return part;
    return `[${negated ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
  });
  return new RegExp(`^${source.join('')}$`, 'u');
}
