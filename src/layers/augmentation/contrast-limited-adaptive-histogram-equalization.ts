/** @file ContrastLimitedAdaptiveHistogramEqualization: values spread tile by tile. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireSizes } from '../spatial.ts';
import { HistogramLayer, type HistogramLayerOptions } from './equalization.ts';
import { bytes, rescaled } from './ranges.ts';

export interface ContrastLimitedAdaptiveHistogramEqualizationOptions extends HistogramLayerOptions {
  /** How many times its share of a tile a value may count; what is above is spread over all values. 0: no limit. Default 4. */
  clipLimit?: number;
  /** How many tiles down and across; default [8, 8]. */
  tileGridSize?: readonly number[];
}

const levels = 256;

/**
 * Equalizes the histograms of tiles of each image and channel, of which each counts a value at most so often, and blends
 * neighbouring tiles (Zuiderveld 1994); in training and in inference.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.contrastLimitedAdaptiveHistogramEqualization({ clipLimit: 2, tileGridSize: [4, 4] }).apply(images);
 */
export class ContrastLimitedAdaptiveHistogramEqualization extends HistogramLayer {
  readonly clipLimit: number;
  readonly tileGridSize: readonly [down: number, across: number];

  constructor(options: ContrastLimitedAdaptiveHistogramEqualizationOptions = {}) {
    super(options);
    this.clipLimit = options.clipLimit ?? 4;
    const [down, across] = requireSizes(this.name, 'tileGridSize', options.tileGridSize ?? [8, 8], 2);
    this.tileGridSize = [down, across];
  }

  override transformImages(images: Tensor, transformation: null = null): Tensor {
    return super.transformImages(images, transformation, true);
  }

  protected override augment(images: Tensor): Tensor {
    const [batch, height, width, channels] = images.shape;
    const [down, across] = this.tileGridSize;
    const tileHeight = Math.ceil(height / down);
    const tileWidth = Math.ceil(width / across);
    // Beyond the border is the mirror image; where there is less image than that, the mirror of the mirror.
    const padded = mirrored(mirrored(images, 1, tileHeight * down), 2, tileWidth * across);
    const given = ops.floor(ops.clipByValue(rescaled(padded, this.valueRange, bytes), 0, levels - 1));
    const values = ops.cast(given, 'int32');
    const tables = this.tables(values, tileHeight, tileWidth);

    // Between the middles of tiles, their tables are weighed; beyond the outermost ones the same table counts twice.
    const rows = blended(down, tileHeight);
    const columns = blended(across, tileWidth);
    const ofImage = ops.reshape(ops.range(0, batch, 1, 'int32'), [batch, 1, 1, 1]);
    const ofChannel = ops.range(0, channels, 1, 'int32');
    const look = (row: readonly number[], column: readonly number[]): Tensor => {
      const y = ops.tensor([...row], [row.length, 1, 1], 'int32');
      const x = ops.tensor([...column], [column.length, 1], 'int32');
      const tile = ops.add(ops.mul(ops.add(ops.mul(ofImage, down), y), across), x);
      const table = ops.add(ops.mul(tile, channels), ofChannel);
      return ops.gather(tables, ops.add(ops.mul(table, levels), values), 0);
    };
    const mix = (a: Tensor, b: Tensor, share: Tensor): Tensor => ops.add(ops.mul(a, ops.sub(1, share)), ops.mul(b, share)); // prettier-ignore
    const right = ops.tensor([...columns.share], [columns.share.length, 1]);
    const below = ops.tensor([...rows.share], [rows.share.length, 1, 1]);
    const top = mix(look(rows.before, columns.before), look(rows.before, columns.after), right);
    const bottom = mix(look(rows.after, columns.before), look(rows.after, columns.after), right);
    const spread = ops.slice(mix(top, bottom, below), [0, 0, 0, 0], [batch, height, width, channels]);
    return ops.cast(rescaled(spread, bytes, this.valueRange), images.dtype);
  }

  /** What each value becomes in each tile, flat: `[batch, tiles down, tiles across, channels, 256]`. */
  private tables(values: Tensor, tileHeight: number, tileWidth: number): Tensor {
    const [batch, , , channels] = values.shape;
    const [down, across] = this.tileGridSize;
    const tiles = ops.transpose(
      ops.reshape(values, [batch, down, tileHeight, across, tileWidth, channels]),
      [0, 1, 3, 5, 2, 4],
    );
    const area = tileHeight * tileWidth;
    const count = batch * down * across * channels;
    const own = ops.add(ops.reshape(tiles, [count, area]), ops.reshape(ops.range(0, count * levels, levels, 'int32'), [count, 1])); // prettier-ignore
    const counts = ops.cast(ops.reshape(ops.bincount(own, null, count * levels), [count, levels]), 'float32');
    const upTo = ops.cumsum(this.clipLimit > 0 ? limited(counts, (this.clipLimit * area) / levels) : counts, 1);
    const first = ops.min(upTo, 1, true);
    const rest = ops.sub(area, first);
    const share = ops.div(ops.mul(ops.sub(upTo, first), 255), ops.where(ops.equal(rest, 0), ops.onesLike(rest), rest));
    return ops.reshape(ops.clipByValue(share, 0, 255), [count * levels]);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), clipLimit: this.clipLimit, tileGridSize: this.tileGridSize };
  }
}

/** Counts of at most `limit`; what is above is given to all values alike. */
function limited(counts: Tensor, limit: number): Tensor {
  const held = ops.clipByValue(counts, 0, limit);
  const excess = ops.sum(ops.sub(counts, held), 1, true);
  return ops.add(held, ops.div(excess, levels));
}

/** Images made longer along an axis by their mirror image. */
function mirrored(images: Tensor, axis: number, size: number): Tensor {
  const length = images.shape[axis];
  if (length === size) return images;
  const places = Array.from({ length: size }, (_, i) =>
    Math.min(i % (2 * length), 2 * length - 1 - (i % (2 * length))),
  );
  return ops.gather(images, ops.tensor(places, null, 'int32'), axis);
}

/** For each pixel along an axis the tiles whose middles lie before and after it, and the share of the latter. */
function blended(tiles: number, extent: number) {
  const places = Array.from({ length: tiles * extent }, (_, i) => (i - extent / 2) / extent);
  const held = (tile: number): number => Math.min(tiles - 1, Math.max(0, tile));
  return {
    before: places.map((place) => held(Math.floor(place))),
    after: places.map((place) => held(Math.floor(place) + 1)),
    share: places.map((place) => place - Math.floor(place)),
  };
}
