/**
 * @file The history on disk: one JSON-lines file a session, `000042.jsonl`, in one folder for all kernels of the user.
 * A session has its file to itself, so kernels that run at the same time cannot mix their lines.
 */
import { appendFileSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** One executed cell. */
export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  /** `text/plain` of the result, where there was one. */
  readonly output: string | null;
}

/** Older sessions are removed when a new one begins. */
const sessionsKept = 1_000;

/** `TENSORCELL_HISTORY`, or `tensorcell/history` in Jupyter's data folder; empty for a user without a home folder. */
export function historyFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TENSORCELL_HISTORY) return env.TENSORCELL_HISTORY;
  try {
    return join(env.JUPYTER_DATA_DIR ?? userDataFolder(env), 'tensorcell', 'history');
  } catch {
    return ''; // the system knows of none, and what cannot be saved is kept in memory
  }
}

/** @throws where HOME is not set and the system does not know the user */
function userDataFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(env.APPDATA ?? homedir(), 'jupyter');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}

/** Sessions of this and of earlier kernels. Where the folder cannot be written, this session lives in memory only. */
export class HistoryStore {
  readonly #folder: string;
  readonly #own: HistoryEntry[] = [];
  #session: number | undefined;
  #file: string | undefined;

  constructor(folder: string = historyFolder()) {
    this.#folder = folder;
  }

  /** Number of this session; from 1 upwards over all kernels. Taken when it is first needed. */
  get session(): number {
    return (this.#session ??= this.#begin());
  }

  /** This session's entries, oldest first. */
  get own(): readonly HistoryEntry[] {
    return this.#own;
  }

  /** Adds a cell of this session. */
  append(line: number, input: string, output: string | null): void {
    const entry = { session: this.session, line, input, output };
    this.#own.push(entry);
    if (!this.#file) return;
    try {
      appendFileSync(this.#file, `${JSON.stringify({ line, input, output })}\n`);
    } catch (error) {
      this.#memoryOnly(error);
    }
  }

  /** Numbers of the sessions on disk and of this one, oldest first. */
  sessions(): number[] {
    const current = this.session;
    const others = this.#stored().filter((session) => session !== current);
    return [...others, current].sort((a, b) => a - b);
  }

  /** Entries of a session, oldest first; none where there is no such session. */
  read(session: number): readonly HistoryEntry[] {
    if (session === this.session) return this.#own;
    let text: string;
    try {
      text = readFileSync(this.#path(session), 'utf8');
    } catch {
      return []; // another kernel has just removed it, or it never was
    }
    return text.split('\n').flatMap((line) => parseEntry(session, line));
  }

  #begin(): number {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const stored = this.#stored();
      for (const old of stored.slice(0, -sessionsKept)) rmSync(this.#path(old), { force: true });
      for (let session = (stored.at(-1) ?? 0) + 1; ; session++) {
        const file = this.#path(session);
        try {
          closeSync(openSync(file, 'wx', 0o600)); // fails where another kernel took the number in this moment
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
          throw error;
        }
        this.#file = file;
        return session;
      }
    } catch (error) {
      this.#memoryOnly(error);
      return (this.#stored().at(-1) ?? 0) + 1;
    }
  }

  #stored(): number[] {
    try {
      const names = readdirSync(this.#folder).flatMap((name) => /^(\d+)\.jsonl$/.exec(name)?.[1] ?? []);
      return names.map(Number).sort((a, b) => a - b);
    } catch {
      return [];
    }
  }

  #path(session: number): string {
    return join(this.#folder, `${String(session).padStart(6, '0')}.jsonl`);
  }

  #memoryOnly(error: unknown): void {
    this.#file = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`tensorcell: the history of this session is not saved (${reason}).`);
  }
}

/** An entry of a stored line; none for the last line of a kernel that was killed while writing. */
function parseEntry(session: number, line: string): HistoryEntry[] {
  if (line === '') return [];
  try {
    const { line: number, input, output } = JSON.parse(line) as Record<string, unknown>;
    if (typeof number !== 'number' || typeof input !== 'string') return [];
    return [{ session, line: number, input, output: typeof output === 'string' ? output : null }];
  } catch {
    return [];
  }
}
