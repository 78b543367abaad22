/** @file A model's architecture as a picture: layers as boxes, the shapes that flow between them on the arrows. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { type Layout, type Route, layeredLayout } from './layered-layout.ts';
import { element, escapeMarkup, textElement } from './markup.ts';
import {
  type LayerDescription,
  type ModelDescription,
  type PartialShape,
  shapesOf,
  trainableParametersOf,
} from './model-description.ts';
import { formatCount } from './number-text.ts';
import { neutralText, sansSerif } from './palette.ts';
import { svgToPNG } from './png.ts';
import { summaryTable } from './summary.ts';

/** Colours of boxes by what a layer does: dark enough for white text, light enough for a dark page. */
const families: readonly { readonly pattern: RegExp; readonly color: string }[] = [
  { pattern: /^Input/, color: '#5d6673' },
  { pattern: /Conv|Upsampl|ZeroPadding|Cropping/i, color: '#2c64b4' },
  { pattern: /Pool/i, color: '#157a86' },
  { pattern: /RNN|LSTM|GRU|Bidirectional|TimeDistributed/, color: '#27764f' },
  { pattern: /Attention/i, color: '#a3397a' },
  { pattern: /Embedding/i, color: '#8a5a1c' },
  { pattern: /Norm/i, color: '#96591f' },
  { pattern: /Dropout|Noise|Regularization/i, color: '#68707c' },
  { pattern: /Dense/i, color: '#6b4bc0' },
  { pattern: /Activation|ReLU|Softmax|ELU|Sigmoid|Tanh/i, color: '#a8453c' },
  { pattern: /Add|Concat|Merge|Multiply|Subtract|Average|Maximum|Minimum|Dot/i, color: '#3d7a38' },
];
const otherFamily = '#4f6178';

const box = { height: 46, radius: 8, padding: 14 };
const gap = { row: 36, column: 28 };
const margin = 4;

interface Box {
  readonly layer: LayerDescription;
  readonly width: number;
  readonly title: string;
  readonly kind: string;
  readonly facts: string;
}

/** An architecture picture as a value. */
export class ModelDiagram implements Displayable {
  readonly model: ModelDescription;

  constructor(model: ModelDescription) {
    this.model = model;
  }

  /** The picture as SVG source, with a transparent background. */
  toSVG(): string {
    return draw(this.model);
  }

  /** The picture as the bytes of a PNG file. */
  toPNG(options: { scale?: number; background?: string } = {}): Promise<Uint8Array> {
    return svgToPNG(this.toSVG(), options);
  }

  toString(): string {
    return summaryTable(this.model).toString();
  }

  [displaySymbol](): MimeBundle {
    return { 'image/svg+xml': this.toSVG(), 'text/plain': this.toString() };
  }
}

/**
 * A picture of a model's architecture. Layers that name no `inbound` layers follow the one before them.
 *
 * @throws ArgumentError where a layer takes the output of one that does not come before it
 * @example
 * tf.vis.modelDiagram({ name: 'net', layers: [{ name: 'd', type: 'Dense', outputShape: [null, 10], parameters: 7850 }] })
 */
export const modelDiagram = (model: ModelDescription): ModelDiagram => new ModelDiagram(model);

function draw(model: ModelDescription): string {
  const layers = withInputs(model);
  // In a column boxes have one width and shapes stand on the arrows; among crossing arrows a shape stands in its box.
  const branching = layers.slice(1).some(({ inbound }, i) => inbound.join() !== layers[i].name);
  const boxes = new Map(layers.map((layer) => [layer.name, boxOf(layer, branching)]));
  const widest = Math.max(200, ...[...boxes.values()].map(({ width }) => width));
  const widthOf = (name: string) => (branching ? boxes.get(name)!.width : widest);
  const layout = layeredLayout(
    layers.map(({ name, inbound }) => ({ id: name, inbound, width: widthOf(name) })),
    gap.column,
  );
  const top = (row: number) => margin + row * (box.height + gap.row);
  const outputs = layers.filter(({ name }) => !layout.routes.some(({ from }) => from === name));
  const labelled = branching ? [] : layers;
  const labelRoom = labelled.map(
    (layer) => layout.places.get(layer.name)!.x + 10 + textWidth(shapeText(layer), 11) - layout.width,
  );
  const width = Math.ceil(layout.width + 2 * margin + Math.max(0, ...labelRoom));
  const height = top(layout.rows) + 2 * margin - 8;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `Architecture of ${model.name}`,
      'font-family': sansSerif,
    },
    ...layout.routes.map((route) => arrow(route, top)),
    ...outputs.map(({ name }) => outputArrow(layout, name, top)),
    ...labelled.map((layer) => shapeLabel(layer, layout, top)),
    ...layers.map(({ name }) => {
      const { x, row } = layout.places.get(name)!;
      return layerBox(boxes.get(name)!, margin + x - widthOf(name) / 2, top(row), widthOf(name));
    }),
  );
}

type ConnectedLayer = LayerDescription & { readonly inbound: readonly string[] };

/** Layers with their inbound layers spelled out, and a box for an input that no layer stands for. */
function withInputs(model: ModelDescription): ConnectedLayer[] {
  const given = model.layers.map((layer, i) => ({
    ...layer,
    inbound: layer.inbound ?? (i === 0 ? [] : [model.layers[i - 1].name]),
  }));
  const shapes = shapesOf(model.inputShape);
  const [first] = given;
  if (shapes.length !== 1 || !first || first.inbound.length > 0 || /^Input/.test(first.type)) return given;
  const name = ['input', 'model_input'].find((free) => given.every((layer) => layer.name !== free)) ?? '(input)';
  const input = { name, type: 'Input', outputShape: shapes[0], parameters: 0, inbound: [] };
  return [input, { ...first, inbound: [name] }, ...given.slice(1)];
}

function boxOf(layer: LayerDescription, withShape: boolean): Box {
  const facts = [
    withShape ? shapeText(layer) : '',
    layer.detail ?? '',
    layer.parameters > 0 ? `${formatCount(layer.parameters)} params` : '',
    layer.parameters > 0 && trainableParametersOf(layer) === 0 ? 'frozen' : '',
  ];
  const text = {
    title: shortened(layer.name),
    kind: shortened(layer.type),
    facts: shortened(facts.filter(Boolean).join(' · '), 44),
  };
  const firstLine = textWidth(text.title, 13) * 1.06 + 18 + textWidth(text.kind, 11.5);
  const width = Math.ceil(Math.max(firstLine, textWidth(text.facts, 11)) + 2 * box.padding);
  return { layer, width: Math.max(130, width), ...text };
}

function layerBox({ layer, title, kind, facts }: Box, x: number, y: number, width: number): string {
  const color = families.find(({ pattern }) => pattern.test(layer.type))?.color ?? otherFamily;
  // With nothing to say below, the first line stands in the middle.
  const baseline = y + (facts ? 20 : 28);
  return element(
    'g',
    {},
    element('title', {}, escapeMarkup(`${layer.name}: ${layer.type}, ${shapeText(layer)}`)),
    element('rect', { x, y, width, height: box.height, rx: box.radius, fill: color }),
    textElement({ x: x + box.padding, y: baseline, 'font-size': 13, 'font-weight': 600, fill: '#ffffff' }, title),
    textElement(
      {
        x: x + width - box.padding,
        y: baseline,
        'text-anchor': 'end',
        'font-size': 11.5,
        fill: '#ffffff',
        'fill-opacity': 0.82,
      },
      kind,
    ),
    facts
      ? textElement({ x: x + box.padding, y: y + 36, 'font-size': 11, fill: '#ffffff', 'fill-opacity': 0.86 }, facts)
      : '',
  );
}

const stroke = { fill: 'none', stroke: neutralText, 'stroke-width': 1.5 };

/** From the bottom of a box over bends to the top of another. */
function arrow({ via }: Route, top: (row: number) => number): string {
  const points = via.flatMap(({ x, row }, i): [number, number][] => {
    const px = margin + x;
    if (i === 0) return [[px, top(row) + box.height]];
    if (i === via.length - 1) return [[px, top(row) - 5]];
    // A bend is passed straight down, beside the boxes of its row.
    return [
      [px, top(row)],
      [px, top(row) + box.height],
    ];
  });
  const path = points
    .slice(1)
    .map(([x, y], i) => {
      const [px, py] = points[i];
      const middle = round((py + y) / 2);
      return px === x ? `V${round(y)}` : `C${round(px)} ${middle} ${round(x)} ${middle} ${round(x)} ${round(y)}`;
    })
    .join('');
  const [tipX, tipY] = points[points.length - 1];
  return (
    element('path', { d: `M${round(points[0][0])} ${round(points[0][1])}${path}`, ...stroke }) +
    arrowHead(tipX, tipY + 4)
  );
}

const arrowHead = (x: number, y: number): string =>
  element('path', {
    d: `M${round(x - 4.5)} ${round(y - 6.5)}L${round(x)} ${round(y)}L${round(x + 4.5)} ${round(y - 6.5)}`,
    ...stroke,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });

/** The arrow out of a layer that feeds no other. */
function outputArrow(layout: Layout, name: string, top: (row: number) => number): string {
  const { x, row } = layout.places.get(name)!;
  const y = top(row) + box.height;
  return element('path', { d: `M${round(margin + x)} ${round(y)}v24`, ...stroke }) + arrowHead(margin + x, y + 25);
}

function shapeLabel(layer: LayerDescription, layout: Layout, top: (row: number) => number): string {
  const { x, row } = layout.places.get(layer.name)!;
  return textElement(
    { x: margin + x + 10, y: top(row) + box.height + 20, 'font-size': 11, fill: neutralText },
    shapeText(layer),
  );
}

/** What flows out of a layer, without the batch: `26 × 26 × 32`. */
const shapeText = (layer: LayerDescription): string =>
  shapesOf(layer.outputShape)
    .map((shape: PartialShape) =>
      shape.length <= 1
        ? 'scalar'
        : shape
            .slice(1)
            .map((size) => size ?? '?')
            .join(' × '),
    )
    .join(', ');

/** About how wide text is, in pixels, in the sans serif fonts in use: wide enough for the wider ones. */
const textWidth = (text: string, fontSize: number): number => text.length * fontSize * 0.6;

const shortened = (text: string, most = 32): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const round = (value: number): number => Math.round(value * 10) / 10;
