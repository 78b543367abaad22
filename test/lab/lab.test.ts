import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Notebook } from '../../kernel/cli/notebook.ts';
import { expectDigitsResults } from '../clients/digits-notebook.ts';
import { commandLine, describeWith, missingFile, missingPython, repository } from '../support/installation.ts';
import { chromium, frontEnd, makeNotebook, startBrowser, startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { NotebookPage } from './notebook-page.ts';

const digits = join(repository, 'notebooks', '01-classify-digits.ipynb');
const missing =
  missingFile(commandLine, frontEnd, chromium) ??
  missingPython('jupyter_server', 'jupyterlab_server', 'jupyter_client');

describeWith('JupyterLab 4.6 in Chromium', missing, () => {
  let lab: Lab;
  let browser: Browser;
  let notebook: NotebookPage;
  const problems: string[] = [];

  beforeAll(async () => {
    const cells = makeNotebook(
      'interface Point { x: number; y: number }\nconst point: Point = { x: 1, y: 2 };\npoint.x + point.y',
      'point.',
      'tf.matMul(',
      'const wrong: number = "text";',
      'for (;;) {}',
      '[1, 2, 3].map((n) => n ** 2)',
    );
    lab = await startLab({ 'cells.ipynb': cells }, [digits]);
    browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => {
      problems.push(String(error));
    });
    page.on('console', (message) => {
      // Lab asks whether what looks like a path in a traceback is a file; this server does not know that question.
      const expected = /\/api\/(?:resolvePath|contents\/)/.test(message.location().url);
      if (message.type() === 'error' && !expected) problems.push(`${message.text()} ${message.location().url}`);
    });
    notebook = new NotebookPage(page, lab);
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  test('shows the kernel with its logo and runs a typed cell', async () => {
    await notebook.open('cells.ipynb');
    expect(await notebook.page.locator('.jp-KernelName').first().innerText()).toContain('TypeScript (TensorCell)');
    await notebook.run(0);
    await notebook.output(0, { hasText: /^3$/ }).waitFor();
    expect(await notebook.cell(0).locator('.cm-content').innerHTML()).toMatch(/<span[^>]*>interface<\/span>/);
    const logo = await fetch(`${lab.url}/kernelspecs/tensorcell/logo-svg.svg?token=${lab.token}`);
    expect(logo.status).toBe(200);
    expect(await logo.text()).toContain('<svg');
  });

  test('completes members with their types', async () => {
    await notebook.edit(1);
    await notebook.page.keyboard.press('Tab');
    const items = notebook.page.locator('.jp-Completer:not(.lm-mod-hidden) .jp-Completer-item');
    await items.first().waitFor();
    expect(await items.locator('.jp-Completer-match').allInnerTexts()).toEqual(expect.arrayContaining(['x', 'y']));
    const kinds = await items.locator('.jp-Completer-typeExtended').allInnerTexts();
    expect(kinds.join(' ').toLowerCase()).toMatch(/property|field/);
    await notebook.screenshot('completer');
    await notebook.page.keyboard.press('Enter');
    await expect.poll(() => notebook.textOfActiveCell()).toMatch(/^point\.[xy]$/);
  });

  test('shows the signature of a function in the tooltip', async () => {
    await notebook.edit(2);
    await notebook.page.keyboard.press('Shift+Tab');
    const tooltip = notebook.page.locator('.jp-Tooltip');
    await tooltip.filter({ hasText: 'matMul' }).waitFor();
    expect(await tooltip.innerText()).toMatch(/Tensor/);
    await notebook.screenshot('tooltip');
    await notebook.page.keyboard.press('Escape');
  });

  test('refuses a cell with a type error, at its line', async () => {
    await notebook.run(3);
    const error = notebook.output(3);
    await error.filter({ hasText: 'not assignable' }).first().waitFor();
    await notebook.screenshot('type-error');
  });

  test('interrupts an endless loop and keeps what was there', async () => {
    await notebook.run(4);
    await notebook.status('busy');
    await notebook.page.locator('.jp-Cell').nth(4).locator('.jp-InputPrompt', { hasText: '[*]' }).waitFor();
    await notebook.command('notebook:interrupt-kernel');
    await notebook.idle();
    await notebook
      .output(4, { hasText: /interrupt/i })
      .first()
      .waitFor();
    await notebook.replaceText(5, 'point.y * 21');
    await notebook.run(5);
    await notebook.output(5, { hasText: /^42$/ }).waitFor();
  });

  test('restarts into a fresh process', async () => {
    await notebook.command('notebook:restart-kernel');
    await notebook.page.locator('.jp-Dialog button', { hasText: 'Restart' }).click();
    await notebook.page.locator('.jp-Dialog').waitFor({ state: 'detached' });
    await notebook.idle();
    await notebook.replaceText(5, 'typeof (globalThis as { point?: unknown }).point');
    await notebook.run(5);
    await notebook.output(5, { hasText: 'undefined' }).waitFor();
    await notebook.cell(5).locator('.jp-InputPrompt', { hasText: '[1]:' }).waitFor();
  });

  test('runs the digits notebook: the progress moves while it trains, pictures and accuracy are there', async () => {
    await notebook.open('01-classify-digits.ipynb');
    const { page } = notebook;
    const cells = (await notebook.contents()).cells;
    const indexOf = (id: string): number => cells.findIndex((cell) => cell.id === id);
    // Old outputs are cleared first: whatever is seen then comes from this run.
    await notebook.command('editmenu:clear-all');
    await expect.poll(async () => JSON.stringify(await notebook.contents())).not.toContain('"output_type"');

    await notebook.command('notebook:run-all-cells');
    const view = notebook.output(indexOf('fit')).first();
    const seen: string[] = [];
    for (const end = Date.now() + 240_000; Date.now() < end; await page.waitForTimeout(100)) {
      await notebook.scrollTo(indexOf('fit'));
      const text = await view.innerText({ timeout: 100 }).catch(() => '');
      if (text !== '' && text !== seen.at(-1)) seen.push(text);
      if (seen.length === 10) await notebook.screenshot('training');
      if (/6 epochs/.test(text)) break;
    }
    await notebook.scrollTo(indexOf('step'));
    const positions = new Set(seen.map((text) => /step [\d,]+\/[\d,]+/.exec(text)?.[0]).filter(Boolean));
    expect(positions.size).toBeGreaterThan(5);
    // The kernel is idle between any two cells: the last cell's number says that all of them ran.
    await notebook
      .cell(indexOf('step'))
      .locator('.jp-InputPrompt', { hasText: /\[\d+\]:/ })
      .waitFor({ timeout: 120_000 });
    await notebook.idle();
    expectDigitsResults((await notebook.contents()) as Notebook);

    for (const id of ['samples', 'architecture', 'fit', 'history', 'confusion', 'mistakes', 'step']) {
      await notebook.scrollTo(indexOf(id));
      await notebook.output(indexOf(id)).first().waitFor();
      await page.waitForTimeout(300);
      await notebook.screenshot(`digits-${id}`);
    }
    await notebook.scrollTo(indexOf('history'));
    await notebook.cell(indexOf('history')).locator('.vega-embed canvas, .vega-embed svg').first().waitFor();
  }, 300_000);

  test('logs no error in the browser', () => expect(problems).toEqual([]));
});
