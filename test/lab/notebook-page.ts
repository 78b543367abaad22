/** @file A notebook open in JupyterLab, as a person uses it: cells, keys, commands, what is shown. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Lab } from './lab.ts';

/** The part of JupyterLab's application object that the tests ask; it stands in the page as `jupyterapp`. */
interface JupyterLabPage {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<unknown> };
    shell: {
      currentWidget: {
        sessionContext?: { session?: { kernel?: { status: string } } };
        content: {
          activeCell: { model: { sharedModel: { getSource(): string; setSource(text: string): void } } };
          model: { toJSON(): unknown };
          scrollToItem(index: number, align: 'center' | 'start'): Promise<void>;
        };
      } | null;
    };
  };
}

export class NotebookPage {
  readonly page: Page;
  readonly #lab: Lab;

  constructor(page: Page, lab: Lab) {
    this.page = page;
    this.#lab = lab;
  }

  /** Opens a notebook and waits until its kernel is idle. */
  async open(file: string): Promise<void> {
    const workspace = file.replace(/\W/g, '-');
    await this.page.goto(`${this.#lab.url}/lab/workspaces/${workspace}/tree/${file}?token=${this.#lab.token}`);
    await this.page.waitForSelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell');
    await this.idle();
  }

  async idle(timeout = 30_000): Promise<void> {
    await this.status('idle', timeout);
  }

  async status(status: string, timeout = 30_000): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const { jupyterapp } = globalThis as unknown as JupyterLabPage;
        return jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === wanted;
      },
      status,
      { timeout },
    );
  }

  /** A cell by its place in the notebook; cells out of view may not be in the page. */
  cell(index: number): Locator {
    return this.page.locator(`.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell[data-windowed-list-index="${index}"]`);
  }

  output(index: number, options?: { hasText?: string | RegExp }): Locator {
    return this.cell(index).locator('.jp-OutputArea-output', options);
  }

  /** Puts the cursor at the end of a cell's text. */
  async edit(index: number): Promise<void> {
    await this.cell(index).locator('.cm-content').click();
    await this.page.keyboard.press('Control+End');
  }

  /** Gives a cell another text and leaves the cursor at its end. */
  async replaceText(index: number, text: string): Promise<void> {
    await this.edit(index);
    await this.page.evaluate((source) => {
      const { jupyterapp } = globalThis as unknown as JupyterLabPage;
      jupyterapp.shell.currentWidget?.content.activeCell.model.sharedModel.setSource(source);
    }, text);
    await this.page.keyboard.press('Control+End');
  }

  async textOfActiveCell(): Promise<string> {
    return this.page.evaluate(() => {
      const { jupyterapp } = globalThis as unknown as JupyterLabPage;
      return jupyterapp.shell.currentWidget?.content.activeCell.model.sharedModel.getSource() ?? '';
    });
  }

  /** The notebook as the front end would save it now. */
  async contents(): Promise<{ cells: { id: string }[] }> {
    return this.page.evaluate(() => {
      const { jupyterapp } = globalThis as unknown as JupyterLabPage;
      return jupyterapp.shell.currentWidget?.content.model.toJSON() as { cells: { id: string }[] };
    });
  }

  /** Brings a cell into view: JupyterLab draws only the cells around what is shown. */
  async scrollTo(index: number): Promise<void> {
    await this.page.evaluate(async (item) => {
      const { jupyterapp } = globalThis as unknown as JupyterLabPage;
      await jupyterapp.shell.currentWidget?.content.scrollToItem(item, 'start');
    }, index);
  }

  /** Runs one cell by its keys. */
  async run(index: number): Promise<void> {
    await this.edit(index);
    await this.page.keyboard.press('Control+Enter');
  }

  /** Starts a command of JupyterLab's; does not wait for its end, which may need a dialog's answer. */
  async command(id: string): Promise<void> {
    await this.page.evaluate((name) => {
      const { jupyterapp } = globalThis as unknown as JupyterLabPage;
      void jupyterapp.commands.execute(name);
    }, id);
  }

  /** A picture of the page in the folder that TENSORCELL_SCREENSHOTS names, if it names one. */
  async screenshot(name: string): Promise<void> {
    const folder = process.env.TENSORCELL_SCREENSHOTS;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
