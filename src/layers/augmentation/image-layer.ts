/** @file ImageLayer: what layers that change images, and with them labels, boxes and masks, have in common. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { holdsKerasTensor } from '../../symbolic/keras-tensor.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { isComposite } from '../../tensor/composite.ts';
import { RaggedTensor } from '../../ragged/ragged-tensor.ts';
import { currentCall } from '../call-context.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, imageFormats } from '../images.ts';
import { type CallOptions, Layer, type LayerOptions, type ShapeTree, type TensorTree } from '../layer.ts';
import {
  type BoundingBoxFormat,
  type BoundingBoxes,
  boundingBoxFormat,
  checkBoxes,
  clipBoxes,
  convertBoxes,
} from './bounding-boxes.ts';
import { RandomSource } from './random-source.ts';

export interface ImageLayerOptions extends LayerOptions {
  /** Where the channels are; default `channelsLast`. */
  dataFormat?: ImageFormat;
  /** What the numbers of bounding boxes mean; needed where the input has some. */
  boundingBoxFormat?: BoundingBoxFormat | null;
}

/** Sizes of a batch of images. */
export interface ImageSize {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Inputs that are more than images, by either spelling of their names. */
const boxKeys = ['boundingBoxes', 'bounding_boxes'] as const;
const maskKeys = ['segmentationMasks', 'segmentation_masks'] as const;

/**
 * A layer for images `[batch, height, width, channels]` or one `[height, width, channels]` (or with channels first), or for an
 * object `{ images, labels, boundingBoxes: { boxes, labels }, segmentationMasks }`, of which all but the images may be left out.
 *
 * Each call has two halves: `getRandomTransformation` draws what is done, a structure of tensors with a number for each image;
 * `transformImages` and its like do just that, and depend on nothing else. Outside of models a layer augments unless it is told
 * `{ training: false }`; inside it follows the model.
 */
export abstract class ImageLayer<T> extends Layer {
  readonly dataFormat: ImageFormat;
  readonly boundingBoxFormat: BoundingBoxFormat | null;
  private readonly source: RandomSource;

  constructor(options: ImageLayerOptions = {}, seed: number | null = null) {
    super(options);
    this.source = new RandomSource(seed);
    const format = options.dataFormat ?? 'channelsLast';
    this.dataFormat = requireOneOf(this.name, 'dataFormat', format, imageFormats);
    this.boundingBoxFormat = options.boundingBoxFormat ? boundingBoxFormat(options.boundingBoxFormat) : null;
  }

  /** What is done with a batch of images of this size: drawn at random where the layer is random. */
  abstract draw(source: RandomSource, size: ImageSize): T;

  /** What is done with a batch of images. @param source Where its numbers come from; default the layer's own stream. */
  getRandomTransformation(images: Tensor, source: RandomSource = this.source): T {
    return this.draw(source, this.sizeOf(images));
  }

  /** Images `[batch, height, width, channels]`, in the dtype in which the layer computes, after the transformation. */
  protected abstract augment(images: Tensor, transformation: T): Tensor;

  /** A batch of images after a transformation, in the layer's dtype. In inference they stay as they are. */
  transformImages(images: Tensor, transformation: T, training = true): Tensor {
    const given = ops.cast(images, this.computeDtype);
    return training ? this.inChannelsLast(given, (x) => this.augment(x, transformation)) : given;
  }

  /** The images' labels after it: as they are. */
  transformLabels(labels: Tensor, _transformation: T, _training = true): Tensor {
    return labels;
  }

  /** Boxes of a batch after it, by the size of the images before: where pixels do not move, as they are. */
  transformBoundingBoxes(boxes: BoundingBoxes, _transformation: T, _size: ImageSize, _training = true): BoundingBoxes {
    return boxes;
  }

  /** Masks `[batch, height, width, 1]` that say which class each pixel is of: where pixels do not move, as they are. */
  transformSegmentationMasks(masks: Tensor, _transformation: T, _training = true): Tensor {
    return masks;
  }

  override apply<O extends TensorTree = Tensor>(inputs: TensorTree, options: CallOptions = {}): O {
    // A node of a model must not remember what was only the default.
    if (holdsKerasTensor([inputs, options])) return super.apply<O>(inputs, options);
    return super.apply<O>(inputs, { ...options, training: options.training ?? currentCall()?.training ?? true });
  }

  override call(inputs: TensorTree, { training }: CallOptions): TensorTree {
    if (inputs instanceof Tensor) return this.callOnImages(inputs, training ?? true).images;
    const data = inputs as Readonly<Record<string, TensorTree>>;
    if (!(data.images instanceof Tensor))
      throw new ArgumentError(`Layer ${this.name}: expected images, or an object such as { images, labels }.`);
    const { images, transformation, size, batched } = this.callOnImages(data.images, training ?? true);
    const result: Record<string, TensorTree> = { ...data, images };
    // Of one image everything is a batch of one while it is transformed.
    const inBatch = (x: Tensor, change: (x: Tensor) => Tensor): Tensor =>
      batched ? change(x) : ops.squeeze(change(ops.expandDims(x, 0)), [0]);
    const isTraining = training ?? true;
    if (data.labels instanceof Tensor)
      result.labels = inBatch(data.labels, (x) => this.transformLabels(x, transformation, isTraining));
    for (const key of maskKeys)
      if (data[key] instanceof Tensor)
        result[key] = inBatch(data[key], (x) => this.transformSegmentationMasks(x, transformation, isTraining));
    for (const key of boxKeys)
      if (data[key]) {
        const given = this.boxesOf(data[key] as unknown as BoundingBoxes, batched);
        const change = (x: BoundingBoxes) => this.transformBoundingBoxes(x, transformation, size, isTraining);
        result[key] = { ...(batched ? change(given) : unbatched(change(batchOf(given)))) };
      }
    return result;
  }

  /** Whether it needs to know what the numbers of boxes mean. */
  protected readsBoxes(): boolean {
    return true;
  }

  private callOnImages(images: Tensor, training: boolean) {
    if (images.rank !== 3 && images.rank !== 4)
      throw new ShapeError(
        `Layer ${this.name}: expected one image of rank 3 or a batch of rank 4, got shape ${formatShape(images.shape)}.`,
      );
    const batched = images.rank === 4;
    const batch = batched ? images : ops.expandDims(images, 0);
    const size = this.sizeOf(batch);
    // In inference nothing is drawn, and nobody reads what was not.
    const transformation = training ? this.getRandomTransformation(batch) : (undefined as T);
    const changed = this.transformImages(batch, transformation, training);
    return { images: batched ? changed : ops.squeeze(changed, [0]), transformation, size, batched };
  }

  private boxesOf({ boxes, labels }: BoundingBoxes, batched: boolean): BoundingBoxes {
    if (this.readsBoxes() && !this.boundingBoxFormat)
      throw new ArgumentError(
        `Layer ${this.name}: the input has bounding boxes, so the layer must know what their numbers mean; ` +
          `give it boundingBoxFormat, such as 'xyxy'.`,
      );
    const dense = (x: unknown, nothing: number): Tensor =>
      isComposite(x) && x instanceof RaggedTensor ? x.toTensor(nothing) : (x as Tensor);
    const given = { boxes: dense(boxes, 0), labels: dense(labels, -1) };
    checkBoxes(this.name, given, batched);
    return { ...given, boxes: ops.cast(given.boxes, 'float32') };
  }

  /** Boxes changed as `xyxy` in pixels, and cut at the border of the image after it. @param after Its size, unless it stays. */
  protected inPixels(
    given: BoundingBoxes,
    { height, width }: ImageSize,
    change: (boxes: Tensor) => Tensor,
    after: { readonly height: number; readonly width: number } = { height, width },
  ): BoundingBoxes {
    const format = this.boundingBoxFormat ?? 'xyxy';
    const moved = change(convertBoxes(given.boxes, format, 'xyxy', height, width));
    const clipped = clipBoxes({ ...given, boxes: moved }, after.height, after.width);
    return { ...clipped, boxes: convertBoxes(clipped.boxes, 'xyxy', format, after.height, after.width) };
  }

  /** Runs `compute` on images with the channels last. */
  protected inChannelsLast(images: Tensor, compute: (images: Tensor) => Tensor): Tensor {
    if (this.dataFormat === 'channelsLast') return compute(images);
    return ops.transpose(compute(ops.transpose(images, [0, 2, 3, 1])), [0, 3, 1, 2]);
  }

  protected sizeOf({ shape }: Tensor): ImageSize {
    const [batch, ...rest] = shape;
    const [height, width, channels] = this.dataFormat === 'channelsLast' ? rest : [rest[1], rest[2], rest[0]];
    return { batch, height, width, channels };
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    return inputShape;
  }

  // Labels and boxes keep their dtypes, so that only images alone are known without a trace.
  protected override outputForms(inputs: TensorTree, options: CallOptions): unknown {
    if (inputs instanceof Tensor && isFloating(inputs.dtype)) return super.outputForms(inputs, options);
    return this.tracedForms(inputs, { ...options, training: false });
  }

  override getConfig(): Config {
    const format = this.boundingBoxFormat && { boundingBoxFormat: this.boundingBoxFormat };
    return { ...super.getConfig(), dataFormat: this.dataFormat, ...format };
  }
}

const batchOf = ({ boxes, labels }: BoundingBoxes): BoundingBoxes => ({
  boxes: ops.expandDims(boxes, 0),
  labels: ops.expandDims(labels, 0),
});
const unbatched = ({ boxes, labels }: BoundingBoxes): BoundingBoxes => ({
  boxes: ops.squeeze(boxes, [0]),
  labels: ops.squeeze(labels, [0]),
});
