/** @file The completer and the tooltip in JupyterLab: types, documentation, imports that come along, overloads. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, describeWith, missingFile, missingPython } from '../support/installation.ts';
import { chromium, frontEnd, makeNotebook, startBrowser, startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { NotebookPage } from './notebook-page.ts';

const missing =
  missingFile(commandLine, frontEnd, chromium) ??
  missingPython('jupyter_server', 'jupyterlab_server', 'jupyter_client');

describeWith('help in JupyterLab 4.6 in Chromium', missing, () => {
  let lab: Lab;
  let browser: Browser;
  let notebook: NotebookPage;

  beforeAll(async () => {
    const setup = `/**
 * Scales a value.
 *
 * @param value what to scale
 * @param factor by what
 * @returns the product
 * @example
 * scale(2, 3); // 6
 */
function scale(value: number, factor?: number): number;
function scale(value: string): string;
function scale(value: any, factor = 1): any { return value * factor }
const rows = JSON.parse('[{ "name": "a", "age": 1 }]');`;
    lab = await startLab({ 'help.ipynb': makeNotebook(setup, 'scal', '', '', '', '', '') }, []);
    browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(30_000);
    notebook = new NotebookPage(page, lab);
    // By default the documentation is hidden.
    const settings = await fetch(
      `${lab.url}/lab/api/settings/@jupyterlab/completer-extension:manager?token=${lab.token}`,
      {
        method: 'PUT',
        body: JSON.stringify({ raw: JSON.stringify({ showDocumentationPanel: true }) }),
      },
    );
    expect(settings.status).toBe(204);
    await notebook.open('help.ipynb');
    await notebook.run(0);
    await notebook.cell(0).locator('.jp-InputPrompt', { hasText: '[1]:' }).waitFor();
    await notebook.idle();
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  /** Opens the completer. JupyterLab drops an answer that takes a second, as the first may on a loaded machine: it asks again. */
  async function openCompleter(): Promise<void> {
    for (const end = Date.now() + 30_000; Date.now() < end;) {
      await notebook.page.keyboard.press('Tab');
      if (
        await items()
          .first()
          .waitFor({ timeout: 3_000 })
          .then(
            () => true,
            () => false,
          )
      )
        return;
    }
    throw new Error('The completer did not open.');
  }

  const items = () => notebook.page.locator('.jp-Completer:not(.lm-mod-hidden) .jp-Completer-item');

  test('the completer shows kinds, and the documentation beside the list', async () => {
    await notebook.replaceText(1, 'tf.mat');
    await openCompleter();
    expect(await items().locator('.jp-Completer-match').allInnerTexts()).toContain('matMul');
    expect(await items().locator('.jp-Completer-typeExtended').allInnerTexts()).toContain('function');
    await notebook.page.keyboard.press('ArrowDown');
    const documentation = notebook.page.locator('.jp-Completer-docpanel');
    await documentation.filter({ hasText: /Parameters|Returns/ }).waitFor();
    expect(await documentation.innerText()).not.toMatch(/\*\*|```/);
    await notebook.screenshot('help-completer');
    await notebook.page.keyboard.press('Escape');
  });

  test('values without types complete by what they are now', async () => {
    await notebook.replaceText(2, 'rows[0].');
    await openCompleter();
    expect(await items().locator('.jp-Completer-match').allInnerTexts()).toEqual(['name', 'age']);
    await notebook.page.keyboard.press('Escape');
  });

  test('a name of Node brings its import into the cell', async () => {
    await notebook.replaceText(3, 'console.log(1);\nconst text = String(readFileSy');
    await openCompleter();
    await notebook.screenshot('help-import');
    await notebook.page.keyboard.press('Enter');
    await expect
      .poll(() => notebook.textOfActiveCell())
      .toBe("import { readFileSync } from 'node:fs';\nconsole.log(1);\nconst text = String(readFileSync");
  });

  test('where several fit, the list says from where each comes', async () => {
    await notebook.replaceText(4, 'console.log(1);\nreadFile');
    await openCompleter();
    await notebook.screenshot('help-imports');
    await items().filter({ hasText: "readFile } from 'node:fs/promises'" }).click();
    await expect
      .poll(() => notebook.textOfActiveCell())
      .toBe("import { readFile } from 'node:fs/promises';\nconsole.log(1);\nreadFile");
  });

  test('the tooltip shows overloads, the parameter in bold, its documentation', async () => {
    await notebook.replaceText(5, 'scale(2, ');
    await notebook.page.keyboard.press('Shift+Tab');
    const tooltip = notebook.page.locator('.jp-Tooltip');
    await tooltip.filter({ hasText: 'scale' }).waitFor();
    const text = await tooltip.innerText();
    expect(text).toContain('scale(value: number, factor?: number): number');
    expect(text).toContain('scale(value: string): string');
    expect(await tooltip.locator('strong code').allInnerTexts()).toEqual(['factor?: number', 'factor']);
    await notebook.screenshot('help-signature');
    await notebook.page.keyboard.press('Escape');
    await notebook.replaceText(5, 'scale');
    await notebook.page.keyboard.press('Shift+Tab');
    await tooltip.locator('pre', { hasText: 'scale(2, 3); // 6' }).waitFor();
    await notebook.screenshot('help-tooltip');
    await notebook.page.keyboard.press('Escape');
  });

  test('`name??` opens the pager with the source', async () => {
    await notebook.replaceText(6, 'scale??');
    await notebook.page.keyboard.press('Control+Enter');
    await notebook.output(6, { hasText: 'Source (cell_1.ts' }).first().waitFor();
    await notebook.screenshot('help-pager');
  });
});
