/** @file A model's summary: its layers, shapes and parameters, as text and as an HTML table. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { escapeMarkup } from './markup.ts';
import {
  type LayerDescription,
  type ModelDescription,
  bytesOf,
  shapesOf,
  trainableParametersOf,
} from './model-description.ts';
import { formatBytes, formatCount } from './number-text.ts';
import { monospace } from './palette.ts';

interface Total {
  readonly label: string;
  readonly parameters: number;
  readonly bytes: number;
}

/** A summary as a value: shows itself as a table, and is text to `console.log` by way of `toString`. */
export class SummaryTable implements Displayable {
  readonly model: ModelDescription;

  constructor(model: ModelDescription) {
    this.model = model;
  }

  /** The sums that stand below the table. */
  get totals(): readonly Total[] {
    const { layers, optimizerParameters } = this.model;
    const sum = (label: string, parametersOf: (layer: LayerDescription) => number): Total => ({
      label,
      parameters: layers.reduce((total, layer) => total + parametersOf(layer), 0),
      bytes: layers.reduce(
        (total, layer) => total + (layer.parameters && (bytesOf(layer) * parametersOf(layer)) / layer.parameters),
        0,
      ),
    });
    const totals = [
      sum('Total params', ({ parameters }) => parameters),
      sum('Trainable params', trainableParametersOf),
      sum('Non-trainable params', (layer) => layer.parameters - trainableParametersOf(layer)),
    ];
    if (optimizerParameters)
      totals.push({ label: 'Optimizer params', parameters: optimizerParameters, bytes: optimizerParameters * 4 });
    return totals;
  }

  /** The summary as Keras prints it. */
  toString(): string {
    const [head, ...rows] = this.cells();
    const right = head.map((_, i) => i === 2);
    const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
    const rule = (left: string, fill: string, between: string, end: string) =>
      left + widths.map((width) => fill.repeat(width + 2)).join(between) + end;
    const written = (row: readonly string[], wall: string) =>
      `${wall} ${row.map((cell, i) => (right[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(` ${wall} `)} ${wall}`;
    return [
      `Model: "${this.model.name}"`,
      rule('┏', '━', '┳', '┓'),
      written(head, '┃'),
      rule('┡', '━', '╇', '┩'),
      ...rows.map((row) => written(row, '│')),
      rule('└', '─', '┴', '┘'),
      ...this.totals.map(
        ({ label, parameters, bytes }) => ` ${label}: ${formatCount(parameters)} (${formatBytes(bytes)})`,
      ),
    ].join('\n');
  }

  /** The summary as HTML. */
  toHTML(): string {
    const [head, ...rows] = this.cells();
    const align = (column: number) => `text-align:${column === 2 ? 'right' : 'left'};padding:4px 12px`;
    const headCells = head.map((name, i) => `<th style="${align(i)}">${escapeMarkup(name)}</th>`).join('');
    const bodyRows = rows.map((row, index) => {
      const { name, type, detail } = this.model.layers[index];
      const title =
        `<b style="font-weight:600">${escapeMarkup(name)}</b> <span style="opacity:0.65">${escapeMarkup(type)}` +
        `${detail ? ` · ${escapeMarkup(detail)}` : ''}</span>`;
      const cells = row.map((cell, i) => {
        const style = i === 1 ? `;font-family:${escapeMarkup(monospace)};font-size:92%` : '';
        return `<td style="${align(i)}${style}">${i === 0 ? title : escapeMarkup(cell)}</td>`;
      });
      return `<tr>${cells.join('')}</tr>`;
    });
    const totals = this.totals.map(
      ({ label, parameters, bytes }) =>
        `<span style="white-space:nowrap"><span style="opacity:0.65">${label}</span> <b style="font-weight:600">${formatCount(parameters)}</b> ` +
        `<span style="opacity:0.65">(${formatBytes(bytes)})</span></span>`,
    );
    return (
      `<div style="font-variant-numeric:tabular-nums"><div style="margin-bottom:4px"><span style="opacity:0.65">Model</span> ` +
      `<b style="font-weight:600">${escapeMarkup(this.model.name)}</b></div>` +
      `<table style="margin:0 0 6px 0"><thead><tr>${headCells}</tr></thead><tbody>${bodyRows.join('')}</tbody></table>` +
      `<div style="display:flex;flex-wrap:wrap;gap:2px 22px">${totals.join(' ')}</div></div>`
    );
  }

  [displaySymbol](): MimeBundle {
    return { 'text/html': this.toHTML(), 'text/plain': this.toString() };
  }

  private cells(): string[][] {
    const { layers } = this.model;
    // The column is only there where it says something: when a layer with weights is frozen, or partly so.
    const frozen = layers.some((layer) => layer.parameters > trainableParametersOf(layer));
    const head = ['Layer (type)', 'Output shape', 'Param #', ...(frozen ? ['Trainable'] : [])];
    const rows = layers.map((layer) => [
      `${layer.name} (${layer.type})`,
      shapesOf(layer.outputShape)
        .map((shape) => `[${shape.map((size) => size ?? 'null').join(', ')}]`)
        .join(', ') || '?',
      formatCount(layer.parameters),
      ...(frozen ? [trainability(layer)] : []),
    ]);
    return [head, ...rows];
  }
}

/**
 * A model's layers, output shapes and parameters as a table.
 *
 * @example
 * console.log(String(tf.vis.summaryTable({ name: 'net', layers: [{ name: 'd', type: 'Dense', outputShape: [null, 10], parameters: 7850 }] })))
 */
export const summaryTable = (model: ModelDescription): SummaryTable => new SummaryTable(model);

function trainability(layer: LayerDescription): string {
  if (layer.parameters === 0) return '-';
  const trainable = trainableParametersOf(layer);
  return trainable === layer.parameters ? 'yes' : trainable === 0 ? 'no' : formatCount(trainable);
}
