/** @file Layer: weights, the computation that uses them, and the layers inside. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { getRegularizer, type Regularizer, type RegularizerIdentifier } from '../regularizers/index.ts';
import { holdsKerasTensor, kerasTensorsExist } from '../symbolic/keras-tensor.ts';
import { Node, type Operation } from '../symbolic/node.ts';
import { TensorForm, outputForms } from '../symbolic/output-forms.ts';
import { type DType, isFloating } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type PartialShape, formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type ShapeTree, type TensorTree, mapShapes, mapTree, shapesOf, treeLeaves } from '../tensor/tree.ts';
import { Variable, withAutocast } from '../tensor/variable.ts';
import { initScope } from '../tracing/trace.ts';
import { CallLosses } from './call-losses.ts';
import { withinCall } from './call-context.ts';
import { type DTypePolicyIdentifier, getDTypePolicy } from './dtype-policy.ts';
import { type InputSpec, checkInputs } from './input-spec.ts';
import { type MaskTree, masksOf, setMasks } from './masks.ts';
import { identifierConfig } from './serialization.ts';
import { trackedValues } from './tracking.ts';
import { type VariableStore, WeightOwner, type WeightOptions } from './weight-owner.ts';

export type { MaskTree, PartialShape, ShapeTree, TensorTree, VariableStore, WeightOptions };

export interface LayerOptions {
  /** Default: the class's name in snake case, numbered. */
  name?: string;
  /** Whether training changes the weights; default true. */
  trainable?: boolean;
  /** Of weights and computation, or a policy such as `mixed_float16`; floating inputs are cast to it. Default: the global policy. */
  dtype?: DTypePolicyIdentifier;
  /** Whether floating inputs are cast to the layer's dtype; default true. */
  autocast?: boolean;
  /** Its penalty of the outputs joins the loss. */
  activityRegularizer?: RegularizerIdentifier | null;
  /** Shape of one sample, without the batch: lets a model build at once when this is its first layer. */
  inputShape?: PartialShape;
  /** The same with the batch. */
  batchInputShape?: PartialShape;
}

export interface CallOptions {
  /** Training (dropout drops, batch statistics are used), or inference. */
  training?: boolean | null;
  /** Which steps of the inputs count; default: the masks that earlier layers put on them. */
  mask?: MaskTree;
}

/**
 * The base of all layers and models. Subclass it: make weights in `build` with `addWeight`, compute in `call`. Layers and
 * variables that are kept in properties (or in arrays and plain objects there) are found by themselves and their weights
 * count as this layer's; `#private` fields cannot be seen.
 *
 * @example
 * class Scale extends tf.layers.Layer {
 *   factor!: tf.Variable;
 *   override build() { this.factor = this.addWeight('factor', [], 'float32', 'ones'); }
 *   override call(x: tf.Tensor) { return x.mul(this.factor.read()); }
 * }
 * new Scale().apply(tf.tensor([1, 2]));
 */
export abstract class Layer extends WeightOwner implements Operation {
  readonly autocast: boolean;
  readonly activityRegularizer: Regularizer | null;
  /** Shape of the inputs as given in the options, the batch's axis first. */
  readonly batchInputShape: PartialShape | null;
  /** Whether it hands masks on, or makes one: see `computeMask`. */
  supportsMasking = false;
  /** Whether Keras takes a list of inputs as arguments, each for itself: files hold them so. */
  readonly inputsAreArguments: boolean = false;
  /** Its uses on symbolic tensors. */
  readonly inboundNodes: Node[] = [];
  private readonly callLosses = new CallLosses();
  private buildShape: ShapeTree | null = null;
  /** What the class says `build` does. */
  private readonly makeWeights: (inputShape: ShapeTree) => void;

  constructor({ name, trainable = true, dtype, autocast = true, ...options }: LayerOptions = {}) {
    super(name, trainable, getDTypePolicy(dtype));
    this.autocast = autocast;
    this.activityRegularizer = getRegularizer(options.activityRegularizer);
    this.batchInputShape = options.batchInputShape ?? (options.inputShape ? [null, ...options.inputShape] : null);
    // Whoever calls `build` builds the layer for good: `apply` must not make its weights once more.
    this.makeWeights = this.build;
    Object.defineProperty(this, 'build', { value: (shape: ShapeTree) => this.ensureBuilt(shape), configurable: true });
  }

  /** In which it computes: floating inputs are cast to it. */
  get computeDtype(): DType {
    return this.dtypePolicy.computeDtype;
  }

  /**
   * Makes the weights, once the shape of the inputs (with the batch) is known; of several inputs a structure of shapes. Override it; called
   * from outside (`layer.build([null, 4])`) it does so unless the layer is built.
   */
  build(_inputShape: ShapeTree): void {}

  /** The computation: outputs of inputs, each a tensor or a structure of tensors. */
  abstract call(inputs: TensorTree, options: CallOptions): TensorTree;

  /** What inputs must look like, one spec for all or one for each; checked each time the layer is applied. */
  protected inputSpec(): InputSpec | readonly InputSpec[] | null {
    return null;
  }

  /** The mask of the outputs; asked for where the layer supports masking. Default: that of the inputs. */
  computeMask(_inputs: TensorTree, mask: MaskTree): MaskTree {
    return mask;
  }

  /**
   * Applies the layer: builds it the first time, checks the input, casts it to the layer's dtype, calls `call`. On symbolic tensors
   * (`tf.input`) it gives symbolic tensors, of which a model can be made. Without `training`, a layer inside another one goes by
   * what the outer one was told.
   *
   * @param inputs - A tensor; an array or an object of tensors where the layer takes several.
   * @throws ShapeError where the input does not fit; it names the layer.
   */
  apply<O extends TensorTree = Tensor>(inputs: TensorTree, options: CallOptions = {}): O {
    if (kerasTensorsExist() && holdsKerasTensor([inputs, options])) return this.applySymbolically(inputs, options) as O;
    const given = this.accept(inputs);
    this.ensureBuiltFor(given);
    this.checkShapes(shapesOf(given));
    const mask = options.mask === undefined ? masksOf(inputs) : options.mask;
    return withinCall(options.training, ({ training, application }) => {
      this.callLosses.begin(application);
      const run = (): TensorTree => this.call(given, { ...options, training, mask });
      const outputs = this.dtypePolicy.isMixed ? withAutocast(this.castToCompute, run) : withAutocast(null, run);
      this.addActivityPenalty(outputs);
      if (this.supportsMasking) setMasks(outputs, this.computeMask(given, mask));
      return outputs as O;
    });
  }

  /** @internal The use of the layer that a node recorded, on data. */
  run([inputs, options]: readonly unknown[]): TensorTree {
    return this.apply(inputs as TensorTree, options as CallOptions | undefined);
  }

  /** @internal A use of the layer like the one that a node recorded, on other symbolic tensors. */
  again(args: readonly unknown[]): TensorTree {
    return this.run(args);
  }

  private applySymbolically(inputs: TensorTree, options: CallOptions): TensorTree {
    this.ensureBuiltFor(inputs);
    this.checkShapes(shapesOf(inputs));
    const args = Object.keys(options).length > 0 ? [inputs, options] : [inputs];
    const node = new Node(this, args, this.outputForms(inputs, options));
    this.inboundNodes.push(node);
    return node.result as TensorTree;
  }

  /** Dtypes and shapes of the outputs for symbolic inputs, as a structure of forms: by `computeOutputShape` where a layer has its own, else by tracing `call`. */
  protected outputForms(inputs: TensorTree, options: CallOptions): unknown {
    const shaped = this.computeOutputShape !== Layer.prototype.computeOutputShape;
    const floating = treeLeaves(inputs).every((leaf) => leaf instanceof Tensor && isFloating(leaf.dtype));
    // Layers inside that its `build` has not built come into being by the call.
    const complete = this.sublayers().every((layer) => layer.built);
    if (shaped && floating && complete) return this.formsOf(this.computeOutputShape(shapesOf(inputs)));
    return this.tracedForms(inputs, options);
  }

  /** The same found by tracing `call`. */
  protected tracedForms(inputs: TensorTree, options: CallOptions): unknown {
    return outputForms(`Layer ${this.name}`, [inputs, options], (args) => this.run(args));
  }

  /** Forms of outputs of these shapes, in the dtype in which the layer computes. */
  protected formsOf(shapes: ShapeTree): unknown {
    return mapShapes(shapes, (shape) => new TensorForm(this.computeDtype, shape));
  }

  /** The inputs as `call` gets them. @throws ArgumentError where one is no tensor */
  private accept(inputs: TensorTree): TensorTree {
    if (inputs instanceof Tensor) return this.cast(inputs);
    if (typeof inputs !== 'object' || inputs === null) throw this.noTensor(inputs);
    return mapTree(inputs, (leaf) => {
      if (leaf instanceof Variable) return this.cast(leaf.read());
      if (!(leaf instanceof Tensor)) throw this.noTensor(leaf);
      return this.cast(leaf);
    }) as TensorTree;
  }

  private cast(input: Tensor): Tensor {
    if (!this.autocast || input.dtype === this.computeDtype || !isFloating(input.dtype)) return input;
    return this.castToCompute(input);
  }

  private readonly castToCompute = (value: Tensor): Tensor =>
    isFloating(value.dtype) ? ops.cast(value, this.computeDtype) : value;

  private noTensor(value: unknown): ArgumentError {
    return new ArgumentError(
      `Layer ${this.name}: expected a tensor, got ${describe(value)}; make one with tf.tensor().`,
    );
  }

  private checkShapes(shapes: ShapeTree): void {
    const spec = this.inputSpec();
    if (spec) checkInputs(this.name, spec, shapes);
  }

  /** Builds the layer for such inputs, unless it is built. */
  ensureBuiltFor(inputs: TensorTree): void {
    this.ensureBuilt(shapesOf(inputs));
  }

  /** Builds the layer for inputs of this shape, unless it is built. */
  ensureBuilt(inputShape: ShapeTree): void {
    if (this.built) return;
    this.checkShapes(inputShape);
    // Weights come into being now even where a function is being traced: only their use belongs to the trace.
    initScope(() => this.makeWeights(inputShape));
    this.built = true;
    this.buildShape = inputShape;
  }

  /** For what shape it was built; null before. A file holds it, so that a layer can be built before its weights are read. */
  getBuildConfig(): Config | null {
    return this.buildShape && { inputShape: this.buildShape };
  }

  /** Builds it as `getBuildConfig` says. */
  buildFromConfig({ inputShape }: Config): void {
    if (inputShape) this.ensureBuilt(inputShape as ShapeTree);
  }

  /** Shape of the outputs for inputs of this shape. Unless overridden it is found by calling `call` on no data. */
  computeOutputShape(inputShape: ShapeTree): ShapeTree {
    this.ensureBuilt(inputShape);
    const inputs = mapShapes(inputShape, (shape) => new TensorForm(this.computeDtype, shape));
    const forms = outputForms(`Layer ${this.name}`, [inputs], ([data]) => this.run([data, { training: false }]));
    return mapTree(forms, (form) => (form as TensorForm).shape) as ShapeTree;
  }

  /**
   * Adds a scalar to the loss; for use in `call`, where it depends on the inputs.
   *
   * @example
   * override call(x: tf.Tensor) { this.addLoss(x.square().mean().mul(0.01)); return x; }
   */
  addLoss(loss: Tensor): void {
    if (!(loss instanceof Tensor) || loss.rank !== 0)
      throw new ArgumentError(
        `Layer ${this.name}: expected the scalar tensor of a loss, got ${loss instanceof Tensor ? `shape ${formatShape(loss.shape)}` : describe(loss)}.`,
      );
    this.callLosses.add(loss);
  }

  // The mean over the batch, so that the penalty does not grow with its size.
  private addActivityPenalty(outputs: TensorTree): void {
    const regularizer = this.activityRegularizer;
    if (!regularizer) return;
    for (const output of treeLeaves(outputs)) {
      if (!(output instanceof Tensor)) continue;
      const penalty = regularizer.apply(output);
      this.callLosses.add(output.rank > 0 ? ops.divNoNan(penalty, output.shape[0]) : penalty);
    }
  }

  /** Scalar penalties: of the regularised weights that are trained, and what `addLoss` added in the latest call; here and inside. */
  get losses(): Tensor[] {
    const { application } = this.callLosses;
    return this.withInner().flatMap((layer) => [
      ...(layer as Layer).callLosses.of(application),
      ...layer.weightPenalties(),
    ]);
  }

  /** Layers kept in this layer's properties, in the order in which they were put there. */
  override sublayers(): Layer[] {
    return trackedValues(this, Layer);
  }

  /** Forgets the state that stateful layers, here and inside, carry from batch to batch. */
  resetStates(): void {
    for (const layer of this.sublayers()) layer.resetStates();
  }

  /** The symbolic tensors that it was applied to first. @throws ArgumentError where there are none */
  get input(): TensorTree {
    return this.getInputAt(0);
  }

  /** What it gave for them. @throws ArgumentError where it was not applied to symbolic tensors */
  get output(): TensorTree {
    return this.getOutputAt(0);
  }

  /** The inputs of its n-th use on symbolic tensors. @throws ArgumentError */
  getInputAt(nodeIndex: number): TensorTree {
    return this.nodeAt(nodeIndex).args[0] as TensorTree;
  }

  /** The outputs of its n-th use on symbolic tensors. @throws ArgumentError */
  getOutputAt(nodeIndex: number): TensorTree {
    return this.nodeAt(nodeIndex).result as TensorTree;
  }

  private nodeAt(index: number): Node {
    const node = this.inboundNodes[index];
    if (!node)
      throw new ArgumentError(
        `Layer ${this.name} has no use number ${index} on symbolic tensors (it has ${this.inboundNodes.length}); ` +
          `apply it to tf.input({ shape }), or give its model an inputShape.`,
      );
    return node;
  }

  /** Its settings in a few words, for summaries and pictures: `3x3, relu`. */
  detail(): string {
    return '';
  }

  /** The options from which the same layer can be made again. */
  getConfig(): Config {
    return {
      name: this.name,
      trainable: this.trainable,
      dtype: this.dtypePolicy.name,
      ...(this.activityRegularizer && { activityRegularizer: identifierConfig(this.activityRegularizer) }),
      ...(this.batchInputShape && { batchInputShape: this.batchInputShape }),
    };
  }
}

const describe = (value: unknown): string =>
  value === null || typeof value !== 'object'
    ? String(value)
    : `a value of class ${value.constructor?.name ?? 'Object'}`;
