import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromium, classicProgram, makeNotebook, startBrowser, startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { commandLine, describeWith, missingFile, missingPython } from '../support/installation.ts';

/** The part of the classic Notebook's page that the tests ask. */
interface ClassicPage {
  readonly Jupyter: {
    readonly notebook?: {
      readonly kernel?: {
        is_connected(): boolean;
        interrupt(): void;
        restart(done: () => void, failed: (problem: unknown) => void): void;
      };
      execute_cells(indices: number[]): void;
      select(index: number): void;
      edit_mode(): void;
      get_cell(index: number): {
        get_text(): string;
        readonly code_mirror: { setCursor(line: number, column: number): void; getOption(name: string): unknown };
      };
    };
  };
}

// Notebook 7 is a package of the same name, without this module.
const missing = missingFile(commandLine, chromium) ?? missingPython('notebook.notebookapp');

describeWith('Notebook 6 in Chromium', missing, () => {
  let server: Lab;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const cells = makeNotebook(
      'interface Point { x: number }\nconst point: Point = { x: 41 };\npoint.x + 1',
      'point.',
      'tf.matMul(',
      'const wrong: string = 1',
      'for (;;) {}',
      'await input("Who? ")',
      'const handle = display.html("<b>0</b>"); await handle.update("<b id=\'shown\'>1</b>")',
      'typeof (globalThis as { point?: unknown }).point',
    );
    server = await startLab({ 'cells.ipynb': cells }, [], classicProgram);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`${server.url}/notebooks/cells.ipynb?token=${server.token}`);
    await page.waitForFunction(() => (globalThis as unknown as ClassicPage).Jupyter?.notebook?.kernel?.is_connected());
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const cell = (index: number): Locator => page.locator('.cell').nth(index);
  const run = (index: number): Promise<void> =>
    page.evaluate((at) => (globalThis as unknown as ClassicPage).Jupyter.notebook?.execute_cells([at]), index);
  const edit = (index: number, column: number): Promise<void> =>
    page.evaluate(
      ([at, to]) => {
        const { notebook } = (globalThis as unknown as ClassicPage).Jupyter;
        notebook?.select(at);
        notebook?.edit_mode();
        notebook?.get_cell(at).code_mirror.setCursor(0, to);
      },
      [index, column] as const,
    );

  test('runs a typed cell and highlights it as TypeScript', async () => {
    await run(0);
    await cell(0).locator('.output_result', { hasText: '42' }).waitFor();
    await cell(0).locator('.cm-keyword', { hasText: 'interface' }).waitFor();
    expect(await page.locator('#kernel_indicator').innerText()).toContain('TypeScript (TensorCell)');
  });

  test('completes, and shows signatures', async () => {
    await edit(1, 6);
    await page.keyboard.press('Tab');
    const text = () =>
      page.evaluate(() => (globalThis as unknown as ClassicPage).Jupyter.notebook?.get_cell(1).get_text());
    await expect.poll(text, { timeout: 20_000 }).toBe('point.x');
    await edit(2, 10);
    await page.keyboard.press('Shift+Tab');
    await page.locator('#tooltip', { hasText: 'matMul(' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('shows type errors, interrupts, asks', async () => {
    await run(3);
    await cell(3).locator('.output_error', { hasText: 'not assignable' }).waitFor();
    await run(4);
    await cell(4).locator('.input_prompt', { hasText: '[*]' }).waitFor();
    // An interrupt may overtake the cell: it is asked for until the cell has stopped.
    for (
      const stopped = cell(4).locator('.output_error');
      (await stopped.count()) === 0;
      await page.waitForTimeout(300)
    )
      await page.evaluate(() => (globalThis as unknown as ClassicPage).Jupyter.notebook?.kernel?.interrupt());
    await cell(4).locator('.output_error', { hasText: 'Interrupted' }).waitFor();
    await run(5);
    await cell(5).locator('input.raw_input').fill('Ada');
    await page.keyboard.press('Enter');
    await cell(5).locator('.output_result', { hasText: 'Ada' }).waitFor();
  });

  test('updates displays, and restarts', async () => {
    await run(6);
    await cell(6).locator('#shown', { hasText: '1' }).waitFor();
    // Resolves when the server has restarted it; the page connects anew after that.
    await page.evaluate(
      () =>
        new Promise<void>((done, failed) =>
          (globalThis as unknown as ClassicPage).Jupyter.notebook?.kernel?.restart(done, failed),
        ),
    );
    await page.waitForFunction(() => (globalThis as unknown as ClassicPage).Jupyter.notebook?.kernel?.is_connected());
    await run(7);
    await cell(7).locator('.output_result', { hasText: 'undefined' }).waitFor();
    await cell(7).locator('.input_prompt', { hasText: '[1]' }).waitFor();
  });

  test('logs no error of a script', () => expect(problems).toEqual([]));
});
