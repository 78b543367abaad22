/** @file Pooling over one, two or three spatial axes, with or without dilation, of the primitives for two. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { scalarLike } from './convert.ts';
import { type WindowGrid, placesAlong, tileWindows } from './patches.ts';
import { hostTensor } from './host-tensor.ts';

export type PoolingType = 'max' | 'avg';

/** Pooling of [batch, height, width, channels] without dilation. */
function poolImages(x: Tensor, type: PoolingType, { window, strides, padding }: WindowGrid): Tensor {
  const params = {
    windowShape: [window[0], window[1]],
    strides: [strides[0], strides[1]],
    padding: [padding[0], padding[1]],
  } as const;
  return type === 'max' ? p.maxPool2d(x, params) : p.avgPool2d(x, params);
}

/** The same axis of a grid, beside one of which windows see one element. */
const oneAxis = ({ window, strides, padding, dilations }: WindowGrid, axis: number): WindowGrid => ({
  window: [window[axis], 1],
  strides: [strides[axis], 1],
  padding: [padding[axis], [0, 0]],
  dilations: [dilations[axis], 1],
});
const withoutFirst = ({ window, strides, padding, dilations }: WindowGrid): WindowGrid => ({
  window: window.slice(1),
  strides: strides.slice(1),
  padding: padding.slice(1),
  dilations: dilations.slice(1),
});

/** How many elements that are no padding each window of an axis has. */
function elementsInWindows(size: number, axis: number, grid: WindowGrid): number[] {
  const places = placesAlong(size, axis, grid);
  const length = grid.window[axis];
  return Array.from(
    { length: places.length / length },
    (_, i) => places.slice(i * length, (i + 1) * length).filter((place) => place >= 0 && place < size).length,
  );
}

/** Windows with gaps are written out first, so that they have none. */
function poolDilated(x: Tensor, type: PoolingType, grid: WindowGrid): Tensor {
  const { window } = grid;
  const none = window.map(() => [0, 0] as const);
  const tiled = { window, strides: window, padding: none, dilations: window.map(() => 1) };
  if (type === 'max') return poolImages(tileWindows(x, grid, -Infinity), 'max', tiled);
  const mean = poolImages(tileWindows(x, grid, 0), 'avg', tiled);
  const [rows, columns] = [0, 1].map((axis) => elementsInWindows(x.shape[axis + 1], axis, grid));
  const counts = rows.flatMap((inRow) => columns.map((inColumn) => inRow * inColumn));
  // Zeros of the padding were counted: the sum is what they have in common.
  const sum = p.mul(mean, scalarLike(window[0] * window[1], x));
  return p.div(sum, hostTensor(counts, [rows.length, columns.length, 1], x.dtype));
}

/** Pooling of [batch, ...spatial, channels]: the largest or the mean element of each window, padding left out. */
export function poolOver(x: Tensor, type: PoolingType, grid: WindowGrid): Tensor {
  const axes = x.rank - 2;
  if (axes === 2) return grid.dilations.every((d) => d === 1) ? poolImages(x, type, grid) : poolDilated(x, type, grid);
  const [batch, size, ...rest] = x.shape;
  const channels = rest[rest.length - 1];
  if (axes === 1) {
    const y = poolOver(p.reshape(x, [batch, size, 1, channels]), type, oneAxis(grid, 0));
    return p.reshape(y, [batch, y.shape[1], channels]);
  }
  // The extremum of extrema, the mean of means that each have as many elements: plane by plane, then along the depth.
  const planes = poolOver(p.reshape(x, [batch * size, ...rest]), type, withoutFirst(grid));
  const [, height, width] = planes.shape;
  const y = poolOver(p.reshape(planes, [batch, size, height * width, channels]), type, oneAxis(grid, 0));
  return p.reshape(y, [batch, y.shape[1], height, width, channels]);
}
