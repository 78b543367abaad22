import type { Browser, Locator } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, describeWith, missingFile, missingPython } from '../support/installation.ts';
import { chromium, frontEnd, makeNotebook, startBrowser, startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { NotebookPage } from './notebook-page.ts';

const missing =
  missingFile(commandLine, frontEnd, chromium) ??
  missingPython('jupyter_server', 'jupyterlab_server', 'jupyter_client');

/** A red square: pictures in widgets are binary parts of messages. */
const red = { width: 24, height: 24, channels: 3, background: 'red' } as const;
const square = (await sharp({ create: red }).png().toBuffer()).toString('base64');

const cells = [
  /* 0 */ `const slider = new widgets.IntSlider({ min: 0, max: 10, value: 3, description: 'units', layout: { width: '60%' } });
slider`,
  /* 1 */ `slider.value`,
  /* 2 */ `const button = new widgets.Button({ description: 'Press', buttonStyle: 'success', icon: 'check' });
const out = new widgets.Output();
let presses = 0;
button.onClick(out.capture(() => console.log('pressed', ++presses)));
new widgets.VBox([button, out])`,
  /* 3 */ `widgets.interact(({ n, unit }) => display.html(\`<b class="answer">\${n * n} \${unit}</b>\`), {
  n: [0, 20],
  unit: ['metres', 'feet'],
});`,
  /* 4 */ `const rate = new widgets.FloatLogSlider({ min: -4, max: 0, value: 0.01, description: 'rate' });
const stop = new widgets.Button({ description: 'Stop', buttonStyle: 'danger' });
const bar = new widgets.IntProgress({ max: 100, description: 'epoch' });
const log = new widgets.Output();
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
model.compile({ optimizer: 'sgd', loss: 'mse' });
stop.onClick(() => { model.stopTraining = true; });
rate.observe('value', log.capture(({ value }) => console.log('rate', value.toFixed(4))));
display(new widgets.VBox([new widgets.HBox([rate, stop]), bar, log]));
const live = new tf.callbacks.LambdaCallback({ onEpochEnd: (epoch: number) => { bar.value = epoch % 100; } });
await model.fit(tf.ones([64, 4]), tf.ones([64, 1]), { epochs: 1e6, verbose: 0, callbacks: [live] });
console.log('training is over');`,
  /* 5 */ `const page = (title: string, ...content: widgets.Widget[]) => new widgets.VBox(content, { layout: { padding: '4px' } });
const shown = new widgets.Tab([
  page('numbers', new widgets.FloatSlider({ value: 2.5, max: 5, description: 'float' }), new widgets.IntRangeSlider({ description: 'range' }),
    new widgets.BoundedFloatText({ description: 'bounded' }), new widgets.IntProgress({ value: 40, barStyle: 'info', description: 'progress' }),
    new widgets.Play({ max: 5 })),
  page('text', new widgets.Text({ value: 'text', description: 'Text' }), new widgets.Password({ value: 'secret', description: 'Password' }),
    new widgets.Textarea({ value: 'lines', description: 'Textarea' }), new widgets.Combobox({ options: ['a', 'b'], description: 'Combobox' }),
    new widgets.HTML({ value: '<i>HTML</i>' }), new widgets.HTMLMath({ value: 'math $x^2$' }), new widgets.Label({ value: 'a label' })),
  page('choices', new widgets.Dropdown({ options: ['a', 'b'], description: 'Dropdown' }), new widgets.RadioButtons({ options: ['x', 'y'] }),
    new widgets.Select({ options: [1, 2, 3] }), new widgets.SelectMultiple({ options: ['p', 'q'], value: ['q'] }),
    new widgets.ToggleButtons({ options: ['left', 'right'] }), new widgets.SelectionSlider({ options: ['low', 'high'] }),
    new widgets.Checkbox({ value: true, description: 'Checkbox' }), new widgets.ToggleButton({ description: 'Toggle' }), new widgets.Valid({ value: true })),
  page('more', new widgets.ColorPicker({ value: 'teal', description: 'colour' }), new widgets.DatePicker({ value: new Date(2024, 1, 29), description: 'date' }),
    new widgets.TimePicker({ value: '9:30', description: 'time' }), new widgets.DatetimePicker({ value: new Date(0), description: 'moment' }),
    new widgets.TagsInput({ value: ['red', 'green'] }), new widgets.FileUpload(), new widgets.Image({ value: Buffer.from('${square}', 'base64'), layout: { width: '3em' } }),
    new widgets.Accordion([new widgets.Label({ value: 'inside' })], { titles: ['Accordion'], selectedIndex: 0 })),
], { titles: ['numbers', 'text', 'choices', 'more'] });
shown`,
  /* 6 */ `const linked = [new widgets.IntSlider({ description: 'a' }), new widgets.IntText({ description: 'b' })] as const;
widgets.jslink([linked[0], 'value'], [linked[1], 'value']);
new widgets.VBox(linked)`,
  /* 7 */ `const upload = new widgets.FileUpload();
upload.observe('value', out.capture(({ value }) => console.log(value[0].name, new TextDecoder().decode(value[0].content))));
upload`,
  /* 8 */ `const flooded = new widgets.IntProgress({ max: 100, description: 'flood' });
const counted = new widgets.Label();
display(new widgets.AppLayout({ header: counted, center: flooded, paneHeights: ['40px', 1, 0] }));
for (let step = 0; step < 50_000; step++) {
  flooded.value = step % 100;
  counted.value = \`step \${step}\`;
}
flooded.value = 42;
'flood is over'`,
];

describeWith('Widgets in JupyterLab, in Chromium', missing, () => {
  let lab: Lab;
  let browser: Browser;
  let notebook: NotebookPage;
  const problems: string[] = [];
  /** From the reload of the page on. */
  let mayCancel = false;

  beforeAll(async () => {
    lab = await startLab({ 'widgets.ipynb': makeNotebook(...cells) }, []);
    browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => {
      // A reload or a restart cancels what Lab's debugger panel had asked of the kernel until then, and Lab says so.
      if (!(mayCancel && String(error).includes('Canceled future for debug_request'))) problems.push(String(error));
    });
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
    });
    notebook = new NotebookPage(page, lab);
    await notebook.open('widgets.ipynb');
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  /** Runs a cell and gives its output's widgets. */
  const show = async (index: number): Promise<Locator> => {
    await notebook.scrollTo(index);
    await notebook.run(index);
    const shown = notebook.cell(index).locator('.jp-OutputArea-output .jupyter-widgets').first();
    await shown.waitFor();
    await notebook.scrollTo(index);
    return notebook.cell(index);
  };

  test('a slider is drawn; what the user does arrives, and what a cell assigns is shown', async () => {
    const cell = await show(0);
    expect(await cell.locator('.widget-label').innerText()).toBe('units');
    await cell.locator('.noUi-handle').focus();
    for (let step = 0; step < 4; step++) await notebook.page.keyboard.press('ArrowRight');
    await cell.locator('.widget-readout', { hasText: /^7$/ }).waitFor();
    await notebook.run(1);
    await notebook.output(1, { hasText: /^7$/ }).waitFor();
    await notebook.replaceText(1, 'slider.value = 9');
    await notebook.run(1);
    await cell.locator('.widget-readout', { hasText: /^9$/ }).waitFor();
    await notebook.screenshot('widgets-slider');
  });

  test('a button runs its handler, whose output stands in the output widget', async () => {
    const cell = await show(2);
    await cell.locator('button', { hasText: 'Press' }).click();
    await cell.locator('.jp-OutputArea-output', { hasText: 'pressed 1' }).last().waitFor();
    await cell.locator('button', { hasText: 'Press' }).click();
    await cell
      .locator('.widget-output, .jupyter-widget-output, .jp-OutputArea-output', { hasText: 'pressed 2' })
      .last()
      .waitFor();
    await notebook.screenshot('widgets-button');
  });

  test('interact runs again at each change, in its own place', async () => {
    const cell = await show(3);
    await cell.locator('.answer', { hasText: '100 metres' }).waitFor();
    await cell.locator('select').selectOption('feet');
    await cell.locator('.answer', { hasText: '100 feet' }).waitFor();
    await cell.locator('.noUi-handle').focus();
    await notebook.page.keyboard.press('ArrowLeft');
    await cell.locator('.answer', { hasText: '81 feet' }).waitFor();
    expect(await cell.locator('.answer').count()).toBe(1);
    await notebook.screenshot('widgets-interact');
  });

  test('widgets are live while a cell trains, and stop it', async () => {
    const cell = await show(4);
    await notebook.status('busy');
    const bar = cell.locator('.progress-bar');
    const before = await bar.getAttribute('style');
    await expect.poll(() => bar.getAttribute('style')).not.toBe(before);
    await cell.locator('.noUi-handle').focus();
    await notebook.page.keyboard.press('ArrowRight');
    await cell
      .locator('.jp-OutputArea-output', { hasText: /rate 0\.0126/ })
      .last()
      .waitFor();
    await notebook.screenshot('widgets-training');
    await cell.locator('button', { hasText: 'Stop' }).click();
    await notebook.output(4, { hasText: 'training is over' }).last().waitFor();
    await notebook.idle();
  });

  test('every kind of widget is drawn', async () => {
    const cell = await show(5);
    for (const [index, title] of ['numbers', 'text', 'choices', 'more'].entries()) {
      await cell.locator('.lm-TabBar-tab', { hasText: title }).click();
      const content = cell
        .locator('.jupyter-widget-tab-contents > .lm-Widget, .widget-tab-contents > .lm-Widget')
        .nth(index);
      await content.waitFor({ state: 'visible' });
      await notebook.screenshot(`widgets-${title}`);
    }
    await cell.locator('img').waitFor();
    expect(
      await cell.locator('img').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(24);
    expect(await cell.locator('input[type=date]').inputValue()).toBe('2024-02-29');
    expect(await cell.locator('input[type=time]').first().inputValue()).toMatch(/^09:30/);
    await cell.locator('.widget-label', { hasText: 'inside' }).waitFor();
  });

  test('a link in the front end works without the kernel', async () => {
    const cell = await show(6);
    await cell.locator('.noUi-handle').focus();
    await notebook.page.keyboard.press('ArrowRight');
    await expect.poll(() => cell.locator('input[type=number]').inputValue()).toBe('1');
  });

  test('an uploaded file arrives with its bytes', async () => {
    const cell = await show(7);
    const chooser = notebook.page.waitForEvent('filechooser');
    await cell.locator('button', { hasText: 'Upload' }).click();
    const file = { name: 'numbers.csv', mimeType: 'text/csv', buffer: Buffer.from('1;2;ü') };
    await (await chooser).setFiles(file);
    await notebook.scrollTo(2);
    await notebook.cell(2).locator('.jp-OutputArea-output', { hasText: 'numbers.csv 1;2;ü' }).last().waitFor();
  });

  test('a flood of updates ends in the last state, with the end of its cell', async () => {
    const cell = await show(8);
    await notebook.output(8, { hasText: 'flood is over' }).last().waitFor();
    await cell.locator('.widget-label', { hasText: 'step 49999' }).waitFor();
    await expect.poll(() => cell.locator('.progress-bar').getAttribute('style')).toContain('width: 42%');
    expect(await cell.innerText()).not.toContain('rate exceeded');
    await notebook.idle();
    await notebook.screenshot('widgets-flood');
  });

  test('a page that is reloaded has its widgets again, with their state', async () => {
    mayCancel = true;
    await notebook.command('docmanager:save');
    await expect
      .poll(async () => {
        const saved = await fetch(`${lab.url}/api/contents/widgets.ipynb?token=${lab.token}`);
        return JSON.stringify(await saved.json());
      })
      .toContain('"text/plain":"IntSlider');
    await notebook.page.reload();
    await notebook.page.waitForSelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell');
    await notebook.idle();
    await notebook.scrollTo(0);
    const cell = notebook.cell(0);
    await cell.locator('.widget-readout', { hasText: /^9$/ }).waitFor();
    await cell.locator('.noUi-handle').focus();
    await notebook.page.keyboard.press('ArrowLeft');
    await cell.locator('.widget-readout', { hasText: /^8$/ }).waitFor();
    await notebook.replaceText(1, 'slider.value');
    await notebook.run(1);
    await notebook.output(1, { hasText: /^8$/ }).waitFor();
    await notebook.screenshot('widgets-reloaded');
  });

  test('after a restart of the kernel, cells that run again have widgets again', async () => {
    await notebook.command('kernelmenu:restart');
    await notebook.page.locator('.jp-Dialog button.jp-mod-accept').click();
    await notebook.page.locator('.jp-Dialog').waitFor({ state: 'detached' });
    await notebook.idle();
    const cell = await show(0);
    await cell.locator('.widget-readout', { hasText: /^3$/ }).waitFor();
    await cell.locator('.noUi-handle').focus();
    await notebook.page.keyboard.press('ArrowRight');
    await cell.locator('.widget-readout', { hasText: /^4$/ }).waitFor();
    await notebook.run(1);
    await notebook.output(1, { hasText: /^4$/ }).waitFor();
  });

  test('logs no error in the browser', () => expect(problems).toEqual([]));
});
