/** @file A model's architecture as a picture: layers as boxes, the shapes that flow between them on the arrows. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { type DiagramBox, drawBoxes, shortened } from './box-diagram.ts';
import {
  type LayerDescription,
  type ModelDescription,
  type PartialShape,
  shapesOf,
  trainableParametersOf,
} from './model-description.ts';
import { formatCount } from './number-text.ts';
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
  const isBranching = layers.slice(1).some(({ inbound }, i) => inbound.join() !== layers[i].name);
  const boxes = layers.map((layer) => boxOf(layer, isBranching));
  return drawBoxes(boxes, `Architecture of ${model.name}`, !isBranching);
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

function boxOf(layer: ConnectedLayer, withShape: boolean): DiagramBox {
  const facts = [
    withShape ? shapeText(layer) : '',
    layer.detail ?? '',
    layer.parameters > 0 ? `${formatCount(layer.parameters)} params` : '',
    layer.parameters > 0 && trainableParametersOf(layer) === 0 ? 'frozen' : '',
  ];
  return {
    id: layer.name,
    title: shortened(layer.name),
    kind: shortened(layer.type),
    facts: shortened(facts.filter(Boolean).join(' · '), 44),
    tooltip: `${layer.name}: ${layer.type}, ${shapeText(layer)}`,
    color: families.find(({ pattern }) => pattern.test(layer.type))?.color ?? otherFamily,
    inbound: layer.inbound,
    flow: withShape ? '' : shapeText(layer),
  };
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
