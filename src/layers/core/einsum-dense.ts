/** @file EinsumDense: a dense layer whose product is an einsum. */
import type { Activation } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { type KernelOptions, activationOf, kernelConfig } from '../kernel-options.ts';
import { Layer, type PartialShape } from '../layer.ts';
import { activationDetail } from '../serialization.ts';

export interface EinsumDenseOptions extends Omit<KernelOptions, 'useBias'> {
  /** `abc,cd->abd`: the axes of the inputs, of the kernel, of the output; `...` may begin or end those of inputs and output. */
  equation: string;
  /** Sizes of the output's axes, without the batch (and what `...` stands for); null for those of the inputs. */
  outputShape: number | readonly (number | null)[];
  /** Axes of the output that have a bias; none where left out. */
  biasAxes?: string | null;
}

/** The sizes of kernel, bias and output that an equation gives for an input. */
interface EinsumShapes {
  readonly kernel: readonly number[];
  readonly bias: readonly number[] | null;
  readonly output: PartialShape;
}

/**
 * activation(einsum(equation, x, kernel) + bias): a dense layer over any axes.
 *
 * @throws ArgumentError for an equation that is none of this form.
 * @example
 * const layer = tf.layers.einsumDense({ equation: 'abc,cd->abd', outputShape: [null, 64], biasAxes: 'd' });
 * layer.apply(tf.ones([2, 32, 128])).shape; // [2, 32, 64]
 */
export class EinsumDense extends Layer {
  readonly equation: string;
  readonly partialOutputShape: readonly (number | null)[];
  readonly biasAxes: string | null;
  readonly activation: Activation;
  kernel: Variable | null = null;
  bias: Variable | null = null;
  private readonly options: EinsumDenseOptions;

  constructor(options: EinsumDenseOptions) {
    super(options);
    this.equation = options.equation?.replace(/\s/g, '');
    if (!/^(\.\.\.)?[a-zA-Z]+(\.\.\.)?,[a-zA-Z]+->(\.\.\.)?[a-zA-Z]+(\.\.\.)?$/.test(this.equation ?? ''))
      throw new ArgumentError(
        `Layer ${this.name}: expected an equation of two operands such as 'abc,cd->abd' or '...x,xy->...y'; got '${options.equation}'.`,
      );
    this.partialOutputShape = typeof options.outputShape === 'number' ? [options.outputShape] : options.outputShape;
    this.biasAxes = options.biasAxes ?? null;
    this.activation = activationOf(options);
    this.options = options;
  }

  override build(inputShape: PartialShape): void {
    const { kernel, bias } = this.shapes(inputShape);
    this.kernel = this.addWeightFor('kernel', kernel, this.options, 'glorotUniform');
    if (bias) this.bias = this.addWeightFor('bias', bias, this.options, 'zeros');
  }

  /** @throws ShapeError where the equation does not fit the input. */
  private shapes(inputShape: PartialShape): EinsumShapes {
    const [left, output] = this.equation.split('->');
    const [input, weight] = left.split(',');
    const fail = (why: string): never => {
      throw new ShapeError(
        `Layer ${this.name}: '${this.equation}' does not fit an input of shape ${formatShape(inputShape)}: ${why}.`,
      );
    };
    const sizes = new Map<string, number | null>();
    const axes = (term: string): string[] => [...term.replace('...', '')];
    const between = inputShape.length - axes(input).length;
    if (between < 0 || (between > 0 && !input.includes('...'))) fail(`it has ${inputShape.length} axes`);
    const first = input.startsWith('...') ? between : 0;
    axes(input).forEach((axis, i) => sizes.set(axis, inputShape[first + i]));
    // What `...` stands for, and without it the batch, is not among the sizes that the options name.
    const elided = input.startsWith('...')
      ? inputShape.slice(0, between)
      : inputShape.slice(inputShape.length - between);
    const named = output.startsWith('...') ? axes(output) : axes(output).slice(1);
    if (named.length !== this.partialOutputShape.length)
      fail(`outputShape has ${this.partialOutputShape.length} sizes for the axes ${named.join('')}`);
    named.forEach((axis, i) => {
      const size = this.partialOutputShape[i];
      const known = sizes.get(axis);
      if (size !== null && known !== undefined && known !== null && known !== size)
        fail(`axis ${axis} has size ${known} in the input and ${size} in outputShape`);
      if (size !== null) sizes.set(axis, size);
    });
    const sizeOf = (axis: string): number => {
      const size = sizes.get(axis);
      return typeof size === 'number' ? size : fail(`the size of axis ${axis} is not known`);
    };
    const outputSizes = axes(output).map((axis) => sizes.get(axis) ?? null);
    return {
      kernel: axes(weight).map(sizeOf),
      bias: this.biasAxes ? this.biasShape(axes(output), output, elided.length, sizeOf) : null,
      output: output.startsWith('...')
        ? [...elided, ...outputSizes]
        : output.endsWith('...')
          ? [...outputSizes, ...elided]
          : outputSizes,
    };
  }

  /** The bias has the size of each of its axes, and 1 for those after its first. */
  private biasShape(
    axes: readonly string[],
    output: string,
    elided: number,
    sizeOf: (axis: string) => number,
  ): number[] {
    const biasAxes = this.biasAxes ?? '';
    const strange = [...biasAxes].find((axis) => !axes.includes(axis));
    if (strange !== undefined)
      throw new ArgumentError(
        `Layer ${this.name}: biasAxes names ${strange}, which is no axis of the output ${output}.`,
      );
    const first = axes.findIndex((axis) => biasAxes.includes(axis));
    const shape = axes.slice(first).map((axis) => (biasAxes.includes(axis) ? sizeOf(axis) : 1));
    return output.endsWith('...') ? [...shape, ...Array<number>(elided).fill(1)] : shape;
  }

  override call(inputs: Tensor): Tensor {
    const product = ops.einsum(this.equation, inputs, this.kernel!.read());
    return this.activation(this.bias ? ops.add(product, this.bias.read()) : product);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return this.shapes(inputShape).output;
  }

  override detail(): string {
    return [this.equation, activationDetail(this.activation)].filter(Boolean).join(', ');
  }

  override getConfig(): Config {
    const { useBias: _none, ...config } = kernelConfig(this.options);
    const { equation, partialOutputShape: outputShape, biasAxes } = this;
    return { ...super.getConfig(), ...config, equation, outputShape, biasAxes };
  }
}
