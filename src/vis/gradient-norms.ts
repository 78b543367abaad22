/** @file How large the gradients of weights are: vanishing and exploding ones. */
import { GradientTape } from '../autodiff/index.ts';
import { Layer } from '../layers/index.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import type { ChartOptions } from './charts.ts';
import { logAxis } from './log-axis.ts';
import { formatShort } from './number-text.ts';
import { bad, neutralText, series } from './palette.ts';
import { Plot, chart } from './vega.ts';

/** A plot of norms; `norms` are its numbers. */
export class GradientNorms extends Plot {
  /** The L2 norm by name of the weight, in the weights' order; null where the loss does not depend on it. */
  readonly norms: Readonly<Record<string, number | null>>;

  constructor(plot: Plot, text: string, norms: Readonly<Record<string, number | null>>) {
    super(plot.spec, text);
    this.norms = norms;
  }
}

/**
 * The L2 norms of gradients, one mark a weight, on a logarithmic scale. Gradients may be given by name; or a model (or some
 * variables) with a function of the loss, and they are taken.
 *
 * @param source a model, a layer or variables, with `loss`; or gradients by name
 * @param loss gives the loss, a scalar
 * @throws ArgumentError where there are no weights, or the loss is no scalar
 * @example
 * tf.vis.gradientNorms(model, () => tf.losses.meanSquaredError(y, model.apply(x)).mean())
 */
export function gradientNorms(
  source: Layer | readonly Variable[],
  loss: () => Tensor,
  options?: Pick<ChartOptions, 'title' | 'width' | 'height'>,
): GradientNorms;
export function gradientNorms(
  gradients: Readonly<Record<string, Tensor | null>>,
  options?: Pick<ChartOptions, 'title' | 'width' | 'height'>,
): GradientNorms;
export function gradientNorms(
  source: Layer | readonly Variable[] | Readonly<Record<string, Tensor | null>>,
  second?: (() => Tensor) | Pick<ChartOptions, 'title' | 'width' | 'height'>,
  third?: Pick<ChartOptions, 'title' | 'width' | 'height'>,
): GradientNorms {
  const isTaken = source instanceof Layer || Array.isArray(source);
  if (isTaken && typeof second !== 'function')
    throw new ArgumentError(
      'tf.vis.gradientNorms: give a function of the loss as the second argument: () => lossOf(y, model.apply(x)).',
    );
  const options = (typeof second === 'function' ? third : second) ?? {};
  const norms = ops.tidy(() =>
    normsOf(
      isTaken
        ? gradientsOf(source as Layer | readonly Variable[], second as () => Tensor)
        : (source as Readonly<Record<string, Tensor | null>>),
    ),
  );
  return draw(norms, options);
}

function gradientsOf(source: Layer | readonly Variable[], loss: () => Tensor): Record<string, Tensor | null> {
  const tape = new GradientTape();
  const value = tape.record(loss);
  if (!(value instanceof Tensor) || value.size !== 1)
    throw new ArgumentError(
      `tf.vis.gradientNorms: the loss must be a scalar, got ${value instanceof Tensor ? `shape [${value.shape.join(', ')}]; take its mean` : typeof value}.`,
    );
  // Asked for only now: a model may get its weights from its first call, in the loss.
  const variables = source instanceof Layer ? source.trainableWeights : source;
  const gradients = tape.gradient(value, [...variables]);
  return Object.fromEntries(variables.map(({ name }, i) => [name, gradients[i]]));
}

function normsOf(gradients: Readonly<Record<string, Tensor | null>>): Record<string, number | null> {
  const entries = Object.entries(gradients);
  if (entries.length === 0)
    throw new ArgumentError('tf.vis.gradientNorms: there are no weights that training changes.');
  return Object.fromEntries(
    entries.map(([name, gradient]) => {
      if (gradient === null) return [name, null];
      if (!(gradient instanceof Tensor))
        throw new ArgumentError(
          `tf.vis.gradientNorms: expected a tensor or null for '${name}', got ${typeof gradient}.`,
        );
      return [name, Number(ops.sqrt(ops.sum(ops.square(ops.cast(gradient, 'float64')))).dataSync()[0])];
    }),
  );
}

function draw(
  norms: Readonly<Record<string, number | null>>,
  { title, width = 360, height }: Pick<ChartOptions, 'title' | 'width' | 'height'>,
): GradientNorms {
  const names = Object.keys(norms);
  const shown = Object.values(norms).filter(
    (norm): norm is number => norm !== null && norm > 0 && Number.isFinite(norm),
  );
  // Powers of ten around all of them.
  const low = 10 ** Math.floor(Math.log10(Math.min(1, ...shown)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(low * 10, ...shown)));
  const rows = names.map((name) => {
    const norm = norms[name];
    const isShown = norm !== null && norm > 0 && Number.isFinite(norm);
    const text = norm === null ? 'no gradient' : norm === 0 ? '0' : formatShort(norm);
    return { name, norm: isShown ? norm : low, low, text, isShown };
  });
  const y = {
    field: 'name',
    type: 'nominal',
    sort: null,
    title: null,
    axis: { labelLimit: 280, grid: false, labelPadding: 12 },
  };
  const x = {
    field: 'norm',
    type: 'quantitative',
    title: 'norm of the gradient',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: { ...logAxis([low, high]).axis, format: low >= 1e-3 && high <= 1e4 ? '~g' : '~e', grid: true },
  };
  const tooltip = [{ field: 'name' }, { field: 'text', title: 'norm' }];
  const color = { condition: { test: 'datum.isShown', value: series[0] }, value: bad };
  const plot = chart({
    ...(title !== undefined && { title }),
    width,
    height: height ?? Math.max(60, names.length * 22),
    data: { values: rows },
    encoding: { y },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 2, opacity: 0.45 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'norm' }, color },
      },
      { mark: { type: 'point', size: 70, opacity: 1 }, encoding: { x, color, tooltip } },
      {
        mark: { type: 'text', align: 'left', dx: 9, fontSize: 10.5, color: neutralText },
        encoding: { x, text: { field: 'text' } },
      },
    ],
  });
  const lines = rows.map(({ name, text }) => `  ${name}: ${text}`);
  return new GradientNorms(plot, [`${title ?? 'Norms of gradients'}`, ...lines].join('\n'), norms);
}
