import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, describeWith, missingFile, missingPython } from '../support/installation.ts';
import { chromium, frontEnd, makeNotebook, startBrowser, startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { NotebookPage } from './notebook-page.ts';

const missing =
  missingFile(commandLine, frontEnd, chromium) ??
  missingPython('jupyter_server', 'jupyterlab_server', 'jupyter_client');

const cells = [
  /* 0 */ `console.log('first');\nconst name = prompt('Name: ');\n\`hello \${name}\``,
  /* 1 */ `const key = await input.password('Key: ');\nkey.length`,
  /* 2 */ `confirm('Delete all?')`,
  /* 3 */ `import * as readline from 'node:readline/promises';
const asking = readline.createInterface({ input: process.stdin });
const [from, to] = [await asking.question('From: '), await asking.question('To: ')];
asking.close();
from + ' to ' + to`,
  /* 4 */ `prompt('Stop me: ')`,
  /* 5 */ `await input('And me: ')`,
];

describeWith('Input in JupyterLab, in Chromium', missing, () => {
  let lab: Lab;
  let browser: Browser;
  let notebook: NotebookPage;

  beforeAll(async () => {
    lab = await startLab({ 'input.ipynb': makeNotebook(...cells) }, []);
    browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    page.setDefaultTimeout(30_000);
    notebook = new NotebookPage(page, lab);
    await notebook.open('input.ipynb');
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  /** The field of a cell, when it is there. */
  const field = async (index: number, prompt: string) => {
    await notebook.cell(index).locator('.jp-Stdin-prompt', { hasText: prompt }).last().waitFor();
    return notebook.cell(index).locator('input.jp-Stdin-input').last();
  };
  const answer = async (index: number, prompt: string, line: string): Promise<void> => {
    await (await field(index, prompt)).fill(line);
    await notebook.page.keyboard.press('Enter');
  };

  test('prompt asks below what was printed', async () => {
    await notebook.run(0);
    const asked = await field(0, 'Name:');
    await notebook.output(0, { hasText: 'first' }).waitFor();
    expect(await asked.getAttribute('type')).not.toBe('password');
    await answer(0, 'Name:', 'Ada');
    await notebook.output(0, { hasText: "'hello Ada'" }).waitFor();
  });

  test('a password is not shown, while it is typed nor after', async () => {
    await notebook.run(1);
    expect(await (await field(1, 'Key:')).getAttribute('type')).toBe('password');
    await answer(1, 'Key:', 'secret');
    await notebook.output(1, { hasText: /^6$/ }).waitFor();
    expect(await notebook.cell(1).innerText()).not.toContain('secret');
    expect(JSON.stringify(await notebook.contents())).not.toContain('secret');
  });

  test('confirm and readline', async () => {
    await notebook.run(2);
    await answer(2, 'Delete all? [y/N]', 'y');
    await notebook.output(2, { hasText: /^true$/ }).waitFor();
    await notebook.run(3);
    await answer(3, 'From:', 'Oslo');
    await answer(3, 'To:', 'Rome');
    await notebook.output(3, { hasText: "'Oslo to Rome'" }).waitFor();
  });

  test('the button that interrupts ends a question, blocking or not, and the next cell can ask', async () => {
    for (const [index, prompt] of [
      [4, 'Stop me:'],
      [5, 'And me:'],
    ] as const) {
      await notebook.scrollTo(index);
      await notebook.run(index);
      await field(index, prompt);
      await notebook.command('kernelmenu:interrupt');
      await notebook.output(index, { hasText: 'interrupted' }).waitFor();
      await notebook.idle();
    }
    await notebook.scrollTo(0);
    await notebook.run(0);
    await answer(0, 'Name:', 'Grace');
    await notebook.output(0, { hasText: "'hello Grace'" }).waitFor();
  });
});
