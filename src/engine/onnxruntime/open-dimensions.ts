/**
 * @file A model with open dimensions, from models of one function for several sizes. What differs between them are lists of
 * sizes, means' divisors and constants as large as the batch: those are computed from the inputs' shapes instead.
 */
import { type TypedArray, allocateHostArray } from '../../tensor/dtype.ts';
import { EngineError } from '../../tensor/errors.ts';
import {
  type OnnxModel,
  type OnnxNode,
  type OnnxSubgraph,
  type OnnxTensor,
  type OnnxValue,
  elementTypes,
} from './model.ts';

/** A dimension of an input that is left open. */
export interface OpenDimension {
  /** What it is called in the model. */
  readonly name: string;
  readonly input: string;
  readonly axis: number;
}

/** The model for some sizes of the open dimensions. */
export interface SizedModel {
  readonly sizes: readonly number[];
  readonly model: OnnxModel;
}

/** A number as constant + factors · sizes. */
interface Affine {
  readonly constant: number;
  readonly factors: readonly number[];
}

/** The numbers of each model as one formula of its sizes; null where there is none. The last model only checks it. */
function affineOf(numbers: readonly number[], sizes: readonly (readonly number[])[]): Affine | null {
  const [base] = sizes;
  const factors = base.map((size, k) => (numbers[k + 1] - numbers[0]) / (sizes[k + 1][k] - size));
  const constant = numbers[0] - factors.reduce((sum, factor, k) => sum + factor * base[k], 0);
  const at = (each: readonly number[]): number =>
    constant + factors.reduce((sum, factor, k) => sum + factor * each[k], 0);
  const isExact = [constant, ...factors].every(Number.isInteger) && sizes.every((each, i) => at(each) === numbers[i]);
  return isExact ? { constant, factors } : null;
}

const bytesOf = ({ data }: OnnxTensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const isUniform = (data: TypedArray): boolean =>
  data.every((value: number | bigint) => value === data[0] || Object.is(value, data[0]));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

class Opening {
  private readonly title: string;
  private readonly dimensions: readonly OpenDimension[];
  private readonly sized: readonly SizedModel[];
  private readonly nodes: OnnxNode[] = [];
  private readonly constants: Map<string, OnnxTensor>;
  private count = 0;

  constructor(title: string, dimensions: readonly OpenDimension[], sized: readonly SizedModel[]) {
    this.title = title;
    this.dimensions = dimensions;
    this.sized = sized;
    this.constants = new Map(sized[0].model.constants);
  }

  open(): OnnxModel {
    const [{ model }, ...others] = this.sized;
    for (const other of others) this.expectAlike(model.nodes, other.model.nodes);
    for (const [name, tensor] of model.constants) {
      const versions = this.sized.map((each) => each.model.constants.get(name));
      if (versions.some((version) => version === undefined)) this.refuse('other constants');
      this.openConstant(name, tensor, versions as OnnxTensor[]);
    }
    const nodes = model.nodes.map((node, i) =>
      this.openNode(
        node,
        this.sized.map((each) => each.model.nodes[i]),
      ),
    );
    return {
      nodes: [...this.nodes, ...nodes],
      constants: this.constants,
      inputs: model.inputs.map((value, i) =>
        this.openValue(
          this.sized.map((each) => each.model.inputs[i]),
          value,
        ),
      ),
      outputs: model.outputs.map((value, i) =>
        this.openValue(
          this.sized.map((each) => each.model.outputs[i]),
          value,
        ),
      ),
    };
  }

  private refuse(what: string): never {
    throw new EngineError(
      `${this.title}: the graph is not the same for every size of ${this.dimensions.map(({ name }) => name).join(', ')}: it has ${what}. ` +
        `Give a signature without null to export it for one size.`,
    );
  }

  private expectAlike(nodes: readonly OnnxNode[], others: readonly OnnxNode[]): void {
    if (nodes.length !== others.length) this.refuse('other operators');
    nodes.forEach((node, i) => {
      const other = others[i];
      const facts = ({ type, domain, inputs, outputs }: OnnxNode): unknown => [type, domain, inputs, outputs];
      if (!same(facts(node), facts(other)))
        this.refuse(`${node.type} here and ${other.type} there, or on other operands`);
      for (const [name, value] of Object.entries(node.attributes)) {
        const version = other.attributes[name];
        if (isGraph(value) && isGraph(version)) this.expectAlike(value.nodes, version.nodes);
        else if (!same(value, version)) this.refuse(`other attributes of ${node.type}`);
      }
    });
  }

  private openNode(node: OnnxNode, versions: readonly OnnxNode[]): OnnxNode {
    const attributes = Object.entries(node.attributes).map(([name, value]) => {
      if (!isGraph(value)) return [name, value] as const;
      const graphs = versions.map((version) => version.attributes[name] as OnnxSubgraph);
      const opened: OnnxSubgraph = {
        nodes: value.nodes.map((inner, i) =>
          this.openNode(
            inner,
            graphs.map(({ nodes }) => nodes[i]),
          ),
        ),
        inputs: value.inputs.map((input, i) =>
          this.openValue(
            graphs.map(({ inputs }) => inputs[i]),
            input,
          ),
        ),
        outputs: value.outputs.map((output, i) =>
          this.openValue(
            graphs.map(({ outputs }) => outputs[i]),
            output,
          ),
        ),
      };
      return [name, opened] as const;
    });
    return { ...node, attributes: Object.fromEntries(attributes) };
  }

  /** A value whose open dimensions have their names, where they are such a dimension and no formula of one. */
  private openValue(versions: readonly OnnxValue[], value: OnnxValue): OnnxValue {
    const shape = value.shape?.map((_, axis) => {
      const formula = this.formula(versions.map((version) => version.shape?.[axis] as number));
      if (formula === null) return null;
      const open = formula.factors.findIndex((factor) => factor !== 0);
      if (open < 0) return formula.constant;
      const isPlain = formula.constant === 0 && formula.factors.every((factor, k) => factor === (k === open ? 1 : 0));
      return isPlain ? this.dimensions[open].name : null;
    });
    return { ...value, shape };
  }

  private formula(numbers: readonly number[]): Affine | null {
    return affineOf(
      numbers,
      this.sized.map(({ sizes }) => sizes),
    );
  }

  private openConstant(name: string, tensor: OnnxTensor, versions: readonly OnnxTensor[]): void {
    const bytes = bytesOf(tensor);
    if (versions.every((version) => same(version.shape, tensor.shape) && bytes.equals(bytesOf(version)))) return;
    if (versions.every((version) => same(version.shape, tensor.shape))) this.openNumbers(name, tensor, versions);
    else this.openSize(name, tensor, versions);
    this.constants.delete(name);
  }

  /** Numbers of a fixed count: sizes, or one number that a mean divides or multiplies by. */
  private openNumbers(name: string, { dtype, shape, data }: OnnxTensor, versions: readonly OnnxTensor[]): void {
    const formulas = Array.from(data as ArrayLike<number | bigint>, (_, i) =>
      this.formula(versions.map((version) => Number(version.data[i]))),
    );
    if (formulas.every((formula) => formula !== null) && shape.length <= 1) {
      const list = this.list(formulas);
      const typed = dtype === 'int64' ? list : this.op('Cast', [list], { to: elementTypes[dtype] });
      this.nodes.push(node(shape.length === 0 ? 'Squeeze' : 'Identity', [typed], name));
      return;
    }
    const [sizes] = this.sized.map((each) => each.sizes);
    const isInverse = (k: number): boolean =>
      versions.every((version, i) => {
        const product = Number(version.data[0]) * this.sized[i].sizes[k];
        return Math.abs(product - Number(data[0]) * sizes[k]) <= 1e-6 * Math.abs(product);
      });
    const dimension = sizes.findIndex((_, k) => isInverse(k));
    if (data.length !== 1 || dimension < 0 || (dtype !== 'float32' && dtype !== 'float64'))
      return this.refuse(`numbers that no size explains (${dtype} [${shape.join(', ')}])`);
    const size = this.op('Cast', [this.size(dimension)], { to: elementTypes[dtype] });
    const numerator = this.constant({ dtype, shape: [1], data: filled(dtype, Number(data[0]) * sizes[dimension]) });
    this.nodes.push(node('Reshape', [this.op('Div', [numerator, size]), this.vector(shape)], name));
  }

  /** A constant as large as an open dimension: one number everywhere, or numbers that count up. */
  private openSize(name: string, { dtype, shape, data }: OnnxTensor, versions: readonly OnnxTensor[]): void {
    if (versions.some((version) => version.shape.length !== shape.length))
      return this.refuse('constants of other ranks');
    const formulas = shape.map((_, axis) => this.formula(versions.map((version) => version.shape[axis])));
    if (!formulas.every((formula) => formula !== null))
      return this.refuse('constants of sizes that no formula explains');
    const first = data[0];
    const sizes = this.list(formulas);
    if (versions.every((version) => isUniform(version.data))) {
      const numbers = versions.map((version) => ({ dtype, shape: [], data: version.data.slice(0, 1) }));
      let value: string;
      if (numbers.every((number) => Object.is(number.data[0], first))) value = this.constant(numbers[0]);
      else this.openNumbers((value = this.fresh()), numbers[0], numbers);
      this.nodes.push(node('Expand', [value, sizes], name));
      return;
    }
    const step = Number(data[1]) - Number(first);
    const counts = ({ data: numbers }: OnnxTensor): boolean =>
      numbers.every((value: number | bigint, i: number) => Number(value) === Number(first) + i * step);
    const along = shape.findIndex((size) => size !== 1);
    const isLine = shape.every((size, axis) => axis === along || size === 1);
    if (!isLine || dtype === 'float16' || !versions.every(counts) || ![Number(first), step].every(Number.isInteger))
      return this.refuse(`a constant of ${dtype} [${shape.join(', ')}] that was computed from the size`);
    const { constant, factors } = formulas[along];
    const end = { constant: constant * step + Number(first), factors: factors.map((factor) => factor * step) };
    const scalar = (value: number): string =>
      this.constant({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(value)) });
    const range = this.op('Range', [scalar(Number(first)), this.op('Squeeze', [this.list([end])]), scalar(step)]);
    this.nodes.push(node('Reshape', [this.op('Cast', [range], { to: elementTypes[dtype] }), sizes], name));
  }

  /** int64 numbers computed from the sizes. */
  private list(formulas: readonly Affine[]): string {
    let sum = this.vector(formulas.map(({ constant }) => constant));
    this.dimensions.forEach((_, k) => {
      const factors = formulas.map((formula) => formula.factors[k]);
      if (factors.every((factor) => factor === 0)) return;
      sum = this.op('Add', [sum, this.op('Mul', [this.vector(factors), this.size(k)])]);
    });
    return sum;
  }

  private readonly known = new Map<number, string>();
  /** The size that a dimension has in a call, in a list. */
  private size(k: number): string {
    const { input, axis } = this.dimensions[k];
    const name = this.known.get(k) ?? this.op('Shape', [input], { start: axis, end: axis + 1 });
    this.known.set(k, name);
    return name;
  }

  private op(type: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): string {
    const name = this.fresh();
    this.nodes.push(node(type, inputs, name, attributes));
    return name;
  }

  private constant(tensor: OnnxTensor): string {
    const name = this.fresh();
    this.constants.set(name, tensor);
    return name;
  }

  private vector(values: readonly number[]): string {
    return this.constant({ dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  private fresh(): string {
    return `size.${this.count++}`;
  }
}

const isGraph = (value: OnnxNode['attributes'][string]): value is OnnxSubgraph =>
  typeof value === 'object' && 'nodes' in value;
const node = (
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({
  type,
  domain: '',
  inputs,
  outputs: [output],
  attributes,
});
function filled(dtype: OnnxTensor['dtype'], value: number): TypedArray {
  const data = allocateHostArray(dtype, 1);
  (data as Float32Array)[0] = value;
  return data;
}

/**
 * One model of which these are cases.
 * @param sized the model for some sizes, then for each dimension with another size of it alone, then for other sizes of all
 * @throws EngineError where the graph differs by more than sizes
 */
export const openDimensions = (
  title: string,
  dimensions: readonly OpenDimension[],
  sized: readonly SizedModel[],
): OnnxModel => new Opening(title, dimensions, sized).open();
