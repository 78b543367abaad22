/** @file Lambda: a function as a layer. */
import type { Config } from '../../configuration.ts';
import { customObject, registeredNameOf } from '../../serialization/registry.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { TensorTree } from '../../tensor/tree.ts';
import {
  type CallOptions,
  Layer,
  type LayerOptions,
  type MaskTree,
  type PartialShape,
  type ShapeTree,
} from '../layer.ts';

/** What a Lambda layer runs: the inputs, and what `call` knows besides. */
export type LambdaFunction = (inputs: never, options: CallOptions & Record<string, unknown>) => TensorTree;

/** A function, or the name under which it was registered. */
type FunctionIdentifier<F> = F | string | { readonly className: string; readonly config: string };

export interface LambdaOptions extends LayerOptions {
  function: FunctionIdentifier<LambdaFunction>;
  /** Shape of the output without the batch, or a function of the inputs' shape; found by tracing where left out. */
  outputShape?: PartialShape | ((inputShape: ShapeTree) => ShapeTree) | null;
  /** The mask of the output, or a function of inputs and mask; none where left out. */
  mask?: MaskTree | ((inputs: TensorTree, mask: MaskTree) => MaskTree);
  /** More options for the function. */
  arguments?: Readonly<Record<string, unknown>>;
}

/**
 * A function as a layer. To be saved with its model the function must be registered: `tf.serialization.registerClass(fn)`; a layer of your own
 * is better where there are weights.
 *
 * @throws ArgumentError for the name of a function that is not registered: code is never read from a file.
 * @example
 * tf.layers.lambda({ function: (x: tf.Tensor) => x.square() }).apply(tf.tensor([[3]])); // [[9]]
 */
export class Lambda extends Layer {
  private readonly options: LambdaOptions;
  private readonly fn: LambdaFunction;

  constructor(options: LambdaOptions) {
    super(options);
    this.fn = this.functionOf(options.function);
    this.options = options;
    this.supportsMasking = options.mask !== undefined && options.mask !== null;
  }

  private functionOf(given: FunctionIdentifier<LambdaFunction>): LambdaFunction {
    if (typeof given === 'function') return given;
    const name = typeof given === 'string' ? given : given?.config;
    const found = typeof name === 'string' ? customObject(name) : undefined;
    if (typeof found === 'function') return found as LambdaFunction;
    throw new ArgumentError(
      `Layer ${this.name}: expected a function${typeof name === 'string' ? `; '${name}' is not registered (tf.serialization.registerClass)` : ''}. ` +
        `Code is never read from a file.`,
    );
  }

  override call(inputs: TensorTree, options: CallOptions): TensorTree {
    return this.fn(inputs as never, { ...options, ...this.options.arguments });
  }

  override computeMask(inputs: TensorTree, mask: MaskTree): MaskTree {
    const own = this.options.mask;
    return typeof own === 'function' ? own(inputs, mask) : (own ?? null);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const { outputShape } = this.options;
    if (typeof outputShape === 'function') return outputShape(inputShape);
    if (!outputShape) return super.computeOutputShape(inputShape);
    const first = (Array.isArray(inputShape[0 as never]) ? inputShape[0 as never] : inputShape) as PartialShape;
    return [first[0], ...outputShape];
  }

  override getConfig(): Config {
    const { outputShape, arguments: given = {} } = this.options;
    const name = registeredNameOf(this.fn) ?? this.fn.name;
    return {
      ...super.getConfig(),
      function: name,
      outputShape: typeof outputShape === 'function' ? null : (outputShape ?? null),
      arguments: given,
    };
  }
}
