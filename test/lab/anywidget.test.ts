import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine, describeWith, missingFile, missingPython } from '../support/installation.ts';
import { chromium, frontEnd, makeNotebook, startBrowser, startLab } from './lab.ts';
import { NotebookPage } from './notebook-page.ts';

/** anywidget's front end, an AMD module. */
const anywidget = join(import.meta.dirname, 'node_modules', 'anywidget', 'dist', 'index.js');
const missing =
  missingFile(commandLine, frontEnd, chromium, anywidget) ??
  missingPython('jupyter_server', 'jupyterlab_server', 'jupyter_client');

const definition = `const Counter = widgets.defineWidget({
  esm: \`export default {
    render({ model, el }) {
      const button = document.createElement('button');
      button.className = 'mine';
      const data = model.get('data');
      const draw = () => { button.textContent = model.get('count') + ' and ' + new Float32Array(data.buffer)[0]; };
      button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); };
      model.on('change:count', draw);
      draw();
      el.append(button);
    },
  };\`,
  css: '.mine { color: rgb(255, 0, 0); }',
  state: { count: 0, data: new Float32Array([2.5]) },
});
const counter = new Counter({ count: 5 });
counter`;

/**
 * Registers anywidget as its JupyterLab extension does. Extensions get the base classes from the build; here they are taken
 * from a Box that is on the page: its view derives from DOMWidgetView, its model in two steps from DOMWidgetModel.
 */
const install = (source: string): string => `(async () => {
  let view;
  const visit = (widget) => {
    if (widget._view?.model) view = widget._view;
    for (const child of widget.layout ?? []) visit(child);
  };
  visit(jupyterapp.shell.currentWidget);
  const ancestor = (instance, steps) => {
    let type = instance.constructor;
    for (let step = 0; step < steps; step++) type = Object.getPrototypeOf(type);
    return type;
  };
  const base = { DOMWidgetView: ancestor(view, 1), DOMWidgetModel: ancestor(view.model, 2) };
  let exported;
  globalThis.define = (names, factory) => { exported = factory(...names.map(() => base)); };
  await import(URL.createObjectURL(new Blob([${JSON.stringify(source)}], { type: 'text/javascript' })));
  delete globalThis.define;
  const tokens = [...jupyterapp.pluginRegistry._services.keys()];
  const token = tokens.find(({ name }) => name === 'jupyter.extensions.jupyterWidgetRegistry');
  const registry = await jupyterapp.resolveRequiredService(token);
  registry.registerWidget({ name: 'anywidget', version: '0.11.0', exports: () => exported });
})()`;

describeWith('anywidget in JupyterLab, in Chromium', missing, () => {
  test('a widget with a front end of its own is drawn and shares its state', async () => {
    const cells = makeNotebook('new widgets.Box([])', definition, 'counter.count', 'counter.count = 41');
    const lab = await startLab({ 'anywidget.ipynb': cells }, []);
    const browser = await startBrowser();
    try {
      const notebook = new NotebookPage(await browser.newPage(), lab);
      await notebook.open('anywidget.ipynb');
      await notebook.run(0);
      await notebook.cell(0).locator('.jupyter-widgets').waitFor({ state: 'attached' });
      await notebook.page.evaluate(install(readFileSync(anywidget, 'utf8')));
      await notebook.run(1);
      const button = notebook.cell(1).locator('button.mine');
      await button.filter({ hasText: '5 and 2.5' }).click();
      await button.filter({ hasText: '6 and 2.5' }).waitFor();
      const color = (element: unknown): string =>
        (globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }).getComputedStyle(element).color;
      await expect.poll(() => button.evaluate(color)).toBe('rgb(255, 0, 0)');
      await notebook.run(2);
      await notebook.output(2, { hasText: /^6$/ }).waitFor();
      await notebook.run(3);
      await button.filter({ hasText: '41 and 2.5' }).waitFor();
      await notebook.screenshot('anywidget');
    } finally {
      await browser.close();
      await lab.stop();
    }
  });
});
