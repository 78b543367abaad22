/** @file TypeScript's native language server as a child process: documents, requests, and a new process when one ends. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { CompletionItem, FileEvent, InitializeParams } from 'vscode-languageserver-protocol/node';
import type { DocumentRequests, Notifications } from './server-protocol.ts';

/** The compiler's own executable: `.bin/tsc` is whichever of several TypeScripts was installed last. */
export function serverExecutable(): string {
  const require = createRequire(import.meta.url);
  const platformPackage = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
  const fromCompiler = createRequire(require.resolve('typescript7/package.json'));
  return join(dirname(fromCompiler.resolve(platformPackage)), 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
}

const capabilities: InitializeParams['capabilities'] = {
  workspace: { configuration: true },
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    diagnostic: {},
    completion: { completionItem: { labelDetailsSupport: true, documentationFormat: ['markdown'] } },
    definition: { linkSupport: true },
    hover: { contentFormat: ['markdown'] },
    signatureHelp: { signatureInformation: { documentationFormat: ['markdown'] } },
  },
};

/** Answers to the server's questions about settings. Nothing may be installed behind the user's back. */
const settings = {
  tsserver: { automaticTypeAcquisition: { enabled: false } },
  suggest: { autoImports: true },
  preferences: { includePackageJsonAutoImports: 'on', quoteStyle: 'single' },
};

const urlOf = (path: string): string => pathToFileURL(path).href;
/** How the server reads a document, whatever its name ends with. */
export type DocumentLanguage = 'json' | 'typescript' | 'typescriptreact';
const languageOf = (path: string): DocumentLanguage => (path.endsWith('.json') ? 'json' : 'typescript');

/** One process, and what it was told. */
class ServerProcess {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #ready: Promise<void>;
  /** Versions of the documents that the process has. */
  readonly #sent = new Map<string, Omit<Document, 'text'>>();
  /** Rejects when the process ends. */
  readonly #ended: Promise<never>;
  /** It has read the libraries, which takes the longest. */
  isWarm = false;

  constructor(folder: string, onEnd: () => void) {
    const child = spawn(serverExecutable(), ['--lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.#child = child;
    this.#connection = connection;
    this.#ended = new Promise((_resolve, reject) => {
      const end = (reason: string): void => {
        onEnd();
        reject(new Error(`The TypeScript server ended (${reason}).`));
        connection.dispose();
      };
      child.on('error', (error) => end(error.message));
      child.on('exit', (code, signal) => end(signal ?? `code ${code}`));
    });
    this.#ended.catch(() => {});
    child.stdin.on('error', () => {}); // the process ended: `exit` says so
    connection.onError(() => {});
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => settings));
    connection.onRequest('client/registerCapability', () => null);
    connection.listen();
    this.#ready = this.#initialize(folder);
    this.#ready.catch(() => {});
  }

  async #initialize(folder: string): Promise<void> {
    const parameters: InitializeParams = {
      processId: process.pid,
      rootUri: urlOf(folder),
      workspaceFolders: null,
      capabilities,
      initializationOptions: { disablePushDiagnostics: true },
    };
    await this.#unlessEnded(this.#connection.sendRequest('initialize', parameters));
    await this.#notify('initialized', {});
  }

  /** Makes the server's documents these. */
  async have(documents: ReadonlyMap<string, Document>): Promise<void> {
    await this.#ready;
    for (const path of [...this.#sent.keys()]) if (!documents.has(path)) await this.#close(path);
    for (const [path, document] of documents) {
      const known = this.#sent.get(path);
      if (known?.language !== undefined && known.language !== document.language) await this.#close(path);
      if (known?.version !== document.version) await this.#send(path, document, !this.#sent.has(path));
    }
  }

  async #send(path: string, { text, version, language }: Document, isNew: boolean): Promise<void> {
    this.#sent.set(path, { version, language });
    const uri = urlOf(path);
    if (isNew) {
      const textDocument = { uri, languageId: language, version, text };
      return this.#notify('textDocument/didOpen', { textDocument });
    }
    const change = { textDocument: { uri, version }, contentChanges: [{ text }] };
    return this.#notify('textDocument/didChange', change);
  }

  async #close(path: string): Promise<void> {
    this.#sent.delete(path);
    const textDocument = { uri: urlOf(path) };
    await this.#notify('textDocument/didClose', { textDocument });
  }

  async filesChanged(changes: FileEvent[]): Promise<void> {
    await this.#ready;
    await this.#notify('workspace/didChangeWatchedFiles', { changes });
  }

  async request<Result>(method: string, parameters: object): Promise<Result> {
    await this.#ready;
    const result = await this.#unlessEnded(this.#connection.sendRequest<Result>(method, parameters));
    this.isWarm = true;
    return result;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #notify<Method extends keyof Notifications>(method: Method, parameters: Notifications[Method]): Promise<void> {
    return this.#connection.sendNotification(method, parameters);
  }

  #unlessEnded<Result>(work: Promise<Result>): Promise<Result> {
    work.catch(() => {}); // disposed of with the connection
    return Promise.race([work, this.#ended]);
  }
}

interface Document {
  readonly text: string;
  readonly version: number;
  readonly language: DocumentLanguage;
}

/** The server, whichever process it is: a new one is started when the last one ended, and is given the same documents. */
export class LanguageServer {
  readonly #folder: string;
  readonly #documents = new Map<string, Document>();
  #process: ServerProcess | undefined;
  #version = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether the process that runs has answered before: its first answer takes much longer than the others. */
  get isWarm(): boolean {
    return this.#process?.isWarm ?? false;
  }

  /** Ends the process, if one runs. */
  kill(): void {
    this.#process?.kill();
    this.#process = undefined;
  }

  /** Creates or replaces a document. The process hears of it with the next request. */
  write(path: string, text: string, language: DocumentLanguage = languageOf(path)): void {
    const known = this.#documents.get(path);
    if (known?.text === text && known.language === language) return;
    this.#documents.set(path, { text, version: ++this.#version, language });
  }

  /** A document's text; undefined for files, of which the server alone knows. */
  textOf(path: string): string | undefined {
    return this.#documents.get(path)?.text;
  }

  remove(path: string): void {
    this.#documents.delete(path);
  }

  /** Files of the disk are new, or not what they were. */
  async filesChanged(changes: readonly { path: string; type: FileEvent['type'] }[]): Promise<void> {
    if (changes.length === 0) return;
    const server = await this.#running();
    const events = changes.map(({ path, type }) => ({ uri: urlOf(path), type }));
    await server.filesChanged(events);
  }

  /** Asks about a document as it was last written. */
  async request<Method extends keyof DocumentRequests>(
    method: Method,
    path: string,
    parameters: Omit<DocumentRequests[Method][0], 'textDocument'>,
  ): Promise<DocumentRequests[Method][1]> {
    const server = await this.#running();
    return server.request(method, { ...parameters, textDocument: { uri: urlOf(path) } });
  }

  /** A completion with what the server leaves out of lists. */
  async resolve(item: CompletionItem): Promise<CompletionItem> {
    const server = await this.#running();
    return server.request('completionItem/resolve', item);
  }

  async #running(): Promise<ServerProcess> {
    const server = (this.#process ??= new ServerProcess(this.#folder, () => {
      if (this.#process === server) this.#process = undefined;
    }));
    await server.have(this.#documents);
    return server;
  }
}
