/** @file Functional: a model made of symbolic tensors, from its inputs to its outputs. */
import type { Config } from '../configuration.ts';
import { InputLayer, Layer, type CallOptions, type ShapeTree, type TensorTree } from '../layers/index.ts';
import { maskOf, setMask } from '../layers/masks.ts';
import * as ops from '../ops/index.ts';
import { KerasTensor } from '../symbolic/keras-tensor.ts';
import type { Node, Operation } from '../symbolic/node.ts';
import { TensorForm, outputForms } from '../symbolic/output-forms.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, shapesOf, treeLeaves, treeTensors } from '../tensor/tree.ts';
import { functionalConfig, graphFromConfig } from './functional-config.ts';
import { type ModelGraph, graphBetween } from './graph.ts';
import { Model } from './model.ts';

export interface FunctionalOptions {
  /** What the model takes: a symbolic tensor, or an array or an object of them. */
  inputs: TensorTree;
  /** What it gives, in the same forms. */
  outputs: TensorTree;
  name?: string;
  trainable?: boolean;
}

/**
 * A model of what was composed of symbolic tensors: layers and operations may branch, join and be used several times, and
 * there may be several inputs and outputs. Inputs may also be tensors from within another model: its layers are shared.
 *
 * @throws ArgumentError where the outputs depend on something that is not among the inputs, or two layers have one name.
 * @example
 * const x = tf.input({ shape: [4] });
 * const hidden = tf.layers.dense({ units: 8, activation: 'relu' }).apply(x);
 * const model = tf.model({ inputs: x, outputs: tf.layers.dense({ units: 3 }).apply(tf.concat([x, hidden], -1)) });
 */
export class Functional extends Model {
  private readonly taken: readonly KerasTensor[];
  private readonly given: readonly KerasTensor[];
  private readonly inputTree: TensorTree;
  private readonly outputTree: TensorTree;
  private readonly graph: ModelGraph;

  constructor({ inputs, outputs, name, trainable }: FunctionalOptions) {
    super({ name, autocast: false });
    [this.inputTree, this.outputTree] = fromInputs(this.name, inputs, outputs);
    this.taken = symbolicLeaves(this.name, 'inputs', this.inputTree);
    this.given = symbolicLeaves(this.name, 'outputs', this.outputTree);
    this.graph = graphBetween(this.name, this.taken, this.given);
    const names = this.graph.operations.map((operation) => operation.name);
    const twice = names.find((other, i) => names.indexOf(other) !== i);
    if (twice !== undefined)
      throw new ArgumentError(
        `Model ${this.name}: there are two layers named '${twice}'; layers need names of their own.`,
      );
    this.built = true;
    // Layers that are frozen one by one stay so.
    if (trainable === false) this.trainable = false;
  }

  override get inputs(): readonly KerasTensor[] {
    return this.taken;
  }

  override get outputs(): readonly KerasTensor[] {
    return this.given;
  }

  /** Its layers, those furthest from the outputs first. */
  override get layers(): readonly Layer[] {
    return this.operations.filter((operation) => operation instanceof Layer);
  }

  /** Its layers and uses of operations, those furthest from the outputs first. */
  get operations(): readonly Operation[] {
    return this.graph.operations;
  }

  /** Uses of layers and operations, each after what it depends on. */
  get nodes(): readonly Node[] {
    return this.graph.nodes;
  }

  override sublayers(): Layer[] {
    // The graph is not there yet while the base class is constructed; layers in a subclass's own properties come after it.
    const composed = this.graph?.operations.filter((operation) => operation instanceof Layer) ?? [];
    return [...new Set([...composed, ...super.sublayers()])];
  }

  override get input(): TensorTree {
    return this.inputTree;
  }

  override get output(): TensorTree {
    return this.outputTree;
  }

  /** Names of the inputs, in the order of `inputs`. */
  override get inputNames(): readonly string[] {
    return this.inputs.map(({ name }) => name);
  }

  /** Names of the layers that give the outputs, in the order of `outputs`. */
  override get outputNames(): readonly string[] {
    return this.outputs.map(({ name }) => name);
  }

  override get inputShape(): ShapeTree {
    return shapesOf(this.inputTree);
  }

  override get outputShape(): ShapeTree {
    return shapesOf(this.outputTree);
  }

  override call(inputs: TensorTree, { mask = null }: CallOptions): TensorTree {
    const values = new Map<KerasTensor, unknown>();
    const given = this.flatInputs(inputs);
    const masks = mask === null ? [] : treeLeaves(mask);
    this.inputs.forEach((input, i) => {
      const value = this.standardize(given[i], input);
      const known = masks[i] instanceof Tensor ? masks[i] : maskOf(given[i]);
      if (value !== given[i] || masks[i] instanceof Tensor) setMask(value, known);
      values.set(input, value);
    });
    for (const node of this.nodes) {
      if (node.outputs.every((output) => values.has(output))) continue;
      const results = tensorsOf(node.run((tensor) => values.get(tensor)));
      node.outputs.forEach((output, i) => values.set(output, results[i]));
    }
    return mapTree(this.outputTree, (leaf) => values.get(leaf as KerasTensor)) as TensorTree;
  }

  /** The inputs in the order of `inputs`: by place, or by name. @throws ArgumentError */
  private flatInputs(inputs: TensorTree): readonly Tensor[] {
    const byName = !(inputs instanceof Tensor) && !Array.isArray(inputs) && isPlainObject(this.inputTree) === false;
    const ordered = byName
      ? this.inputNames.map((name) => (inputs as Record<string, Tensor>)[name])
      : this.alike(inputs);
    const tensors = ordered.filter((leaf): leaf is Tensor => leaf instanceof Tensor);
    if (tensors.length !== this.inputs.length)
      throw new ArgumentError(`Model ${this.name}: expected ${this.describeInputs()}; got ${describeGiven(inputs)}.`);
    return tensors;
  }

  /** Leaves in the order of the model's own structure, which objects may be given in another order of keys. */
  private alike(inputs: TensorTree): unknown[] {
    if (inputs instanceof Tensor || Array.isArray(inputs) || !isPlainObject(this.inputTree)) return tensorsOf(inputs);
    return Object.keys(this.inputTree).flatMap((key) => tensorsOf((inputs as Record<string, TensorTree>)[key]));
  }

  private describeInputs(): string {
    const each = this.inputs.map(({ name, partialShape }) => `'${name}' ${formatShape(partialShape)}`);
    return each.length === 1 ? `the input ${each[0]}` : `the ${each.length} inputs ${each.join(', ')}`;
  }

  /** An input in the dtype and rank that the model was made for. @throws ShapeError */
  private standardize(value: Tensor, input: KerasTensor): Tensor {
    const expected = input.partialShape;
    const typed = value.dtype === input.dtype || input.dtype === 'string' ? value : ops.cast(value, input.dtype);
    const ranked =
      typed.rank === expected.length + 1 && typed.shape.at(-1) === 1
        ? ops.squeeze(typed, -1)
        : typed.rank === expected.length - 1 && expected.at(-1) === 1
          ? ops.expandDims(typed, -1)
          : typed;
    // The batch may have any size, as in Keras.
    const fits =
      ranked.rank === expected.length &&
      expected.every(
        (size, axis) => axis === 0 || size === null || ranked.shape[axis] === size || ranked.shape[axis] === null,
      );
    if (!fits)
      throw new ShapeError(
        `Model ${this.name}: input '${input.name}' expects the shape ${formatShape(expected)}; got ${formatShape(value.shape)}.`,
      );
    return ranked;
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const shapes = tensorsOfShapes(inputShape, this.inputs.length);
    const forms = this.inputs.map(({ dtype }, i) => new TensorForm(dtype, shapes[i]));
    return mapTree(this.formsFor(forms), (form) => (form as TensorForm).shape) as ShapeTree;
  }

  protected override outputForms(inputs: TensorTree): unknown {
    return this.formsFor(
      this.flatInputs(inputs).map((tensor) => new TensorForm(tensor.dtype, (tensor as KerasTensor).partialShape)),
    );
  }

  /** What it gives for inputs of these shapes: known where they are those that it was made with. */
  private formsFor(forms: readonly TensorForm[]): unknown {
    const asMade = forms.every((form, i) => formatShape(form.shape) === formatShape(this.inputs[i].partialShape));
    if (asMade)
      return mapTree(this.outputTree, (leaf) => {
        const { dtype, partialShape } = leaf as KerasTensor;
        return new TensorForm(dtype, partialShape);
      });
    return outputForms(`Model ${this.name}`, [forms], ([data]) => this.call(data as Tensor[], {}));
  }

  override getConfig(): Config {
    const { name, trainable, inputTree, outputTree, graph } = this;
    return { name, trainable, ...functionalConfig(graph, inputTree, outputTree) };
  }

  /** The model that a config describes, with new layers. @throws ArgumentError */
  static fromConfig(config: Config): Functional {
    const { name, trainable } = config as { name?: string; trainable?: boolean };
    // A subclass that is made like this class is made by itself.
    return new this({ ...graphFromConfig(config), name, trainable });
  }
}

const isPlainObject = (tree: TensorTree): boolean => !(tree instanceof Tensor) && !Array.isArray(tree);

const tensorsOf = (tree: unknown): Tensor[] =>
  treeLeaves(tree).filter((leaf): leaf is Tensor => leaf instanceof Tensor);

function tensorsOfShapes(shapes: ShapeTree, count: number) {
  const flat = (tree: ShapeTree): (readonly (number | null)[])[] => {
    if (Array.isArray(tree) && tree.every((size) => typeof size === 'number' || size === null)) return [tree];
    return Object.values(tree).flatMap((child) => flat(child as ShapeTree));
  };
  const found = flat(shapes);
  if (found.length !== count) throw new ArgumentError(`Expected the shapes of ${count} inputs, got ${found.length}.`);
  return found;
}

const describeGiven = (inputs: TensorTree): string => {
  const tensors = tensorsOf(inputs);
  const keys = inputs instanceof Tensor || Array.isArray(inputs) ? '' : ` under ${Object.keys(inputs).join(', ')}`;
  return `${tensors.length} tensor${tensors.length === 1 ? '' : 's'}${keys} (${tensors.map(({ shape }) => formatShape(shape)).join(', ')})`;
};

function symbolicLeaves(model: string, what: string, tree: TensorTree): KerasTensor[] {
  const leaves = treeTensors(tree);
  const wrong = treeLeaves(tree).find((leaf) => !(leaf instanceof KerasTensor));
  if (wrong !== undefined || leaves.length === 0)
    throw new ArgumentError(
      `Model ${model}: expected ${what} to be symbolic tensors, made from tf.input({ shape }); got ` +
        (leaves.length === 0 ? 'none.' : wrong instanceof Tensor ? 'a tensor with values.' : `${String(wrong)}.`),
    );
  return leaves as KerasTensor[];
}

/**
 * Inputs and outputs such that all inputs are those of input layers: tensors from within another model are replaced by new
 * inputs, and what lies between them and the outputs is recorded once more, with the same layers.
 */
function fromInputs(model: string, inputs: TensorTree, outputs: TensorTree): [TensorTree, TensorTree] {
  const given = symbolicLeaves(model, 'inputs', inputs);
  if (given.every(({ node }) => node.operation instanceof InputLayer)) return [inputs, outputs];
  const { nodes } = graphBetween(model, given, symbolicLeaves(model, 'outputs', outputs));
  const replaced = new Map<KerasTensor, KerasTensor>();
  for (const tensor of given) {
    const isInput = tensor.node.operation instanceof InputLayer;
    const { dtype, partialShape, name } = tensor;
    replaced.set(
      tensor,
      isInput ? tensor : new InputLayer({ batchShape: partialShape, dtype, name: `${name}_input` }).tensor,
    );
  }
  for (const node of nodes) {
    if (node.outputs.every((output) => replaced.has(output))) continue;
    const again = tensorsOf(node.record((tensor) => replaced.get(tensor)));
    node.outputs.forEach((output, i) => replaced.set(output, again[i] as KerasTensor));
  }
  const swap = (tree: TensorTree) => mapTree(tree, (leaf) => replaced.get(leaf as KerasTensor)) as TensorTree;
  return [swap(inputs), swap(outputs)];
}

/** {@inheritDoc Functional} */
export const model = (options: FunctionalOptions): Functional => new Functional(options);
