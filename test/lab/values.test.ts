import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gallery } from '../display/gallery.ts';
import { commandLine, describeWith, missingFile, missingPython } from '../support/installation.ts';
import { chromium, frontEnd, makeNotebook, startBrowser, startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { NotebookPage } from './notebook-page.ts';

const missing =
  missingFile(commandLine, frontEnd, chromium) ??
  missingPython('jupyter_server', 'jupyterlab_server', 'jupyter_client');

const names = Object.keys(gallery);
const place = (name: string): number => {
  const found = names.indexOf(name);
  if (found === -1) throw new Error(`The gallery has no ${name}.`);
  return found;
};

describeWith('values in JupyterLab in Chromium', missing, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  let notebook: NotebookPage;
  const problems: string[] = [];

  const openPage = async (): Promise<void> => {
    page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => {
      if (!String(error).includes('No active debugger session')) problems.push(String(error));
    });
    notebook = new NotebookPage(page, lab);
  };

  beforeAll(async () => {
    lab = await startLab({ 'gallery.ipynb': makeNotebook(...Object.values(gallery)) }, []);
    browser = await startBrowser();
    await openPage();
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  test('every cell of the gallery shows its value', { timeout: 300_000 }, async () => {
    await notebook.open('gallery.ipynb');
    await notebook.command('notebook:run-all-cells');
    const cellsNow = async () =>
      (await notebook.contents()).cells as unknown as {
        execution_count: number | null;
        outputs: { output_type: string; evalue?: string }[];
      }[];
    const waiting = async () => (await cellsNow()).filter(({ execution_count: count }) => count === null).length;
    await expect.poll(waiting, { timeout: 240_000, interval: 200 }).toBe(0);
    const cells = await cellsNow();
    const failed = cells.flatMap(({ outputs }, i) =>
      outputs.filter((output) => output.output_type === 'error').map(({ evalue }) => `${names[i]}: ${evalue}`),
    );
    expect(failed).toEqual([]);
    expect(cells.filter(({ outputs }) => outputs.length === 0)).toEqual([]);
    for (const [theme, label] of [
      ['JupyterLab Light', 'light'],
      ['JupyterLab Dark', 'dark'],
    ]) {
      if (process.env.TENSORCELL_SCREENSHOTS === undefined) break;
      await page.evaluate(
        (name) =>
          (
            globalThis as unknown as { jupyterapp: { commands: { execute(id: string, args: object): Promise<void> } } }
          ).jupyterapp.commands.execute('apputils:change-theme', { theme: name }),
        theme,
      );
      await page.waitForTimeout(1_000);
      for (let i = 0; i < names.length; i += 3) {
        await notebook.scrollTo(i);
        await page.waitForTimeout(300);
        await notebook.screenshot(`values-${label}-${String(i).padStart(2, '0')}`);
      }
    }
  });

  test('a table turns its pages and sorts', async () => {
    await notebook.scrollTo(place('records'));
    const table = notebook.cell(place('records')).locator('.tensorcell-view.table');
    const range = table.locator('[data-range]');
    await expect.poll(() => range.innerText()).toBe('rows 1–20 of 5,000');
    await table.locator('[data-go=next]').click();
    expect(await range.innerText()).toBe('rows 21–40 of 5,000');
    expect(await table.locator('tbody tr td').first().innerText()).toBe('20');
    const total = table.locator('th[data-sort="2"]');
    await total.click();
    expect(await total.getAttribute('aria-sort')).toBe('ascending');
    expect(await range.innerText()).toBe('rows 1–20 of 5,000');
    const totals = () => table.locator('tbody tr td:nth-child(4)').allInnerTexts();
    const ascending = (await totals()).map(Number);
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    expect(ascending[0]).toBeLessThan(-990);
    await total.click();
    expect(Number((await totals())[0])).toBeGreaterThan(990);
    await table.locator('[data-go=last]').click();
    expect((await totals()).at(-1)).toBe('null');
    await total.click();
    expect(await total.getAttribute('aria-sort')).toBeNull();
    expect(await table.locator('tbody tr td').first().innerText()).toBe('0');
  });

  test('markup inside of values stays text', async () => {
    expect(await notebook.cell(place('records')).locator('td b').count()).toBe(0);
    expect(await notebook.cell(place('records')).locator('td', { hasText: '<b>Barbara</b>' }).count()).toBe(5);
  });

  test('objects open and close', async () => {
    await notebook.scrollTo(place('nested objects'));
    const layers = notebook.cell(place('nested objects')).locator('details details').first();
    expect(await layers.locator('.leaf').first().isVisible()).toBe(false);
    await layers.locator('summary').first().click();
    expect(await layers.locator('summary').nth(1).isVisible()).toBe(true);
  });

  test('the places of an error lead to the cells', async () => {
    await notebook.scrollTo(place('an error of another cell'));
    const links = notebook.cell(place('an error of another cell')).locator('a[href^="#cell-id="]');
    const thrower = `#cell-id=cell-${place('an error with causes')}`;
    // Cells out of view may be in the page, or not.
    const isInView = () =>
      page.evaluate((index) => {
        const cell = document.querySelector(`.jp-Cell[data-windowed-list-index="${index}"]`);
        const { top, bottom } = cell?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
        return bottom > 100 && top < innerHeight - 50;
      }, place('an error with causes'));
    const link = links.and(page.locator(`[href="${thrower}"]`)).first();
    await link.waitFor();
    expect(await isInView()).toBe(false);
    await link.click();
    await expect.poll(isInView, { timeout: 20_000 }).toBe(true);
  });

  test('a notebook that is not trusted shows the first page, without controls and warnings', async () => {
    await page.evaluate(() =>
      (
        globalThis as unknown as { jupyterapp: { commands: { execute(id: string): Promise<void> } } }
      ).jupyterapp.commands.execute('docmanager:save'),
    );
    const saved = JSON.parse(readFileSync(join(lab.folder, 'gallery.ipynb'), 'utf8')) as { cells: { id: string }[] };
    await page.close();
    await openPage();
    // Another notebook with the same outputs: nobody has run it here, so no signature of it is known.
    saved.cells = saved.cells.slice(0, 2).map((cell, i) => ({ ...cell, id: `other-${i}` }));
    await fetch(`${lab.url}/api/contents/other.ipynb?token=${lab.token}`, {
      method: 'PUT',
      body: JSON.stringify({ type: 'file', format: 'text', content: JSON.stringify(saved) }),
    });
    await notebook.open('other.ipynb');
    const output = notebook.cell(0).locator('.jp-OutputArea');
    await output.locator('tbody tr').first().waitFor();
    expect(await output.locator('tbody tr').count()).toBe(20);
    await notebook.screenshot('values-untrusted');
    expect(await output.locator('[role=button]').filter({ visible: true }).count()).toBe(0);
    expect(await output.innerText()).toContain('rows 1–20 of 5,000');
    expect(await output.innerText()).not.toContain('inline scripts');
    await notebook.screenshot('values-untrusted');
  });

  test('nothing went wrong in the page', () => {
    expect(problems).toEqual([]);
  });
});
