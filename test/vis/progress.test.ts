import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DisplayPort, MimeBundle } from '../../src/display.ts';
import { niceTicks } from '../../src/vis/live-curves.ts';
import * as vis from '../../src/vis/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

const portSymbol = Symbol.for('tensorcell.display');
const global = globalThis as Record<symbol, DisplayPort | undefined>;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  delete global[portSymbol];
});

/** A notebook that remembers what it was shown. */
function notebook(): {
  shown: { bundle: MimeBundle; id?: string; update?: boolean }[];
  html: () => ReturnType<typeof parseXML>;
} {
  const shown: { bundle: MimeBundle; id?: string; update?: boolean }[] = [];
  global[portSymbol] = { display: (bundle, options = {}) => void shown.push({ bundle, ...options }) };
  return { shown, html: () => parseXML(withPictures(shown[shown.length - 1].bundle['text/html'] as string)) };
}

/** What images show, in their place. */
const withPictures = (html: string): string =>
  html.replace(/<img src="data:image\/svg\+xml;base64,([^"]*)"[^>]*>/g, (_, source: string) =>
    Buffer.from(source, 'base64').toString(),
  );

/** What is written to a terminal, or to a pipe. */
function output(isTTY: boolean): string[] {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
  Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true });
  restore.push(() =>
    before
      ? Object.defineProperty(process.stdout, 'isTTY', before)
      : delete (process.stdout as { isTTY?: boolean }).isTTY,
  );
  return written;
}
const restore: (() => unknown)[] = [];
afterEach(() => {
  for (const back of restore.splice(0)) back();
});

/** Runs two epochs of ten steps of 50 ms. */
function train(view: vis.ProgressView): void {
  for (const epoch of [0, 1]) {
    for (let step = 1; step <= 10; step++) {
      vi.advanceTimersByTime(50);
      view.update({ epoch, step, logs: { loss: 1 / (epoch * 10 + step) } });
    }
    view.epochEnd({ epoch, logs: { loss: 0.5 / (epoch + 1), val_loss: 0.25 }, seconds: 0.75 });
  }
  view.done();
}

describe('in a notebook', () => {
  test('one display changes in place, no oftener than every 200 ms', () => {
    const { shown } = notebook();
    train(vis.createProgressView({ epochs: 2, steps: 10 }));
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
    expect(shown.map(({ update }) => update)).toEqual([false, ...shown.slice(1).map(() => true)]);
    // A second of steps: a picture at the start, one every 200 ms, and the last one.
    expect(shown).toHaveLength(1 + 4 + 1);
    for (const { bundle } of shown) expect(Object.keys(bundle)).toEqual(['text/html', 'text/plain']);
  });

  test('of many epochs there is no line within epochs, which would be as narrow as a bristle', () => {
    const { html } = notebook();
    const linesAfter = (epochs: number): number => {
      const view = vis.createProgressView({ epochs, steps: 5 });
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (let step = 1; step <= 5; step++) view.update({ epoch, step, logs: { loss: 1 / step } });
        view.epochEnd({ epoch, logs: { loss: 1 / (epoch + 1) }, seconds: 1 });
      }
      view.done();
      return elementsOf(html(), 'polyline').length;
    };
    expect(linesAfter(3)).toBe(1 + 3);
    expect(linesAfter(40)).toBe(1);
  });

  test('two views have two displays', () => {
    const { shown } = notebook();
    for (const title of ['one', 'two'])
      vis.createProgressView({ epochs: 1, steps: 2, title }).update({ epoch: 0, step: 1, logs: {} });
    expect(shown[0].id).not.toBe(shown[1].id);
  });

  test('it shows where the run is, how long steps take and how long the rest will', () => {
    const { html, shown } = notebook();
    const view = vis.createProgressView({ epochs: 4, steps: 10 });
    for (let step = 1; step <= 5; step++) {
      vi.advanceTimersByTime(200);
      view.update({ epoch: 0, step, logs: { loss: 0.5, accuracy: 0.75 } });
    }
    const text = textOf(html());
    expect(text).toContain('Training epoch 1/4');
    expect(text).toContain('step 5/10 · 200 ms/step · 7 s left');
    expect(text).toContain('0.7500');
    expect(shown.at(-1)?.bundle['text/plain']).toBe(
      'Epoch 1/4 - 5/10 ━━━━━━━━━━────────── - 200ms/step - 7 s left - loss: 0.5000 - accuracy: 0.7500',
    );
  });

  test('it shows how many steps and samples pass in a second, and where', () => {
    const { html, shown } = notebook();
    const view = vis.createProgressView({ epochs: 2, steps: 10, samples: 1280, device: 'webgpu:0' });
    for (let step = 1; step <= 5; step++) {
      vi.advanceTimersByTime(200);
      view.update({ epoch: 0, step, logs: { loss: 0.5 } });
    }
    expect(textOf(html())).toContain('5 steps/s · 640 samples/s · webgpu:0');
    expect(shown.at(-1)?.bundle['text/plain']).toContain('200ms/step - 640 samples/s - 3 s left');
    const [bar] = elementsOf(html(), 'div').filter(({ attributes }) => attributes.role === 'progressbar');
    expect(bar.attributes['aria-valuenow']).toBe('25');
  });

  test('samples are counted where nobody knows how many there are', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 1, steps: null });
    for (let step = 1; step <= 4; step++) {
      vi.advanceTimersByTime(250);
      view.update({ epoch: 0, step, samples: step * 32, logs: {} });
    }
    expect(textOf(html())).toContain('4 steps/s · 128 samples/s');
  });

  test('large rates are rounded', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 1, steps: 100, samples: 1_234_567 });
    for (let step = 1; step <= 4; step++) {
      vi.advanceTimersByTime(250);
      view.update({ epoch: 0, step, logs: {} });
    }
    expect(textOf(html())).toContain('4 steps/s · 49,400 samples/s');
  });

  test('curves of data without a length grow step by step, and by epochs once the length is known', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 2, steps: null });
    for (let step = 1; step <= 8; step++) {
      vi.advanceTimersByTime(250);
      view.update({ epoch: 0, step, logs: { loss: 1 / step } });
    }
    const xs = () =>
      elementsOf(html(), 'polyline')[0]
        .attributes.points.split(' ')
        .map((point) => Number(point.split(',')[0]));
    expect(elementsOf(html(), 'svg')[0].attributes['aria-label']).toBe('loss by step');
    expect(new Set(xs()).size).toBe(8);
    expect(xs().at(-1)).toBe(310); // the end of the axis
    view.epochEnd({ epoch: 0, logs: { loss: 0.2 }, seconds: 2 });
    view.done();
    expect(elementsOf(html(), 'svg')[0].attributes['aria-label']).toBe('loss by epoch');
    expect(xs()).toHaveLength(8);
    expect(xs().at(-1)).toBe(310); // the end of the first epoch
  });

  test('the curves hold each epoch and what happens within it', () => {
    const { html } = notebook();
    train(vis.createProgressView({ epochs: 2, steps: 10 }));
    const [chart] = elementsOf(html(), 'svg');
    expect(chart.attributes['aria-label']).toBe('loss by epoch');
    const lines = elementsOf(chart, 'polyline').map(({ attributes }) => attributes.points.split(' ').length);
    // Of the steps those that the epochs' axis (0.2 to 0.5) holds: the 2nd to 5th; then two epochs of training and validation.
    expect(lines).toEqual([4, 2, 2]);
    expect(elementsOf(chart, 'circle')).toHaveLength(4);
    expect(textOf(html())).toContain('train 0.2500');
    expect(textOf(html())).toContain('validation 0.2500');
  });

  test('after a run of many epochs the curves hold the epochs alone, and end at one height', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 5, steps: 10 });
    for (let epoch = 0; epoch < 5; epoch++) {
      for (let step = 1; step <= 10; step++) view.update({ epoch, step, logs: { loss: 1 / (step + epoch) } });
      view.epochEnd({ epoch, logs: { loss: 1 / (10 + epoch) }, seconds: 0.5 });
    }
    view.done();
    const [chart] = elementsOf(html(), 'svg');
    expect(elementsOf(chart, 'polyline').map(({ attributes }) => attributes.points.split(' ').length)).toEqual([5]);
    const styles = elementsOf(html(), 'div').map(({ attributes }) => attributes.style);
    expect(styles).toContainEqual(expect.stringMatching(/flex:0 1 320px.*justify-content:space-between/));
  });

  test('in the end the curves are images, which stay in notebooks that a front end cleans; until then they do not flicker', () => {
    const { shown } = notebook();
    train(vis.createProgressView({ epochs: 2, steps: 10 }));
    const [running, finished] = [shown.at(-2), shown.at(-1)].map((view) => view?.bundle['text/html'] as string);
    expect(running).toContain('<svg');
    expect(finished).not.toContain('<svg');
    const [image] = elementsOf(parseXML(finished), 'img');
    expect(image.attributes).toMatchObject({ alt: 'loss by epoch', width: '320', height: '150' });
    // Pages lend an image no colour.
    expect(withPictures(finished)).not.toContain('currentColor');
  });

  test('until two epochs are over, the curves hold every step', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 2, steps: 10 });
    for (let step = 1; step <= 10; step++) view.update({ epoch: 0, step, logs: { loss: 11 - step } });
    view.epochEnd({ epoch: 0, logs: { loss: 5 }, seconds: 0.5 });
    view.done();
    const [chart] = elementsOf(html(), 'svg');
    const [trace] = elementsOf(chart, 'polyline');
    expect(trace.attributes.points.split(' ')).toHaveLength(10);
  });

  test('a finished run says so, an unfinished one as well', () => {
    const { html } = notebook();
    train(vis.createProgressView({ epochs: 2, steps: 10 }));
    expect(textOf(html())).toContain('Training 2 epochs');
    train(vis.createProgressView({ epochs: 9, steps: 10 }));
    expect(textOf(html())).toContain('stopped after 2 of 9 epochs');
  });

  test('a metric without a finite value is named, and breaks no picture', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 1, steps: 3 });
    for (let step = 1; step <= 3; step++) {
      vi.advanceTimersByTime(300);
      view.update({ epoch: 0, step, logs: { loss: step === 2 ? NaN : Infinity, '<b>': 1 } });
    }
    expect(textOf(html())).toContain('inf');
    expect(textOf(html())).toContain('<b>');
    for (const line of elementsOf(html(), 'polyline')) expect(line.attributes.points).not.toContain('NaN');
  });

  test('data without a length show the steps done, and their number once it is known', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 2, steps: null });
    view.update({ epoch: 0, step: 7, logs: { loss: 1 } });
    expect(textOf(html())).toContain('step 7');
    view.epochEnd({ epoch: 0, logs: { loss: 1 }, seconds: 1 });
    vi.advanceTimersByTime(1000);
    view.update({ epoch: 1, step: 3, logs: { loss: 1 } });
    expect(textOf(html())).toContain('step 3/7');
  });

  test('a long run keeps a bounded picture', () => {
    const { html } = notebook();
    const view = vis.createProgressView({ epochs: 1, steps: 5000 });
    for (let step = 1; step <= 5000; step++) view.update({ epoch: 0, step, logs: { loss: 1 / step } });
    view.done();
    const points = elementsOf(html(), 'polyline').map(({ attributes }) => attributes.points.split(' ').length);
    expect(Math.max(...points)).toBeLessThanOrEqual(401);
    expect(Math.max(...points)).toBeGreaterThan(150);
  });

  test('verbose 0 shows nothing; verbose 2 writes lines', () => {
    const { shown } = notebook();
    const written = output(false);
    train(vis.createProgressView({ epochs: 2, steps: 10, verbose: 0 }));
    expect(written).toEqual([]);
    train(vis.createProgressView({ epochs: 2, steps: 10, verbose: 2 }));
    expect(written).toHaveLength(2);
    expect(shown).toEqual([]);
  });
});

describe('of very many epochs', () => {
  test('a picture is no larger than of some hundred', () => {
    const { shown, html } = notebook();
    const epochs = 20_000;
    const view = vis.createProgressView({ epochs, steps: 1 });
    for (let epoch = 0; epoch < epochs; epoch++) {
      view.update({ epoch, step: 1, logs: { loss: 1 / (epoch + 1) } });
      const logs = { loss: 1 / (epoch + 1), ...(epoch % 2 === 0 && { val_loss: 2 / (epoch + 1) }) };
      view.epochEnd({ epoch, logs, seconds: 0.001 });
    }
    view.done();
    const { bundle } = shown[shown.length - 1];
    expect(String(bundle['text/html']).length).toBeLessThan(60_000);
    const lines = String(bundle['text/plain']).split('\n');
    expect(lines.length).toBeLessThan(50);
    expect(lines[0]).toMatch(/^Epoch 1\/20000 /);
    expect(lines[5]).toBe('... 19960 epochs ...');
    expect(lines.at(-1)).toMatch(/^Epoch 20000\/20000 /);
    const points = elementsOf(html(), 'polyline').map(({ attributes }) => attributes.points.split(' ').length);
    expect(Math.max(...points)).toBeLessThanOrEqual(400);
    expect(points.filter((count) => count > 100).length).toBeGreaterThanOrEqual(2); // training and validation
  });
});

describe('without a notebook', () => {
  const epochs = [
    'Epoch 1/2 - 10/10 - 0.8s - 50ms/step - loss: 0.5000 - val_loss: 0.2500\n',
    'Epoch 2/2 - 10/10 - 0.8s - 50ms/step - loss: 0.2500 - val_loss: 0.2500\n',
  ];

  test('each epoch is a line of text', () => {
    const written = output(false);
    train(vis.createProgressView({ epochs: 2, steps: 10 }));
    expect(written).toEqual(epochs);
  });

  test('a terminal has a line that changes until the epoch is over', () => {
    const written = output(true);
    train(vis.createProgressView({ epochs: 2, steps: 10 }));
    const lines = written.map((text) => text.replace('\r\x1b[2K', ''));
    expect(written.every((text) => text.startsWith('\r\x1b[2K'))).toBe(true);
    expect(lines.filter((line) => line.endsWith('\n'))).toEqual(epochs);
    expect(lines[0]).toContain('Epoch 1/2 - 1/10 ━━');
  });
});

test('a view of no epochs is refused', () => {
  expect(() => vis.createProgressView({ epochs: 0 })).toThrow('epochs must be a whole number of at least 1, got 0');
});

test.each([
  [
    [0, 1],
    [0, 0.25, 0.5, 0.75, 1],
  ],
  [
    [0.13, 2.4],
    [0, 1, 2, 3],
  ],
  [
    [-3, 3],
    [-4, -2, 0, 2, 4],
  ],
  [
    [0.02, 0.021],
    [0.02, 0.02025, 0.0205, 0.02075, 0.021],
  ],
] as [[number, number], number[]][])('ticks of %j are round numbers around it', (range, ticks) => {
  expect(niceTicks(range, 4)).toEqual(ticks);
});
