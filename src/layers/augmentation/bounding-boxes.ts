/** @file Bounding boxes of images: their formats, clipping. */
import { lookUp } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Boxes and what is in them. */
export interface BoundingBoxes {
  /** `[batch, boxes, 4]`. */
  readonly boxes: Tensor;
  /** `[batch, boxes]`; -1 stands for no box. */
  readonly labels: Tensor;
}

/** A number, or one for each image that broadcasts with `[batch, boxes, 1]`. */
type Extent = number | Tensor;
type Corners = readonly [left: Tensor, top: Tensor, right: Tensor, bottom: Tensor];

interface Format {
  toCorners(numbers: Corners): Corners;
  fromCorners(corners: Corners): Corners;
  /** In shares of width and height instead of pixels. */
  readonly isRelative: boolean;
}

const half = (x: Tensor): Tensor => ops.div(x, 2);
const corners: Pick<Format, 'toCorners' | 'fromCorners'> = { toCorners: (x) => x, fromCorners: (x) => x };
const transposed: typeof corners = {
  toCorners: ([top, left, bottom, right]) => [left, top, right, bottom],
  fromCorners: ([left, top, right, bottom]) => [top, left, bottom, right],
};
const sized: typeof corners = {
  toCorners: ([left, top, width, height]) => [left, top, ops.add(left, width), ops.add(top, height)],
  fromCorners: ([left, top, right, bottom]) => [left, top, ops.sub(right, left), ops.sub(bottom, top)],
};
const centred: typeof corners = {
  toCorners: ([x, y, width, height]) => [
    ops.sub(x, half(width)),
    ops.sub(y, half(height)),
    ops.add(x, half(width)),
    ops.add(y, half(height)),
  ],
  fromCorners: (given) => {
    const [left, top, width, height] = sized.fromCorners(given);
    return [ops.add(left, half(width)), ops.add(top, half(height)), width, height];
  },
};
const centredTransposed: typeof corners = {
  toCorners: ([y, x, height, width]) => centred.toCorners([x, y, width, height]),
  fromCorners: (given) => {
    const [x, y, width, height] = centred.fromCorners(given);
    return [y, x, height, width];
  },
};

const formats = {
  xyxy: { ...corners, isRelative: false },
  yxyx: { ...transposed, isRelative: false },
  xywh: { ...sized, isRelative: false },
  centerXywh: { ...centred, isRelative: false },
  centerYxhw: { ...centredTransposed, isRelative: false },
  relXyxy: { ...corners, isRelative: true },
  relYxyx: { ...transposed, isRelative: true },
  relXywh: { ...sized, isRelative: true },
  relCenterXywh: { ...centred, isRelative: true },
} satisfies Record<string, Format>;

/**
 * What the four numbers of a box are: `xyxy` left, top, right, bottom; `yxyx` top first; `xywh` left, top, width, height;
 * `centerXywh` with the middle instead of the corner; `centerYxhw`; with `rel` in shares of the image's width and height.
 */
export type BoundingBoxFormat = keyof typeof formats;

const names = Object.fromEntries(Object.keys(formats).map((name) => [name, name])) as Record<string, BoundingBoxFormat>;
/** A format by its name in any spelling, `rel_xyxy` too. @throws ArgumentError */
export const boundingBoxFormat = (name: string): BoundingBoxFormat => lookUp('bounding box format', names, name);

/** The four numbers of boxes `[..., 4]`, each `[..., 1]`. */
export const boxNumbers = (boxes: Tensor): [Tensor, Tensor, Tensor, Tensor] =>
  ops.split(boxes, 4, -1) as [Tensor, Tensor, Tensor, Tensor];
export const joinBox = (numbers: readonly Tensor[]): Tensor => ops.concat(numbers, -1);

/** Boxes in another format, of images of this height and width. */
export function convertBoxes(
  boxes: Tensor,
  source: BoundingBoxFormat,
  target: BoundingBoxFormat,
  height: Extent,
  width: Extent,
): Tensor {
  if (source === target) return boxes;
  const [from, to]: [Format, Format] = [formats[source], formats[target]];
  const scaled = ([left, top, right, bottom]: Corners, by: (x: Tensor, extent: Extent) => Tensor): Corners => [
    by(left, width),
    by(top, height),
    by(right, width),
    by(bottom, height),
  ];
  const given = from.toCorners(boxNumbers(boxes));
  const moved =
    from.isRelative === to.isRelative ? given : scaled(given, from.isRelative ? (x, n) => ops.mul(x, n) : (x, n) => ops.div(x, n)); // prettier-ignore
  return joinBox(to.fromCorners(moved));
}

/** Boxes `xyxy` cut at the border of the image; those of which nothing is left get the label -1. */
export function clipBoxes({ boxes, labels }: BoundingBoxes, height: number, width: number): BoundingBoxes {
  const [left, top, right, bottom] = boxNumbers(boxes);
  const [x1, y1] = [ops.clipByValue(left, 0, width), ops.clipByValue(top, 0, height)];
  const [x2, y2] = [ops.clipByValue(right, 0, width), ops.clipByValue(bottom, 0, height)];
  const area = ops.mul(ops.sub(x2, x1), ops.sub(y2, y1));
  // Labels are a number for each box, or more in an axis of their own.
  const isLeft = ops.greater(labels.rank < boxes.rank ? ops.squeeze(area, [-1]) : area, 0);
  return {
    boxes: joinBox([x1, y1, x2, y2]),
    labels: ops.where(isLeft, labels, ops.sub(ops.zerosLike(labels), ops.onesLike(labels))),
  };
}

/** @throws ArgumentError, ShapeError unless it is boxes `[..., boxes, 4]` and their labels `[..., boxes]` */
export function checkBoxes(layer: string, { boxes, labels }: BoundingBoxes, batched: boolean): void {
  const rank = batched ? 3 : 2;
  if (!boxes || !labels)
    throw new ArgumentError(`Layer ${layer}: expected boundingBoxes to be { boxes, labels }; one of them is missing.`);
  const fits = boxes.rank === rank && boxes.shape.at(-1) === 4 && labels.rank >= rank - 1;
  if (!fits || labels.shape[rank - 2] !== boxes.shape[rank - 2])
    throw new ShapeError(
      `Layer ${layer}: expected boxes of shape ${batched ? '[batch, boxes, 4] and labels [batch, boxes]' : '[boxes, 4] and labels [boxes]'}, ` +
        `got ${formatShape(boxes.shape)} and ${formatShape(labels.shape)}.`,
    );
}
