/** @file A model's summary: its layers, shapes and parameters, as text and as an HTML table. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { escapeMarkup } from './markup.ts';
import {
  type LayerDescription,
  type ModelDescription,
  type TensorSource,
  type WeightCount,
  bytesOf,
  isChain,
  shapesOf,
  sourcesOf,
  trainableParametersOf,
} from './model-description.ts';
import { formatBytes, formatCount } from './number-text.ts';
import { monospace } from './palette.ts';
import { type TextColumn, textTable } from './text-table.ts';

export interface SummaryOptions {
  /** Characters in a line of the text; as many as its cells need where left out. */
  lineLength?: number;
  /** Where the columns of the text end: parts of the line (0.45, 0.8, 1), or characters. */
  positions?: readonly number[];
  /** Whether the layers of nested models have rows too. Default false. */
  expandNested?: boolean;
  /** Whether a column says what training changes. Default: where some weights are frozen. */
  showTrainable?: boolean;
  /** Names, or regular expressions, of the first and the last layer to show. */
  layerRange?: readonly [first: string | RegExp, last: string | RegExp];
}

interface Total extends WeightCount {
  readonly label: string;
}

/** A row of the table: a layer, and how deep inside nested models it is. */
interface Row {
  readonly layer: LayerDescription;
  readonly sources: readonly TensorSource[];
  readonly depth: number;
}

/** A summary as a value: shows itself as a table, and is text to `console.log` by way of `toString`. */
export class SummaryTable implements Displayable {
  readonly model: ModelDescription;
  private readonly options: SummaryOptions;

  /** @throws ArgumentError where no layer fits `layerRange`, or the line is too short */
  constructor(model: ModelDescription, options: SummaryOptions = {}) {
    this.model = model;
    this.options = options;
    this.columns();
    this.rows();
  }

  /** The sums that stand below the table. */
  get totals(): readonly Total[] {
    const { layers, optimizerParameters = 0, optimizerBytes = optimizerParameters * 4 } = this.model;
    const sum = (parametersOf: (layer: LayerDescription) => number): WeightCount => ({
      parameters: layers.reduce((total, layer) => total + parametersOf(layer), 0),
      bytes: layers.reduce(
        (total, layer) => total + (layer.parameters && (bytesOf(layer) * parametersOf(layer)) / layer.parameters),
        0,
      ),
    });
    const trainable = this.model.trainable ?? sum(trainableParametersOf);
    const fixed = this.model.nonTrainable ?? sum((layer) => layer.parameters - trainableParametersOf(layer));
    // As in Keras, the total holds what the optimizer keeps.
    const all = {
      parameters: trainable.parameters + fixed.parameters + optimizerParameters,
      bytes: trainable.bytes + fixed.bytes + optimizerBytes,
    };
    return [
      { label: 'Total params', ...all },
      { label: 'Trainable params', ...trainable },
      { label: 'Non-trainable params', ...fixed },
      ...(optimizerParameters
        ? [{ label: 'Optimizer params', parameters: optimizerParameters, bytes: optimizerBytes }]
        : []),
    ];
  }

  /** The summary as Keras prints it. */
  toString(): string {
    const connected = (sources: readonly TensorSource[]) =>
      sources.map(({ layer, node = 0, tensor = 0 }) => `${layer}[${node}][${tensor}]`).join(', ');
    const cells = this.rows().map((row) => {
      const indent = row.depth > 0 ? `${'   '.repeat(row.depth)}└ ` : '';
      return this.cells(row, `${indent}${row.layer.name} (${row.layer.type})`, connected(row.sources));
    });
    return [
      `Model: "${this.model.name}"`,
      ...textTable(this.columns(), cells),
      ...this.totals.map(
        ({ label, parameters, bytes }) => ` ${label}: ${formatCount(parameters)} (${formatBytes(bytes)})`,
      ),
    ].join('\n');
  }

  /** The summary as HTML. */
  toHTML(): string {
    const columns = this.columns();
    const align = (i: number) => `text-align:${columns[i].align};padding:4px 12px;vertical-align:top`;
    const headCells = columns.map(({ head }, i) => `<th scope="col" style="${align(i)}">${escapeMarkup(head)}</th>`);
    const bodyRows = this.rows().map((row) => {
      const cells = this.cells(row, '', connectedShort(row.sources)).map((cell, i) => {
        const style = i === 1 ? `;font-family:${escapeMarkup(monospace)};font-size:92%` : '';
        return `<td style="${align(i)}${style}">${i === 0 ? layerTitle(row) : escapeMarkup(cell)}</td>`;
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
      `<table style="margin:0 0 6px 0" aria-label="Layers of ${escapeMarkup(this.model.name)}"><thead><tr>${headCells.join('')}</tr></thead>` +
      `<tbody>${bodyRows.join('')}</tbody></table>` +
      `<div style="display:flex;flex-wrap:wrap;gap:2px 22px">${totals.join(' ')}</div></div>`
    );
  }

  [displaySymbol](): MimeBundle {
    return { 'text/html': this.toHTML(), 'text/plain': this.toString() };
  }

  private get showsConnections(): boolean {
    return !isChain(this.model);
  }

  /** The column is only there where it says something, unless asked for: when a layer with weights is frozen, or partly so. */
  private get showsTrainable(): boolean {
    const { showTrainable } = this.options;
    return showTrainable ?? this.model.layers.some((layer) => layer.parameters > trainableParametersOf(layer));
  }

  private columns(): TextColumn[] {
    const columns: TextColumn[] = [
      { head: 'Layer (type)', align: 'left' },
      { head: 'Output Shape', align: 'left' },
      { head: 'Param #', align: 'right' },
      ...(this.showsConnections ? [{ head: 'Connected to', align: 'left' } as const] : []),
      ...(this.showsTrainable ? [{ head: 'Trainable', align: 'center' } as const] : []),
    ];
    const { positions } = this.options;
    // Without a length the cells say how wide their columns are; with positions lines are as long as Keras's.
    const usualLength = 88 + 20 * Number(this.showsConnections) + 12 * Number(this.showsTrainable);
    const lineLength = this.options.lineLength ?? (positions ? usualLength : undefined);
    if (lineLength === undefined) return columns;
    const ends = (positions ?? usualPositions(columns)).map((end) => Math.round(end <= 1 ? end * lineLength : end));
    if (ends.length !== columns.length)
      throw new ArgumentError(
        `summary: expected ${columns.length} positions, one a column (${columns.map(({ head }) => head).join(', ')}); got ${ends.length}.`,
      );
    return columns.map((column, i) => {
      // Three characters of each column are its wall and its margins.
      const width = ends[i] - (ends[i - 1] ?? 0) - 3 - (i === 0 ? 1 : 0);
      if (!(width >= 3))
        throw new ArgumentError(
          `summary: the column '${column.head}' has ${Math.max(0, width)} characters at a lineLength of ${lineLength}; give a larger lineLength.`,
        );
      return { ...column, width };
    });
  }

  private rows(): Row[] {
    const rowsOf = (model: ModelDescription, depth: number, range: readonly [number, number]): Row[] =>
      model.layers
        .slice(...range)
        .flatMap((layer, i): Row[] => [
          { layer, sources: sourcesOf(model, range[0] + i), depth },
          ...(layer.model && this.options.expandNested
            ? rowsOf(layer.model, depth + 1, [0, layer.model.layers.length])
            : []),
        ]);
    return rowsOf(this.model, 0, this.range());
  }

  private range(): [number, number] {
    const { layers } = this.model;
    const { layerRange } = this.options;
    if (!layerRange) return [0, layers.length];
    if (!Array.isArray(layerRange) || layerRange.length !== 2)
      throw new ArgumentError(
        `summary: layerRange must be [first, last], names of layers; got ${JSON.stringify(layerRange)}.`,
      );
    const fits = (name: string, wanted: string | RegExp) => new RegExp(wanted).test(name);
    const named = layers.map(({ name }) => name);
    const first = named.findIndex((name) => fits(name, layerRange[0]));
    const last = named.findLastIndex((name) => fits(name, layerRange[1]));
    if (first < 0 || last < 0)
      throw new ArgumentError(
        `summary: no layer fits ${String(layerRange[first < 0 ? 0 : 1])}; the layers are ${named.join(', ')}.`,
      );
    return [Math.min(first, last), Math.max(first, last) + 1];
  }

  private cells({ layer }: Row, title: string, connected: string): string[] {
    return [
      title,
      shapesOf(layer.outputShape)
        .map((shape) => `[${shape.map((size) => size ?? 'null').join(', ')}]`)
        .join(', ') || '?',
      layer.built === false ? '0 (unbuilt)' : formatCount(layer.parameters),
      ...(this.showsConnections ? [connected || '-'] : []),
      ...(this.showsTrainable ? [trainability(layer)] : []),
    ];
  }
}

/** Ends of columns as parts of a line: Keras's. */
function usualPositions(columns: readonly TextColumn[]): number[] {
  const heads = columns.map(({ head }) => head);
  const plain = heads.includes('Connected to') ? [0.3, 0.56, 0.74, 1] : [0.45, 0.8, 1];
  return heads.includes('Trainable') ? [...plain.map((end) => end * 0.86), 1] : plain;
}

function layerTitle({ layer: { name, type, detail }, depth }: Row): string {
  const about = `${escapeMarkup(type)}${detail ? ` · ${escapeMarkup(detail)}` : ''}`;
  const title = `<b style="font-weight:600">${escapeMarkup(name)}</b> <span style="opacity:0.65">${about}</span>`;
  return depth > 0 ? `<span style="padding-left:${depth * 1.4}em">└ ${title}</span>` : title;
}

/** Names, with numbers only where a layer is used several times or has several outputs. */
const connectedShort = (sources: readonly TensorSource[]): string =>
  sources
    .map(({ layer, node = 0, tensor = 0 }) => (node || tensor ? `${layer}[${node}][${tensor}]` : layer))
    .join(', ');

/**
 * A model's layers, output shapes and parameters as a table.
 *
 * @throws ArgumentError where no layer fits `layerRange`, or a column is too narrow
 * @example
 * console.log(String(tf.vis.summaryTable({ name: 'net', layers: [{ name: 'd', type: 'Dense', outputShape: [null, 10], parameters: 7850 }] })))
 */
export const summaryTable = (model: ModelDescription, options?: SummaryOptions): SummaryTable =>
  new SummaryTable(model, options);

function trainability(layer: LayerDescription): string {
  if (layer.parameters === 0) return '-';
  const trainable = trainableParametersOf(layer);
  return trainable === layer.parameters ? 'yes' : trainable === 0 ? 'no' : formatCount(trainable);
}
