/** @file A model's architecture as a picture: layers as boxes, the shapes that flow between them on the arrows. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type DiagramBox, drawBoxes, shortened } from './box-diagram.ts';
import { type ConnectedLayer, connectedLayers } from './model-boxes.ts';
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
  {
    pattern: /Add|Concat|Merge|Multiply|Subtract|Average|Maximum|Minimum|Dot|^(Sub|Mul|Div|MatMul|Stack)$/i,
    color: '#3d7a38',
  },
];
const otherFamily = '#4f6178';

export interface ModelDiagramOptions {
  /** Whether the shapes that flow between layers are shown. Default true. */
  showShapes?: boolean;
  /** Whether the dtypes of outputs are shown. Default false. */
  showDtype?: boolean;
  /** Whether layers have their names, or their classes alone. Default true. */
  showLayerNames?: boolean;
  /** Whether activations are named. Default false. */
  showLayerActivations?: boolean;
  /** Whether each layer with weights says that training changes it; frozen ones say so in any case. Default false. */
  showTrainable?: boolean;
  /** From top to bottom, or from left to right. Default `TB`. */
  rankdir?: 'TB' | 'LR';
  /** Whether nested models are drawn as frames with their layers inside. Default false. */
  expandNested?: boolean;
}

/** An architecture picture as a value. */
export class ModelDiagram implements Displayable {
  readonly model: ModelDescription;
  private readonly options: ModelDiagramOptions;

  /** @throws ArgumentError for an unknown `rankdir` */
  constructor(model: ModelDescription, options: ModelDiagramOptions = {}) {
    if (!['TB', 'LR', undefined].includes(options.rankdir))
      throw new ArgumentError(
        `plotModel: rankdir must be 'TB' (top to bottom) or 'LR' (left to right), got '${options.rankdir}'.`,
      );
    this.model = model;
    this.options = options;
  }

  /** The picture as SVG source, with a transparent background. */
  toSVG(): string {
    const boxes = boxesOf(this.model, this.options, true);
    const isColumn = boxes.slice(1).every(({ inbound }, i) => inbound.length === 1 && inbound[0].id === boxes[i].id);
    return drawBoxes(boxes, { label: describe(this.model), direction: this.options.rankdir, isColumn });
  }

  /** The picture as the bytes of a PNG file. */
  toPNG(options: { scale?: number; background?: string } = {}): Promise<Uint8Array> {
    return svgToPNG(this.toSVG(), options);
  }

  toString(): string {
    return summaryTable(this.model, { expandNested: this.options.expandNested }).toString();
  }

  /** With a PNG beside the SVG: front ends show no SVG of notebooks that they do not trust. */
  async [displaySymbol](): Promise<MimeBundle> {
    const png = Buffer.from(await this.toPNG({ scale: 1 })).toString('base64');
    return { 'image/svg+xml': this.toSVG(), 'image/png': png, 'text/plain': this.toString() };
  }
}

/**
 * A picture of a model's architecture. Layers that name no `inbound` layers follow the one before them.
 *
 * @throws ArgumentError where layers take each other's outputs in a circle, and for an unknown `rankdir`
 * @example
 * tf.vis.modelDiagram({ name: 'net', layers: [{ name: 'd', type: 'Dense', outputShape: [null, 10], parameters: 7850 }] })
 */
export const modelDiagram = (model: ModelDescription, options?: ModelDiagramOptions): ModelDiagram =>
  new ModelDiagram(model, options);

const describe = ({ name, layers }: ModelDescription): string =>
  `Architecture of ${name}: ${layers.length} layer${layers.length === 1 ? '' : 's'}`;

function boxesOf(model: ModelDescription, options: ModelDiagramOptions, isOutermost: boolean): DiagramBox[] {
  if (model.kind === 'subclassed') return [subclassedBox(model, options)];
  const layers = connectedLayers(isOutermost ? model : { ...model, inputShape: undefined });
  // In a column shapes stand on the arrows; among crossing arrows a shape stands in its box.
  const isBranching = layers.slice(1).some(({ sources }, i) => sources.length !== 1 || sources[0].id !== layers[i].id);
  return layers.map((connected) => boxOf(connected, options, isBranching));
}

/** How the layers of a subclassed model are connected is not known: they are a list. */
function subclassedBox(model: ModelDescription, options: ModelDiagramOptions): DiagramBox {
  const most = 12;
  const lines = model.layers.map((layer) => {
    const shape = options.showShapes !== false ? shapeText(layer) : '';
    const facts = [layer.type, shape, layer.parameters > 0 ? `${formatCount(layer.parameters)} params` : ''];
    return shortened(`${layer.name}: ${facts.filter(Boolean).join(' · ')}`, 60);
  });
  const rest = lines.length - most;
  return {
    id: model.name,
    title: shortened(model.name),
    kind: 'subclassed model',
    facts: rest > 0 ? [...lines.slice(0, most), `and ${rest} more`] : lines,
    tooltip: `${model.name}: its layers, in the order in which it was given them`,
    color: otherFamily,
    inbound: [],
    flow: '',
  };
}

function boxOf(
  { id, layer, sources, use }: ConnectedLayer,
  options: ModelDiagramOptions,
  isBranching: boolean,
): DiagramBox {
  const { showShapes = true, showLayerNames = true, showDtype, showLayerActivations, showTrainable } = options;
  const flow = [showShapes ? shapeText(layer) : '', showDtype ? (layer.dtype ?? '?') : ''].filter(Boolean).join(' ');
  const trained = trainableParametersOf(layer);
  const named = layer.activation !== undefined && !layer.detail?.includes(layer.activation);
  const facts = [
    layer.detail ?? '',
    showLayerActivations && named ? `${layer.activation}` : '',
    layer.parameters > 0 ? `${formatCount(layer.parameters)} params` : '',
    layer.parameters === 0 ? '' : trained === 0 ? 'frozen' : showTrainable ? trainability(layer, trained) : '',
  ].filter(Boolean);
  const expanded = options.expandNested && layer.model && layer.model.kind !== 'subclassed' ? layer.model : undefined;
  const uses = use === undefined ? '' : ` · use ${use}`;
  // Long facts break into lines where the shape stands in the box too.
  const lines = isBranching && flow ? [flow, facts.join(' · ')] : [facts.join(' · ')];
  return {
    id,
    title: shortened(showLayerNames ? layer.name : layer.type),
    kind: shortened(`${showLayerNames ? layer.type : ''}${uses}`.replace(/^ · /, '')),
    facts: lines.filter(Boolean).map((line) => shortened(line, 44)),
    tooltip: `${layer.name}: ${layer.type}, ${shapeText(layer)}`,
    color: families.find(({ pattern }) => pattern.test(layer.type))?.color ?? otherFamily,
    inbound: sources,
    flow: isBranching ? '' : flow,
    ...(expanded && {
      inside: boxesOf(expanded, options, false),
      ...(expanded.outputs && { outputs: expanded.outputs.map((output) => output.layer) }),
    }),
  };
}

const trainability = (layer: LayerDescription, trained: number): string =>
  trained === layer.parameters ? 'trainable' : `${formatCount(trained)} trainable`;

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
