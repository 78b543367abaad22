/** @file Figures of Plotly's: as they are for front ends that know Plotly, and a picture for all others. */
import { displaySymbol } from '../../../src/display.ts';
import type { MimeBundle } from '../../../src/display.ts';
import { asJson } from '../json.ts';
import { counted } from '../markup.ts';
import { propertiesOf } from '../properties.ts';
import { isPlainRecord } from '../table/plain-tables.ts';
import type { Settings } from './plotly-picture.ts';

/** A figure of Plotly's: `{data: [{type: 'scatter', ...}], layout: {...}}`. */
export function plotlyFigure(value: object): Promise<MimeBundle> | undefined {
  if (!isPlainRecord(value)) return undefined;
  const { data, layout } = propertiesOf(value, 'data', 'layout');
  if (!Array.isArray(data) || !isPlainRecord(layout)) return undefined;
  const isTrace = (trace: unknown) =>
    isPlainRecord(trace) && ['type', 'x', 'y', 'z', 'values'].some((key) => key in trace);
  return data.length > 0 && data.every(isTrace) ? plotlyBundle(value) : undefined;
}

/** A figure with its picture, where it is of kinds that are drawn here. @throws TypeError for what JSON cannot carry */
export function plotlyBundle(figure: object): Promise<MimeBundle> {
  const json = asJson(figure) as { readonly data: readonly unknown[]; readonly layout?: Settings };
  return pictureOf(json.data, json.layout ?? {}).then((picture) => ({
    'application/vnd.plotly.v1+json': json,
    ...picture,
    'text/plain': `Plotly figure with ${counted(json.data.length, 'trace')}`,
  }));
}

/** SVG, or PNG where that would be large; nothing where the figure cannot be drawn. */
async function pictureOf(data: readonly unknown[], layout: Settings): Promise<MimeBundle> {
  try {
    const { chartOf } = await import('./plotly-picture.ts');
    const chart = chartOf(data, layout);
    if (chart === undefined) return {};
    // The same module that cells have as `tf`.
    const { vis } = await import('../../../src/index.ts');
    const plot = vis.vega({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...chart });
    const drawn = Object.entries(await plot[displaySymbol]());
    return Object.fromEntries(drawn.filter(([type]) => type.startsWith('image/')));
  } catch {
    return {}; // the figure itself may be fine for Plotly, which is more forgiving than Vega-Lite
  }
}
