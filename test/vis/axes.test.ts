/** @file Axes of charts: where their ticks are and how these are named. */
import { describe, expect, test } from 'vitest';
import * as vis from '../../src/vis/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

describe('an axis of whole numbers', () => {
  const axisOf = (plot: vis.Plot) => (plot.spec.encoding as { x: { axis?: object } }).x.axis;

  test('has no ticks between them, also where Vega-Lite 5 draws, which knows a number of ticks alone', async () => {
    const plot = vis.line({ x: [1, 2, 8], y: [3, 1, 2] });
    expect(axisOf(plot)).toEqual({ tickMinStep: 1, tickCount: 7 });
    const words = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
    expect(words.slice(0, 8)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(axisOf(vis.line({ x: [4], y: [1] }))).toEqual({ tickMinStep: 1, tickCount: 1 });
  });

  test('that is long has as many ticks as there is room for', () => {
    expect(axisOf(vis.line({ x: [0, 11], y: [3, 1] }))).toEqual({ tickMinStep: 1 });
    expect(axisOf(vis.line({ x: [0, 11], y: [3, 1] }, { width: 600 }))).toEqual({ tickMinStep: 1, tickCount: 11 });
    expect(axisOf(vis.line({ x: [0, 0.5], y: [3, 1] }))).toBeUndefined();
  });
});

test('a heat map of one row does not number it', async () => {
  const words = async (plot: vis.Plot) => elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
  expect((await words(vis.heatmap([[0.25, 0.5, 0.75]], { xLabels: ['a', 'b', 'c'] }))).slice(0, 4)).not.toContain('0');
  expect(await words(vis.heatmap([[0.25, 0.5]], { yLabels: ['here'] }))).toContain('here');
});

test('a confusion matrix writes names of classes on end only where they are wider than their column', () => {
  const angle = (classNames: string[]) => {
    const counts = classNames.map((_, i) => classNames.map((__, j) => (i === j ? 1 : 0)));
    const { x } = vis.confusionMatrix(counts, { classNames }).spec.encoding as {
      x: { axis: { labelAngle: number } };
    };
    return x.axis.labelAngle;
  };
  expect(angle(['wanted', 'spam'])).toBe(0);
  expect(angle(['Adelie', 'Chinstrap'])).toBe(-45);
  expect(angle(Array.from({ length: 20 }, (_, i) => `n${i}00`))).toBe(-45);
});
