/** @file Which pixels, with which weights, make each pixel of a resized image, along one axis: the methods of resizing. */
export type KernelMethod = 'bilinear' | 'bicubic' | 'area' | 'lanczos3' | 'lanczos5' | 'gaussian' | 'mitchellcubic';

/** Of each output `count` places in the input and their weights. */
export interface Taps {
  readonly count: number;
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

interface Kernel {
  readonly radius: number;
  /** The weight at a distance of at least 0. */
  readonly weight: (distance: number) => number;
}

const cubic =
  (near: readonly number[], far: readonly number[]) =>
  (x: number): number => {
    const [a, b, c, d] = x < 1 ? near : far;
    return x >= 2 ? 0 : ((a * x + b) * x + c) * x + d;
  };
const lanczos = (radius: number): Kernel => ({
  radius,
  weight: (x) => {
    if (x > radius) return 0;
    const angle = Math.PI * x;
    return x <= 1e-3 ? 1 : (radius * Math.sin(angle) * Math.sin(angle / radius)) / (angle * angle);
  },
});
const kernels: Readonly<Record<Exclude<KernelMethod, 'area'>, Kernel>> = {
  bilinear: { radius: 1, weight: (x) => Math.max(0, 1 - x) },
  // Keys' kernel with a = -1/2 (1981); Mitchell and Netravali's with B = C = 1/3 (1988)
  bicubic: { radius: 2, weight: cubic([1.5, -2.5, 0, 1], [-0.5, 2.5, -4, 2]) },
  mitchellcubic: { radius: 2, weight: cubic([7 / 6, -2, 0, 8 / 9], [-7 / 18, 2, -10 / 3, 16 / 9]) },
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian: { radius: 1.5, weight: (x) => (x >= 1.5 ? 0 : Math.exp(-2 * x * x)) },
};

type Tap = readonly [place: number, weight: number];

/** Lists of taps made equally long, with taps of weight 0 that repeat a place already looked at. */
function even(lists: readonly (readonly Tap[])[]): Taps {
  const count = Math.max(1, ...lists.map((list) => list.length));
  const padded = lists.map((list) => [
    ...list,
    ...Array.from({ length: count - list.length }, () => [list[0][0], 0] as const),
  ]);
  return {
    count,
    places: padded.flatMap((list) => list.map(([place]) => place)),
    weights: padded.flatMap((list) => list.map(([, weight]) => weight)),
  };
}

const normalized = (taps: readonly Tap[]): Tap[] => {
  const total = taps.reduce((sum, [, weight]) => sum + weight, 0);
  return taps.map(([place, weight]) => [place, Math.abs(total) > 1e-30 ? weight / total : weight]);
};

/** Pixels under a kernel around each output's centre; with `antialias` the kernel is as wide as the outputs are apart. */
function kernelTaps(size: number, outputs: number, { radius, weight }: Kernel, antialias: boolean): Taps {
  const step = size / outputs;
  const width = antialias ? Math.max(step, 1) : 1;
  const within = (place: number): number => Math.min(Math.max(place, 0), size - 1);
  return even(
    Array.from({ length: outputs }, (_, i) => {
      const centre = (i + 0.5) * step;
      const first = within(Math.ceil(centre - radius * width - 0.5));
      const last = within(Math.floor(centre + radius * width - 0.5));
      const taps = Array.from({ length: last - first + 1 }, (_, k): Tap => {
        const place = first + k;
        return [place, weight(Math.abs(place + 0.5 - centre) / width)];
      });
      return normalized(taps);
    }),
  );
}

/** Four pixels around each output's centre; those beyond the border do not count. */
function bicubicTaps(size: number, outputs: number): Taps {
  return even(
    Array.from({ length: outputs }, (_, i) => {
      const centre = (i + 0.5) * (size / outputs) - 0.5;
      const taps = [-1, 0, 1, 2]
        .map((k): Tap => [Math.floor(centre) + k, kernels.bicubic.weight(Math.abs(Math.floor(centre) + k - centre))])
        .filter(([place]) => place >= 0 && place < size);
      return normalized(taps);
    }),
  );
}

/** Each output's share of the input, by how much of each pixel lies in it. */
function areaTaps(size: number, outputs: number): Taps {
  const step = size / outputs;
  return even(
    Array.from({ length: outputs }, (_, i) => {
      const [from, to] = [i * step, (i + 1) * step];
      const first = Math.floor(from);
      const taps = Array.from({ length: Math.max(1, Math.ceil(to) - first) }, (_, k): Tap => {
        const covered = Math.min(first + k + 1, to) - Math.max(first + k, from);
        return [Math.min(first + k, size - 1), Math.max(0, covered)];
      });
      return normalized(taps);
    }),
  );
}

/** How far apart the inputs of neighbouring outputs are. */
const spacing = (size: number, outputs: number, alignCorners: boolean): number =>
  alignCorners && outputs > 1 ? (size - 1) / (outputs - 1) : size / outputs;

/** The two pixels around each output, by distance. */
export function bilinearTaps(size: number, outputs: number, alignCorners: boolean, halfPixelCenters: boolean): Taps {
  const step = spacing(size, outputs, alignCorners);
  return even(
    Array.from({ length: outputs }, (_, i): Tap[] => {
      const at = halfPixelCenters ? (i + 0.5) * step - 0.5 : i * step;
      const below = Math.floor(at);
      return [
        [Math.max(below, 0), 1 - (at - below)],
        [Math.min(Math.ceil(at), size - 1), at - below],
      ];
    }),
  );
}

/** The one pixel nearest to each output. In float32, as in TensorFlow: which side a tie falls on depends on it. */
export function nearestPlaces(
  size: number,
  outputs: number,
  alignCorners: boolean,
  halfPixelCenters: boolean,
): number[] {
  const step = Math.fround(spacing(size, outputs, alignCorners));
  return Array.from({ length: outputs }, (_, i) => {
    const at = Math.fround((halfPixelCenters ? i + 0.5 : i) * step);
    return Math.max(0, Math.min(size - 1, alignCorners ? Math.floor(at + 0.5) : Math.floor(at)));
  });
}

/** The taps of a method along an axis. */
export function tapsOf(method: KernelMethod, size: number, outputs: number, antialias: boolean): Taps {
  if (method === 'area') return areaTaps(size, outputs);
  if (method === 'bilinear' && !antialias) return bilinearTaps(size, outputs, false, true);
  if (method === 'bicubic' && !antialias) return bicubicTaps(size, outputs);
  return kernelTaps(size, outputs, kernels[method], antialias);
}
