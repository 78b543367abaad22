/** @file Windows over images laid out beside each other, by gathering rows and columns: for what looks into windows. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { hostTensor } from './host-tensor.ts';
import type { Paddings } from './window.ts';

export interface WindowGrid {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Paddings;
}

/** How many windows lie along an axis. */
export function windowCount(size: number, axis: number, { window, strides, dilations, padding }: WindowGrid): number {
  const extent = (window[axis] - 1) * dilations[axis] + 1;
  return Math.floor((size + padding[axis][0] + padding[axis][1] - extent) / strides[axis]) + 1;
}

/** Of each window along an axis its places there, one window after another; below 0 and beyond the end lies padding. */
export function placesAlong(size: number, axis: number, grid: WindowGrid): number[] {
  const count = windowCount(size, axis, grid);
  const { window, strides, dilations, padding } = grid;
  return Array.from({ length: count * window[axis] }, (_, k) => {
    const [index, tap] = [Math.floor(k / window[axis]), k % window[axis]];
    return index * strides[axis] + tap * dilations[axis] - padding[axis][0];
  });
}

/** Images with every window written out beside the next: windows of the result tile it. `fill` stands for padding. */
export function tileWindows(x: Tensor, grid: WindowGrid, fill: number): Tensor {
  const none = [0, 0] as const;
  const isPadded = grid.padding.some(([before, after]) => before + after > 0);
  const padded = isPadded ? p.pad(x, [none, ...grid.padding, none], fill) : x;
  return grid.window.reduce((tiled, _, axis) => {
    const places = placesAlong(x.shape[axis + 1], axis, grid).map((place) => place + grid.padding[axis][0]);
    return p.gather(tiled, hostTensor(places), axis + 1);
  }, padded);
}

/** [batch, height, width, channels] to [batch, rows, columns, pixels of a window, channels]. */
export function windowPatches(x: Tensor, grid: WindowGrid, fill: number): Tensor {
  const [height, width] = grid.window;
  const tiled = tileWindows(x, grid, fill);
  const [batch, , , channels] = x.shape;
  const [rows, columns] = [tiled.shape[1] / height, tiled.shape[2] / width];
  const split = p.reshape(tiled, [batch, rows, height, columns, width, channels]);
  return p.reshape(p.transpose(split, [0, 1, 3, 2, 4, 5]), [batch, rows, columns, height * width, channels]);
}
