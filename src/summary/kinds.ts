/** @file What each kind of summary makes of its data: numbers, distributions, images, text, sounds. */
import * as ops from '../ops/index.ts';
import { type TensorLike, toTensor } from '../ops/convert.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { rasterToPNG } from '../vis/png.ts';
import type { HostTensor, Summary } from './event.ts';
import { encodeWav } from './wav.ts';

/** Text: a string, nested lists of them, or a string tensor. */
export type TextLike = string | readonly TextLike[] | Tensor;

export interface DescriptionOption {
  /** Shown beside the data, in Markdown. */
  readonly description?: string;
}
export interface HistogramOptions extends DescriptionOption {
  /** How many intervals; default 30. */
  readonly buckets?: number;
}
export interface ImageOptions extends DescriptionOption {
  /** So many of the images are kept; default 3. */
  readonly maxOutputs?: number;
}
export interface AudioOptions extends DescriptionOption {
  /** So many of the clips are kept; default 3. */
  readonly maxOutputs?: number;
}

/** Elements of a tensor on the host. */
const elements = (data: TensorLike, kind: string): { values: ArrayLike<number | bigint>; shape: Shape } =>
  ops.tidy(() => {
    const tensor = toTensor(data, `tf.summary.${kind}`);
    return { values: tensor.dataSync(), shape: tensor.shape };
  });

const writableDtypes = ['float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'bool', 'string'];

/** A tensor as event files hold it. @throws ArgumentError for dtypes that they have no place for */
export const hostTensor = (data: TensorLike): HostTensor =>
  ops.tidy(() => {
    const tensor = toTensor(data, 'tf.summary.write');
    if (!writableDtypes.includes(tensor.dtype))
      throw new ArgumentError(
        `tf.summary.write: expected a tensor of ${writableDtypes.join(', ')}, got ${tensor.dtype}.`,
      );
    return { dtype: tensor.dtype, shape: tensor.shape, values: tensor.dataSync<never>() } as HostTensor;
  });

function expectRank(kind: string, shape: Shape, dimensions: readonly string[]): void {
  if (shape.length !== dimensions.length)
    throw new ArgumentError(
      `tf.summary.${kind}: expected data of shape [${dimensions.join(', ')}], got ${formatShape(shape)}.`,
    );
}

export function scalarSummary(tag: string, data: TensorLike, { description }: DescriptionOption = {}): Summary {
  const { values, shape } = elements(data, 'scalar');
  if (shape.length > 0)
    throw new ArgumentError(
      `tf.summary.scalar: expected a single number for '${tag}', got shape ${formatShape(shape)}.`,
    );
  return {
    tag,
    tensor: { dtype: 'float32', shape: [], values: Float32Array.of(Number(values[0])) },
    metadata: { pluginName: 'scalars', description },
  };
}

export function histogramSummary(
  tag: string,
  data: TensorLike,
  { buckets = 30, description }: HistogramOptions = {},
): Summary {
  if (!Number.isInteger(buckets) || buckets < 0)
    throw new ArgumentError(`tf.summary.histogram: expected buckets to be a whole number, got ${buckets}.`);
  return {
    tag,
    tensor: {
      dtype: 'float64',
      shape: [buckets, 3],
      values: histogramBuckets(Float64Array.from(elements(data, 'histogram').values, Number), buckets),
    },
    metadata: { pluginName: 'histograms', description },
  };
}

/**
 * Left edge, right edge and count of intervals of one width between the least and the greatest element. Elements that are not
 * finite are in none. Where all are equal the last interval has them, where there are none all is 0.
 */
function histogramBuckets(data: Float64Array, count: number): Float64Array {
  const buckets = new Float64Array(3 * count);
  const finite = data.filter(Number.isFinite);
  if (count === 0 || finite.length === 0) return buckets;
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of finite) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const width = (greatest - least) / count;
  for (let i = 0; i < count; i++) {
    buckets[3 * i] = least + i * width;
    buckets[3 * i + 1] = i === count - 1 ? greatest : least + (i + 1) * width;
  }
  for (const value of finite) {
    const place = width === 0 ? count - 1 : Math.min(Math.floor((value - least) / width), count - 1);
    buckets[3 * place + 2]++;
  }
  return buckets;
}

function expectMaxOutputs(kind: string, maxOutputs: number): number {
  if (Number.isInteger(maxOutputs) && maxOutputs >= 0) return maxOutputs;
  throw new ArgumentError(`tf.summary.${kind}: expected maxOutputs to be a whole number, got ${maxOutputs}.`);
}

/** Images as PNG files. Numbers with fractions are brightnesses from 0 to 1; other dtypes use their whole range. */
export async function imageSummary(
  tag: string,
  data: TensorLike,
  { maxOutputs = 3, description }: ImageOptions = {},
): Promise<Summary> {
  const most = expectMaxOutputs('image', maxOutputs);
  // Read now: the caller may dispose of the tensor.
  const { values, shape } = ops.tidy(() => {
    const images = toTensor(data, 'tf.summary.image');
    expectRank('image', images.shape, ['images', 'height', 'width', 'channels']);
    const pixels = ops.image.convertImageDtype(images, 'uint8', true);
    return { values: Uint8Array.from(pixels.dataSync()), shape: pixels.shape };
  });
  const [count, height, width, channels] = shape;
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4)
    throw new ArgumentError(
      `tf.summary.image: expected 1 (grey), 2 (grey, opacity), 3 (RGB) or 4 (RGBA) channels, got ${channels} in shape ${formatShape(shape)}.`,
    );
  const size = height * width * channels;
  const pictures = await Promise.all(
    Array.from({ length: Math.min(count, most) }, (_, i) =>
      rasterToPNG({ pixels: values.subarray(i * size, (i + 1) * size), width, height, channels }),
    ),
  );
  return {
    tag,
    tensor: { dtype: 'string', shape: [2 + pictures.length], values: [String(width), String(height), ...pictures] },
    metadata: { pluginName: 'images', description },
  };
}

/** Text as a string tensor. */
export const textTensor = (data: TextLike): Tensor =>
  data instanceof Tensor ? data : ops.tensor(data as string[], undefined, 'string');

export function textSummary(tag: string, data: TextLike, { description }: DescriptionOption = {}): Summary {
  const { values, shape } = ops.tidy(() => {
    const text = textTensor(data);
    if (text.dtype !== 'string')
      throw new ArgumentError(`tf.summary.text: expected text for '${tag}', got a tensor of ${text.dtype}.`);
    return { values: text.dataSync<string[]>(), shape: text.shape };
  });
  return {
    tag,
    tensor: { dtype: 'string', shape, values },
    metadata: { pluginName: 'text', description },
  };
}

/** AudioPluginData: encoding (field 2) is WAV (11). */
const wavContent = Uint8Array.of(0x10, 11);

export function audioSummary(
  tag: string,
  data: TensorLike,
  sampleRate: number,
  { maxOutputs = 3, description }: AudioOptions = {},
): Summary {
  const most = expectMaxOutputs('audio', maxOutputs);
  if (!Number.isInteger(sampleRate) || sampleRate <= 0)
    throw new ArgumentError(`tf.summary.audio: expected sampleRate in samples a second, got ${sampleRate}.`);
  const { values, shape } = elements(data, 'audio');
  expectRank('audio', shape, ['clips', 'frames', 'channels']);
  const [count, frames, channels] = shape;
  const samples = Float32Array.from(values, Number);
  const clips = Array.from({ length: Math.min(count, most) }, (_, i) =>
    encodeWav(samples.subarray(i * frames * channels, (i + 1) * frames * channels), { sampleRate, channels }),
  );
  return {
    tag,
    // Each clip has a label beside it, which nobody uses any more.
    tensor: { dtype: 'string', shape: [clips.length, 2], values: clips.flatMap((clip) => [clip, '']) },
    metadata: { pluginName: 'audio', content: wavContent, description },
  };
}
