/** @file A notebook whose cells are checked and committed one after another. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NativeTypeScriptService } from '../../kernel/typescript/index.ts';
import type {
  Completions,
  Diagnostic,
  NativeTypeScriptOptions,
  TypeScriptService,
} from '../../kernel/typescript/index.ts';

export class Notebook {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'tensorcell-types-')));
  readonly service: TypeScriptService;
  #cells = 0;

  constructor(options: NativeTypeScriptOptions = {}) {
    this.service = new NativeTypeScriptService({ cwd: this.folder, ...options });
  }

  /** Writes a file of the notebook's folder. */
  file(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Errors of a cell as `line:column code message`, without running it. */
  async check(source: string): Promise<string[]> {
    const diagnostics = await this.service.check(source, `cell_${this.#cells + 1}.ts`);
    return diagnostics.map(
      ({ line, column, code, message }: Diagnostic) => `${line}:${column} ${code} ${message.split('\n')[0]}`,
    );
  }

  /** Checks a cell, and makes its declarations live. */
  async run(source: string): Promise<string[]> {
    const errors = await this.check(source);
    await this.service.commit(source, `cell_${++this.#cells}.ts`);
    return errors;
  }

  /** Completions at the cursor in the text. */
  async complete(text: string, cursor = '|'): Promise<Completions & { texts: string[]; replaced: string }> {
    const offset = text.indexOf(cursor);
    const source = text.replace(cursor, '');
    const found = await this.service.complete(source, offset);
    return { ...found, texts: found.items.map((item) => item.text), replaced: source.slice(found.start, found.end) };
  }

  /** The description of what stands at the cursor in the text. */
  async inspect(text: string, detail: 0 | 1 = 0, cursor = '|'): Promise<string | undefined> {
    return (await this.service.inspect(text.replace(cursor, ''), text.indexOf(cursor), detail))?.plain;
  }

  async close(): Promise<void> {
    await this.service.stop();
    rmSync(this.folder, { recursive: true });
  }
}
