import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, describeWith, missingFile, missingPython } from '../support/installation.ts';
import { chromium, frontEnd, makeNotebook, startBrowser, startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { NotebookPage } from './notebook-page.ts';

const missing =
  missingFile(commandLine, frontEnd, chromium) ??
  missingPython('jupyter_server', 'jupyterlab_server', 'jupyter_client');

const code = `function grow(n: number): number {
  const more: number = n + 1;
  const image = tf.tensor([[more, 2], [3, 4]]);
  const double = more * 2;
  return double;
}
grow(20)`;

/** How long (ms) any one thing may take on a loaded machine. */
const patience = 30_000;

describeWith('JupyterLab’s debugger in Chromium', missing, () => {
  let lab: Lab;
  let browser: Browser;
  let notebook: NotebookPage;
  const problems: string[] = [];

  beforeAll(async () => {
    lab = await startLab({ 'debug.ipynb': makeNotebook(code, 'grow(1)', 'throw new Error("stop here")') }, []);
    browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      const expected = /\/api\/(?:resolvePath|contents\/)/.test(message.location().url);
      if (message.type() === 'error' && !expected) problems.push(`${message.text()} ${message.location().url}`);
    });
    notebook = new NotebookPage(page, lab);
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  /** A line of the panel of variables. */
  const variable = (name: string, value: string): Locator =>
    notebook.page
      .locator('.jp-DebuggerVariables .jp-TreeItem', {
        has: notebook.page.locator('.jp-DebuggerVariables-name', { hasText: new RegExp(`^${name}$`) }),
        hasText: value,
      })
      .first();
  const frame = (name: string): Locator =>
    notebook.page.locator('.jp-DebuggerCallstackFrame.selected .jp-DebuggerCallstackFrame-name', {
      hasText: new RegExp(`^${name}$`),
    });
  const highlighted = (index: number): Locator => notebook.cell(index).locator('.jp-DebuggerEditor-highlight');

  /** Presses the button until it says so: a click before JupyterLab has asked the kernel for its debugInfo is lost. */
  const turn = (pressed: 'true' | 'false'): Promise<void> => {
    const bug = notebook.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-DebuggerBugButton').first();
    const press = async (): Promise<string | null> => {
      if ((await bug.getAttribute('aria-pressed')) !== pressed) await bug.click();
      return bug.getAttribute('aria-pressed');
    };
    return expect.poll(press, { interval: 3_000, timeout: 2 * patience }).toBe(pressed);
  };

  test('is turned on by its button', async () => {
    await notebook.open('debug.ipynb');
    await turn('true');
    await notebook.cell(0).locator('.cm-gutter.cm-breakpoint-gutter').waitFor();
  });

  test('stops at a breakpoint that a click in the gutter set, with frames and variables', async () => {
    const gutter = await notebook.cell(0).locator('.cm-gutter.cm-breakpoint-gutter').boundingBox();
    const line = await notebook.cell(0).locator('.cm-line').nth(3).boundingBox();
    if (gutter === null || line === null) throw new Error('The gutter is not in view.');
    await notebook.page.mouse.click(gutter.x + gutter.width / 2, line.y + line.height / 2);
    await notebook.cell(0).locator('.cm-breakpoint-icon >> visible=true').first().waitFor();
    // The panel lists it when the kernel has it; the icon is there before.
    await notebook.page.locator('.jp-DebuggerBreakpoint').first().waitFor();
    await notebook.run(0);
    await frame('grow').waitFor();
    expect(await highlighted(0).innerText()).toContain('const double = more * 2');
    const places = notebook.page.locator('.jp-DebuggerCallstackFrame-location');
    expect(await places.allInnerTexts()).toEqual(['Cell [*]:4', 'Cell [*]:7']);
    await variable('n', '20').waitFor();
    await variable('more', '21').waitFor();
    await variable('image', 'Tensor float32 [2, 2] [[21, 2], [3, 4]]').waitFor();
    await notebook.screenshot('debugger-stopped');
  });

  test('unfolds a tensor', async () => {
    await variable('image', 'Tensor')
      .locator('.expand-collapse-button, [part="expand-collapse-button"]')
      .first()
      .click();
    await variable('shape', '(2) [2, 2]').waitFor();
    await notebook.screenshot('debugger-tensor');
  });

  test('steps, and goes on to the end of the cell', async () => {
    await notebook.command('debugger:next');
    await variable('double', '42').waitFor();
    await expect.poll(() => highlighted(0).innerText(), { timeout: patience }).toContain('return double');
    await notebook.command('debugger:continue');
    await notebook.output(0, { hasText: /^42$/ }).waitFor();
    await highlighted(0).waitFor({ state: 'detached' });
  });

  test('stops in the function’s own cell when another cell calls it', async () => {
    await notebook.run(1);
    await frame('grow').waitFor();
    await variable('more', '2').waitFor();
    await expect.poll(() => highlighted(0).innerText(), { timeout: patience }).toContain('const double');
    await notebook.command('debugger:continue');
    await notebook.output(1, { hasText: /^4$/ }).waitFor();
  });

  test('shows the notebook’s variables while nothing is stopped', async () => {
    await variable('grow', 'grow').waitFor();
  });

  test('stops at exceptions of the kind that its menu names', async () => {
    const choose = async (filter: string): Promise<void> => {
      await notebook.page.locator('.jp-PauseOnExceptions >> visible=true').first().click();
      await notebook.page
        .locator('.lm-Menu-item', { hasText: new RegExp(`^${filter}$`) })
        .first()
        .click();
    };
    await choose('uncaught');
    await notebook.run(2);
    await frame('<cell>').waitFor();
    await variable('\\(exception\\)', 'Error: stop here').waitFor();
    expect(await highlighted(2).innerText()).toContain('throw new Error');
    await notebook.screenshot('debugger-exception');
    await notebook.command('debugger:continue');
    await notebook.output(2, { hasText: 'Error: stop here' }).first().waitFor();
    await choose('uncaught');
    await notebook.run(2);
    await notebook.idle();
  });

  test('is turned off again: nothing stops', async () => {
    await turn('false');
    await notebook.cell(0).locator('.cm-gutter.cm-breakpoint-gutter').waitFor({ state: 'detached' });
    await notebook.replaceText(1, 'grow(2)');
    await notebook.run(1);
    await notebook.output(1, { hasText: /^6$/ }).waitFor();
  });

  test('logs no error in the browser', () => expect(problems).toEqual([]));
});
