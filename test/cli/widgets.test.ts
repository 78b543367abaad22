/** @file Widgets in a run without a front end: kept with the notebook, drawn in its page. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { WidgetMetadata } from '../../kernel/client/index.ts';
import { describeWith, missingPython, systemPython } from '../support/installation.ts';
import { tensorcell, temporaryFolder, writeCells } from './command-line.ts';

interface ExecutedNotebook {
  readonly metadata: { readonly widgets?: WidgetMetadata };
  readonly cells: readonly { readonly outputs: readonly { readonly data?: Record<string, { model_id: string }> }[] }[];
}

const read = (folder: string, name = 'test.out.ipynb'): ExecutedNotebook =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as ExecutedNotebook;
const stateType = 'application/vnd.jupyter.widget-state+json';
const viewType = 'application/vnd.jupyter.widget-view+json';

const cells = [
  `const slider = new widgets.IntSlider({ max: 9, description: 'a < b', layout: { width: '50%', border: 'x;y' } });
const picture = new widgets.Image({ value: new Uint8Array([1, 2, 3]) });
const out = new widgets.Output();
new widgets.Tab([new widgets.VBox([slider, picture]), out], { titles: ['<first>', 'second'] })`,
  `slider.value = 7;
picture.value = new Uint8Array([4, 5]);
const closed = new widgets.Label();
closed.close();
out.with(() => {
  console.log('captured');
  display.html('<b>shown</b>');
});
console.log('not captured');`,
  `console.log(out.outputs.length, out.outputs.map((output) => output.output_type).join());
widgets.interact(({ n }) => 'n is ' + n, { n: [0, 4] });`,
  `out.clear();
out.appendStdout('after that');
new widgets.Password({ value: 'secret' })`,
];

test('are kept as front ends keep them, with what output widgets captured', async () => {
  const folder = temporaryFolder();
  const { code, stderr } = await tensorcell(['run', writeCells(folder, cells), '--html']);
  expect(code, stderr).toBe(0);
  const notebook = read(folder);
  const { state, version_major } = notebook.metadata.widgets![stateType];
  expect(version_major).toBe(2);
  const find = (name: string) => Object.values(state).filter(({ model_name }) => model_name === name);
  expect(find('IntSliderModel').find((model) => model.state.value === 7)).toMatchObject({
    model_module: '@jupyter-widgets/controls',
    model_module_version: '2.0.0',
    state: { value: 7, description: 'a < b', _model_name: 'IntSliderModel' },
  });
  expect(find('ImageModel')[0].buffers).toEqual([{ path: ['value'], encoding: 'base64', data: 'BAU=' }]);
  expect(find('LabelModel')).toEqual([]);
  const outputs = find('OutputModel').map((model) => model.state.outputs as Record<string, unknown>[]);
  // Notebooks are written with sorted keys, and ids are random.
  expect(outputs).toHaveLength(2);
  expect(outputs).toContainEqual([{ output_type: 'stream', name: 'stdout', text: 'after that' }]);
  const shownThere = [{ output_type: 'display_data', data: { 'text/plain': "'n is 2'" }, metadata: {} }];
  expect(outputs).toContainEqual(shownThere);
  expect(find('OutputModel').map((model) => model.state.msg_id)).toEqual(['', '']);

  const [shown] = notebook.cells[0].outputs;
  expect(Object.keys(state)).toContain(shown.data![viewType].model_id);
  expect(notebook.cells[1].outputs).toMatchObject([{ text: ['not captured\n'] }]);
  expect(notebook.cells[2].outputs).toMatchObject([
    { text: ['2 stream,display_data\n'] },
    { output_type: 'display_data' },
  ]);

  const page = readFileSync(join(folder, 'test.out.html'), 'utf8');
  expect(page).toContain('<summary>&lt;first&gt;</summary>');
  expect(page).toMatch(/<label>a &lt; b<\/label><input type="range" min="0" max="9" step="1" value="7" disabled>/);
  expect(page).toContain('style="width: 50%"');
  expect(page).toContain('<img src="data:image/png;base64,BAU="');
  expect(page).toContain('after that');
  expect(page).toContain('n is 2');
  expect(page).not.toContain('value="secret"');
});

test('of an earlier run are gone where there are none any more', async () => {
  const folder = temporaryFolder();
  await tensorcell(['run', writeCells(folder, ['new widgets.Label()'])]);
  expect(read(folder).metadata.widgets).toBeDefined();
  const again = JSON.parse(readFileSync(join(folder, 'test.out.ipynb'), 'utf8')) as { cells: { source: string }[] };
  again.cells[0].source = '1';
  writeFileSync(join(folder, 'test.ipynb'), JSON.stringify(again));
  await tensorcell(['run', join(folder, 'test.ipynb')]);
  expect(read(folder).metadata.widgets).toBeUndefined();
});

describeWith('nbconvert', missingPython('nbconvert'), () => {
  test('draws the widgets of a run in its pages', async () => {
    const folder = temporaryFolder();
    await tensorcell(['run', writeCells(folder, ['new widgets.IntSlider({ value: 7 })'])]);
    const shown = read(folder).cells[0].outputs[0].data![viewType].model_id;
    const options = ['-m', 'nbconvert', '--to', 'html', 'test.out.ipynb'];
    const { status, stderr } = spawnSync(systemPython, options, { cwd: folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const page = readFileSync(join(folder, 'test.out.html'), 'utf8');
    expect(page).toMatch(/<script type="application\/vnd\.jupyter\.widget-state\+json">/);
    expect(page.split(shown).length).toBeGreaterThan(2);
  });
});
