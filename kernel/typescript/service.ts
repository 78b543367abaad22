/** @file Types of a notebook, from TypeScript's native language server: checks, completions, descriptions. */
import { join } from 'node:path';
import {
  CompletionRequest,
  DocumentDiagnosticRequest,
  HoverRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver-protocol/node';
import type { Diagnostic as ServerDiagnostic } from 'vscode-languageserver-protocol/node';
import { toCompletions } from './completions.ts';
import { documentNames, programConfiguration, runtimeDocument } from './configuration.ts';
import type { Completions, Diagnostic, TypeScriptService } from './contract.ts';
import { missingModules, toDiagnostics } from './diagnostics.ts';
import { describeHover, describeSignature } from './inspection.ts';
import { LanguageServer, ServerEndedError } from './language-server.ts';
import { LocalFiles } from './local-files.ts';
import { NotebookModules } from './notebook-modules.ts';
import { TextPositions } from './text-positions.ts';

export interface NativeTypeScriptOptions {
  /** The notebook's folder: imports are resolved from here. */
  readonly cwd?: string;
  /** Milliseconds after which an unanswered request is given up, and the server is replaced. */
  readonly timeLimit?: number;
}

/** How long the first answer of a server may take: it reads the libraries. */
const startLimit = 60_000;

/**
 * Types of one notebook.
 *
 * @example
 * const types = new NativeTypeScriptService({ cwd: '/home/ada/notebooks' });
 * await types.start();
 * await types.commit('const x = 1', 'cell_1.ts');
 * await types.check('x.toUpperCase()', 'cell_2.ts'); // one Diagnostic, code 2339
 */
export class NativeTypeScriptService implements TypeScriptService {
  readonly #folder: string;
  readonly #timeLimit: number;
  readonly #server: LanguageServer;
  readonly #modules = new NotebookModules();
  readonly #files: LocalFiles;
  /** Operations follow each other: they share one document. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ cwd = process.cwd(), timeLimit = 15_000 }: NativeTypeScriptOptions = {}) {
    this.#folder = cwd;
    this.#timeLimit = timeLimit;
    this.#server = new LanguageServer(cwd);
    this.#files = new LocalFiles(cwd);
    this.#write(documentNames.config, programConfiguration(cwd));
    this.#write(documentNames.runtime, runtimeDocument);
    this.#write(documentNames.current, '');
  }

  /** Starts the server and has it read the libraries, so that the first cell does not wait for them. */
  async start(): Promise<void> {
    await this.#inTurn(startLimit, undefined, async () => {
      this.#writeCell('tf;display');
      await this.#diagnostics();
    });
  }

  check(source: string): Promise<readonly Diagnostic[]> {
    return this.#inTurn(this.#timeLimit, [], async () => {
      this.#writeCell(source);
      this.#files.follow(source);
      await this.#server.filesChanged(this.#files.changes());
      let found = await this.#diagnostics();
      // The server remembers what was missing: it must hear of files and packages that came since.
      const arrived = this.#files.arrivals(missingModules(found));
      if (arrived.length > 0) {
        await this.#server.filesChanged(arrived);
        found = await this.#diagnostics();
      }
      return toDiagnostics(found, source, {
        kindOf: (name) => this.#modules.kindOf(name),
        existsAtRunTime: (specifier) => this.#files.existsAtRunTime(specifier),
        folder: this.#folder,
      });
    });
  }

  commit(source: string): Promise<void> {
    return this.#inTurn(this.#timeLimit, undefined, async () => {
      const module = this.#modules.commit(source);
      if (module !== undefined) this.#write(module.name, module.text);
    });
  }

  complete(source: string, offset: number): Promise<Completions> {
    return this.#inTurn(this.#timeLimit, { items: [], start: offset, end: offset }, async () => {
      this.#writeCell(source, offset);
      const answer = await this.#server.request(CompletionRequest.type, this.#path(documentNames.current), {
        position: new TextPositions(source).toPosition(offset),
        context: { triggerKind: 1 },
      });
      return toCompletions(answer, source, offset, (name) => this.#modules.kindOf(name));
    });
  }

  inspect(source: string, offset: number): Promise<{ markdown: string; plain: string } | null> {
    return this.#inTurn(this.#timeLimit, null, async () => {
      this.#writeCell(source, offset);
      const current = this.#path(documentNames.current);
      const place = { position: new TextPositions(source).toPosition(offset) };
      const hover = await this.#server.request(HoverRequest.type, current, place);
      if (hover !== null) return describeHover(hover);
      const help = await this.#server.request(SignatureHelpRequest.type, current, place);
      return help === null ? null : describeSignature(help);
    });
  }

  reset(): Promise<void> {
    return this.#inTurn(this.#timeLimit, undefined, async () => {
      for (const name of this.#modules.reset()) await this.#server.remove(this.#path(name));
    });
  }

  async stop(): Promise<void> {
    this.#server.kill();
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #write(name: string, text: string): void {
    this.#server.write(this.#path(name), text);
  }

  #writeCell(source: string, cursor?: number): void {
    this.#write(documentNames.current, this.#modules.document(source, cursor).text);
  }

  async #diagnostics(): Promise<readonly ServerDiagnostic[]> {
    const report = await this.#server.request(DocumentDiagnosticRequest.type, this.#path(documentNames.current), {});
    return report.kind === 'full' ? report.items : [];
  }

  /**
   * Runs an operation after the ones before it. A server that ended is replaced and asked once more; one that does not
   * answer in time is replaced, and the operation gives `otherwise`: a cell never waits for its types for ever.
   */
  #inTurn<Result>(limit: number, otherwise: Result, operation: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(async () => {
      try {
        return await this.#inTime(limit, operation);
      } catch (error) {
        if (!(error instanceof ServerEndedError)) throw error;
        return await this.#inTime(limit, operation);
      }
    });
    this.#last = turn.catch(() => {});
    return turn.catch((error: unknown) => {
      console.error('tensorcell: TypeScript did not answer:', error instanceof Error ? error.message : error);
      return otherwise;
    });
  }

  async #inTime<Result>(limit: number, operation: () => Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#server.kill();
        reject(new Error(`no answer within ${limit / 1000} s; the server is started anew.`));
      }, limit);
    });
    try {
      return await Promise.race([operation(), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
