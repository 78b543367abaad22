/** @file The kernel that draws random numbers: on the host, so that they are the same on every engine. */
import type { Distribution, SamplingParams } from '../../primitives/sampling.ts';
import { type DType, bytesPerElement, isInteger } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { toHostArray } from '../../tensor/host.ts';
import { type Shape, sizeOf, stridesOf } from '../../tensor/shape.ts';
import { binomial, choose, cumulative, gammas, normals, poisson, truncatedNormals } from '../random/distributions.ts';
import { Generator } from '../random/philox.ts';
import { type HostKernels, type HostOperand, numbersOf } from './kernel.ts';

/** The elements of a parameter in the places of a shape that it broadcasts to. */
function broadcast(operand: HostOperand, shape: Shape): (i: number) => number {
  const numbers = numbersOf(operand);
  if (numbers.length === 1) return () => numbers[0];
  if (operand.shape.length === shape.length && operand.shape.every((d, axis) => d === shape[axis]))
    return (i) => numbers[i];
  const offset = shape.length - operand.shape.length;
  const own = stridesOf(operand.shape);
  const strides = stridesOf(shape);
  return (i) => {
    let place = 0;
    for (let axis = offset; axis < shape.length; axis++) {
      const dimension = operand.shape[axis - offset];
      if (dimension !== 1) place += (Math.floor(i / strides[axis]) % dimension) * own[axis - offset];
    }
    return numbers[place];
  };
}

interface Draw {
  readonly generator: Generator;
  /** With as many random bits as the dtype can hold. */
  readonly uniform: () => number;
  readonly parameters: readonly HostOperand[];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The number for each place. */
const eachOf =
  (start: (draw: Draw, at: readonly ((i: number) => number)[]) => (i: number) => number) =>
  (draw: Draw): Float64Array => {
    const next = start(
      draw,
      draw.parameters.map((parameter) => broadcast(parameter, draw.shape)),
    );
    const values = new Float64Array(sizeOf(draw.shape));
    for (let i = 0; i < values.length; i++) values[i] = next(i);
    return values;
  };

const samplers: Readonly<Record<Distribution, (draw: Draw) => ArrayLike<number | bigint>>> = {
  uniform: eachOf(({ uniform }) => uniform),
  normal: eachOf(({ uniform }) => {
    const normal = normals();
    return () => normal(uniform);
  }),
  truncatedNormal: eachOf(({ uniform }) => {
    const normal = truncatedNormals();
    return () => normal(uniform);
  }),
  integers: eachOf(
    ({ generator }, [low, high]) =>
      (i) =>
        low(i) + generator.below(high(i) - low(i)),
  ),
  bits: ({ generator, shape, dtype }) => {
    const wide = dtype === 'int64';
    const drop = isInteger(dtype) && !wide ? 32 - 8 * bytesPerElement(dtype) : 0;
    return Array.from({ length: sizeOf(shape) }, () => {
      const word = generator.next();
      if (wide) return BigInt.asIntN(64, (BigInt(generator.next()) << 32n) | BigInt(word));
      return dtype === 'uint8' ? word >>> drop : (word | 0) >> drop;
    });
  },
  gamma: eachOf(({ generator }, [alpha]) => {
    const gamma = gammas(generator);
    return (i) => gamma(alpha(i));
  }),
  poisson: eachOf(
    ({ generator }, [rate]) =>
      (i) =>
        poisson(generator, rate(i)),
  ),
  binomial: eachOf(
    ({ generator }, [count, probability]) =>
      (i) =>
        binomial(generator, count(i), probability(i)),
  ),
  categorical: ({ generator, parameters: [logits], shape: [batch, samples] }) => {
    const numbers = numbersOf(logits);
    const classes = logits.shape[1];
    const values = new Int32Array(batch * samples);
    for (let row = 0; row < batch && samples > 0; row++) {
      const sums = cumulative(numbers, row * classes, (row + 1) * classes);
      if (!sums)
        throw new ArgumentError(
          `random.categorical: row ${row} of the logits has nothing to choose from: it needs a finite logit, and none that is NaN or Infinity.`,
        );
      for (let i = 0; i < samples; i++) values[row * samples + i] = choose(generator, sums);
    }
    return values;
  },
  nothing: ({ generator, parameters: [blocks], shape }) => {
    generator.skip(numbersOf(blocks)[0]);
    return new Float64Array(sizeOf(shape));
  },
};

export const samplingKernels: HostKernels<keyof SamplingParams> = {
  sample: ([state, ...parameters], { distribution, shape, dtype }) => {
    const generator = new Generator(state.data as Int32Array);
    const uniform = dtype === 'float64' ? () => generator.uniform53() : () => generator.uniform();
    const values = samplers[distribution]({ generator, uniform, parameters, shape, dtype });
    return [toHostArray(values, dtype), generator.state()];
  },
};
