/** @file Types of a notebook, from TypeScript's native language server: checks, completions, descriptions. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DefinitionLink, Diagnostic as ServerDiagnostic, Position } from 'vscode-languageserver-protocol/node';
import { languageOfCell, type CellLanguage } from '../compile/language.ts';
import { isTooDeep } from '../compile/nesting.ts';
import { settingsOf } from '../project/index.ts';
import type { ProjectSettings } from '../project/index.ts';
import { headOf, isUnchecked } from './cell-head.ts';
import type { CellHead } from './cell-head.ts';
import { completionText, fittingItems, toCompletions } from './completions.ts';
import { documentNames, programConfiguration } from './configuration.ts';
import type { Completions, Description, Diagnostic, TypeScriptService } from './contract.ts';
import { missingModules, nameOfFile, toDiagnostics, toModuleDiagnostics } from './diagnostics.ts';
import type { NotebookFacts } from './diagnostics.ts';
import { describeHover, describeSignatures } from './inspection.ts';
import { LanguageServer } from './language-server.ts';
import { LocalFiles } from './local-files.ts';
import { NotebookModules, preludeLines } from './notebook-modules.ts';
import { sourceOf, withSource } from './source-of.ts';
import { FileChangeType } from './server-protocol.ts';
import type { SourceText } from './source-of.ts';
import { TextPositions } from './text-positions.ts';
import { TimeLimitError, Turns } from './turns.ts';

export interface NativeTypeScriptOptions {
  /** The notebook's folder: imports are resolved from here. */
  readonly cwd?: string;
  /** Milliseconds after which an unanswered request is given up, and the server is replaced; its first one has longer. */
  readonly timeLimit?: number;
  /** Hears when the notebook is in another folder. */
  readonly onMove?: (folder: string) => void;
}

/** How long (ms) after the start the first cell has the machine for itself. */
const warmUpDelay = 1_500;

/** Local modules whose errors are looked for with a cell that imports them: a millisecond or two each. */
const checkedModules = 100;

/** What the server says of a local module. */
interface ModuleDiagnostics {
  readonly path: string;
  readonly text: string;
  readonly diagnostics: readonly ServerDiagnostic[];
}

/** Completions that get their types: half a millisecond each. */
const detailedItems = 60;

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
  #folder: string;
  /** Where it was at first. */
  readonly #home: string;
  readonly #onMove: ((folder: string) => void) | undefined;
  readonly #server: LanguageServer;
  readonly #modules = new NotebookModules('', (source) => this.#headOf(source));
  /** What the server was told of the project. */
  #settings: ProjectSettings | undefined;
  /** How the cell is read that is being written, checked or committed. */
  #language: CellLanguage = 'ts';
  /** A cell or a module has JSX. */
  #usesJsx = false;
  #files: LocalFiles;
  /** Operations follow each other: they share one document. */
  readonly #turns: Turns;

  constructor({ cwd = process.cwd(), timeLimit = 10_000, onMove }: NativeTypeScriptOptions = {}) {
    this.#folder = cwd;
    this.#modules.folder = cwd;
    this.#home = cwd;
    this.#onMove = onMove;
    this.#server = new LanguageServer(cwd);
    this.#turns = new Turns(this.#server, timeLimit);
    this.#files = new LocalFiles(cwd);
    this.#configure();
    this.#write(documentNames.names, this.#modules.namesDocument());
    this.#writeCell('');
  }

  /** Starts the server and has it read the libraries, so that the first cell does not wait for them. */
  async start(): Promise<void> {
    const read = this.#turns.take(async () => {
      this.#writeCell('tf;display');
      await this.#diagnostics();
    });
    await read.catch((error: unknown) => {
      // The next question has a new server, which may be faster.
      if (!(error instanceof TimeLimitError)) throw error;
      console.error('tensorcell:', error.message);
    });
    setTimeout(() => void this.#warmUp(), warmUpDelay).unref();
  }

  /** Has the server list what packages export, which takes it a second where there are hundreds; nothing waits for it. */
  async #warmUp(): Promise<void> {
    if (this.#turns.areStopped) return;
    const place = { position: new TextPositions('t').toPosition(1), context: { triggerKind: 1 } } as const;
    await this.#server.request('textDocument/completion', this.#path(documentNames.current), place).catch(() => {});
  }

  check(source: string): Promise<readonly Diagnostic[]> {
    if (isTooDeep(source)) return Promise.resolve([]); // the compiler refuses it
    if (isUnchecked(source)) return Promise.resolve([]);
    const turn = this.#turns.take(async () => {
      const settings = this.#configure();
      this.#files.follow(source);
      if (this.#files.hasJsx) this.#useJsx();
      this.#writeCell(source);
      await this.#server.filesChanged(this.#files.changes());
      let found = await this.#diagnostics();
      let ofModules = await this.#moduleDiagnostics(source);
      // The server remembers what was missing: it must hear of files and packages that came since.
      const arrived = [
        ...this.#files.arrivals(missingModules(found)),
        ...ofModules.flatMap(({ path, diagnostics }) => this.#files.arrivals(missingModules(diagnostics), path)),
      ];
      if (arrived.length > 0) {
        await this.#server.filesChanged(arrived);
        found = await this.#diagnostics();
        ofModules = await this.#moduleDiagnostics(source);
      }
      const factsFor = (path?: string): NotebookFacts => ({
        kindOf: (name) => this.#modules.kindOf(name),
        existsAtRunTime: (specifier) => this.#files.existsAtRunTime(specifier, path),
        folder: path === undefined ? this.#folder : dirname(path),
        options: settings.options,
      });
      return [
        ...toDiagnostics(found, source, factsFor()),
        ...ofModules.flatMap(({ path, text, diagnostics }) =>
          toModuleDiagnostics(diagnostics, { text, name: nameOfFile(path, this.#folder) }, factsFor(path)),
        ),
      ];
    });
    // A notebook that ends has no use for the failure.
    return turn.catch((error: unknown) => {
      if (this.#turns.areStopped) return [];
      throw error;
    });
  }

  /** What the server says of the local modules that a cell imports, and of those that they import. */
  async #moduleDiagnostics(source: string): Promise<ModuleDiagnostics[]> {
    const tsconfig = this.#settings?.tsconfig;
    // Another project's modules are checked by other rules.
    const modules = this.#files
      .modulesOf(source, this.#settings?.options.checkJs ?? false)
      .filter((path) => settingsOf(dirname(path)).tsconfig === tsconfig)
      .slice(0, checkedModules);
    return Promise.all(
      modules.map(async (path) => {
        const text = await readFile(path, 'utf8').catch(() => '');
        const report = await this.#server.request('textDocument/diagnostic', path, {});
        return { path, text, diagnostics: report.kind === 'full' ? report.items : [] };
      }),
    );
  }

  async commit(source: string, cellUrl: string): Promise<void> {
    const changed = await this.#turns.take(async () => {
      this.#language = languageOfCell(source);
      const { module, dead } = this.#modules.commit(source, cellUrl);
      if (module === undefined) return false;
      this.#write(module.name, module.text, this.#language);
      for (const name of dead) this.#server.remove(this.#path(name));
      this.#write(documentNames.names, this.#modules.namesDocument());
      return true;
    });
    if (!changed) return;
    // The server builds its program anew now, while the cell runs, rather than when the next one is checked.
    const rebuilt = this.#turns.take(async () => {
      this.#writeCell('');
      await this.#diagnostics();
    });
    rebuilt.catch(() => {}); // the next check will tell
  }

  complete(source: string, offset: number): Promise<Completions> {
    if (isTooDeep(source)) return Promise.resolve({ items: [], start: offset, end: offset });
    const turn = this.#turns.take(async () => {
      const asked = completionText(source, offset);
      this.#writeCell(source, offset, asked.text);
      const answer = await this.#server.request('textDocument/completion', this.#path(documentNames.current), {
        position: new TextPositions(asked.text).toPosition(asked.offset),
        context: { triggerKind: 1 },
      });
      const { candidates, imports } = fittingItems(answer, source, offset, this.#folder);
      const best = candidates.slice(0, detailedItems);
      const detailed = await Promise.all(
        best.map(async (each) => ({ ...each, item: await this.#server.resolve(each.item) })),
      );
      return toCompletions({ candidates: [...detailed, ...candidates.slice(detailedItems)], imports }, source, offset);
    });
    return this.#orElse({ items: [], start: offset, end: offset }, turn);
  }

  inspect(source: string, offset: number, detail: 0 | 1 = 0): Promise<Description | null> {
    if (isTooDeep(source)) return Promise.resolve(null);
    const turn = this.#turns.take(async () => {
      this.#writeCell(source, offset);
      const place = { position: new TextPositions(source).toPosition(offset) };
      const described = await this.#describe(source, offset, place);
      if (detail === 0) return described;
      const [first] = await this.#sources(place);
      return first === undefined ? described : withSource(described, first);
    });
    return this.#orElse(null, turn);
  }

  /** What is known about the name at a place; where there is none, about the function whose call it is in. */
  async #describe(source: string, offset: number, place: { position: Position }): Promise<Description | null> {
    const current = this.#path(documentNames.current);
    // Right behind `(` or `,` the author asks for the parameter, whatever follows.
    const isAtArgument = /[(,]\s*$/.test(source.slice(0, offset));
    if (!isAtArgument) {
      const hover = await this.#server.request('textDocument/hover', current, place);
      const described = hover === null ? null : describeHover(hover);
      if (described !== null) return described;
    }
    const help = await this.#server.request('textDocument/signatureHelp', current, place);
    const described = help === null ? null : describeSignatures(help);
    if (described !== null || !isAtArgument) return described;
    const hover = await this.#server.request('textDocument/hover', current, place);
    return hover === null ? null : describeHover(hover);
  }

  /** The declarations of what stands at a place. */
  async #sources(place: { position: Position }): Promise<SourceText[]> {
    const current = this.#path(documentNames.current);
    const find = async (position: Position): Promise<DefinitionLink[]> => {
      const links = await this.#server.request('custom/textDocument/sourceDefinition', current, { position });
      return links ?? [];
    };
    let links = await find(place.position);
    const declared = links.find(({ targetUri }) => targetUri === pathToFileURL(current).href);
    if (declared !== undefined && declared.targetRange.start.line < preludeLines) {
      // The name is declared there in place of one from an earlier cell, if of any.
      const { line, character } = declared.targetRange.end;
      const original = this.#modules.preludeOrigin(this.#server.textOf(current) ?? '', character);
      links = original === undefined ? [] : await find({ line, character: original });
    }
    const found = await Promise.all(
      links.map((link) =>
        sourceOf(link, {
          folder: this.#folder,
          cell: (path) => {
            const text = this.#server.textOf(path);
            if (text === undefined) return undefined;
            return { text, url: this.#modules.urlOf(basename(path)) ?? 'this cell', linesBefore: preludeLines };
          },
        }),
      ),
    );
    return found.filter((each) => each !== undefined);
  }

  moveTo(folder: string): Promise<void> {
    return this.#turns.take(async () => {
      this.#move(folder);
      // The server builds a program for the new place now, rather than when the next cell is checked.
      await this.#diagnostics();
    });
  }

  /** The documents of the notebook itself go along; committed cells stay where their imports mean what they meant. */
  #move(folder: string): void {
    for (const name of [documentNames.current, documentNames.names, documentNames.config])
      this.#server.remove(this.#path(name));
    this.#folder = folder;
    this.#onMove?.(folder);
    this.#modules.folder = folder;
    this.#files = new LocalFiles(folder);
    this.#settings = undefined;
    this.#configure();
    this.#write(documentNames.names, this.#modules.namesDocument());
    this.#writeCell('');
  }

  packagesChanged(): Promise<void> {
    return this.#turns.take(() =>
      this.#server.filesChanged(
        ['package.json', 'node_modules'].map((name) => ({
          path: join(this.#folder, name),
          type: FileChangeType.Changed,
        })),
      ),
    );
  }

  reset(): Promise<void> {
    return this.#turns.take(async () => {
      for (const name of this.#modules.reset()) this.#server.remove(this.#path(name));
      if (this.#folder !== this.#home) this.#move(this.#home);
      this.#write(documentNames.names, this.#modules.namesDocument());
      this.#writeCell('');
    });
  }

  async stop(): Promise<void> {
    this.#turns.stop();
    this.#server.kill();
  }

  #path(name: string): string {
    return isAbsolute(name) ? name : join(this.#folder, name);
  }

  #write(name: string, text: string, language: CellLanguage = 'ts'): void {
    const path = this.#path(name);
    if (language === 'tsx') this.#server.write(path, text, 'typescriptreact');
    else this.#server.write(path, text);
  }

  #writeCell(source: string, cursor?: number, text?: string): void {
    this.#language = languageOfCell(text ?? source, cursor);
    if (this.#language === 'tsx') this.#useJsx();
    const { references } = this.#headOf(source);
    if (references !== undefined) this.#write(references.name, references.text);
    this.#write(documentNames.current, this.#modules.document(source, cursor, text), this.#language);
  }

  #headOf(source: string): CellHead {
    return headOf(source, this.#language, this.#settings?.options ?? {}, this.#folder);
  }

  /** Tells the server what the project says now, if it says something new. */
  #configure(): ProjectSettings {
    const settings = settingsOf(this.#folder);
    if (settings !== this.#settings) {
      this.#settings = settings;
      this.#write(documentNames.config, programConfiguration(this.#folder, settings, this.#usesJsx));
    }
    return settings;
  }

  #useJsx(): void {
    if (this.#usesJsx) return;
    this.#usesJsx = true;
    this.#settings = undefined;
    this.#configure();
  }

  async #diagnostics(): Promise<readonly ServerDiagnostic[]> {
    const report = await this.#server.request('textDocument/diagnostic', this.#path(documentNames.current), {});
    return report.kind === 'full' ? report.items : [];
  }

  /** A failure is noted, and the author goes on without help. */
  async #orElse<Result>(otherwise: Result, turn: Promise<Result>): Promise<Result> {
    try {
      return await turn;
    } catch (error) {
      if (!this.#turns.areStopped) console.error('tensorcell:', error instanceof Error ? error.message : error);
      return otherwise;
    }
  }
}
