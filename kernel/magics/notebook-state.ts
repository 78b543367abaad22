/** @file What magics change in a notebook and keep. */
import { LocalImports } from './reload.ts';
import type { NotebookSettings } from './settings.ts';

export class NotebookState {
  readonly settings: NotebookSettings;
  readonly localImports = new LocalImports();
  /** Where the cells are. */
  folder: string;
  readonly #home: string;

  constructor(settings: NotebookSettings, folder: string) {
    this.settings = settings;
    this.folder = folder;
    this.#home = folder;
  }

  /** The cell process was lost: the next one begins where the first one did. */
  startAgain(): void {
    this.folder = this.#home;
    this.localImports.forget();
  }
}
