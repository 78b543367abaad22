/** @file ONNX export of concrete functions. */
import { fromHost } from '../engine/index.ts';
import { type ExportNames, exportModel } from '../engine/onnxruntime/export.ts';
import { type OnnxModel, writeModel } from '../engine/onnxruntime/model.ts';
import { type OpenDimension, openDimensions } from '../engine/onnxruntime/open-dimensions.ts';
import type { ValueId } from '../primitives/graph.ts';
import { allocateHostArray } from '../tensor/dtype.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { withOpenSizes } from '../tracing/open-sizes.ts';
import { type ConcreteFunction, OutputPlace } from './concrete-function.ts';
import { type TensorSpec, isTensorSpec, mapSpecs } from './signature.ts';

/** Sizes that stand for open ones in traces: primes, so that nothing else has them by chance. */
const traced = [61, 89, 107, 131, 157];
const changed = [67, 97, 109, 137, 163];
const checked = [71, 101, 113, 139, 167];

/** Names as keys of a result's structure, `y` or `pair[1]`; `output` for a tensor alone. */
function namedResults(tree: unknown, path: string): { name: string; id: ValueId }[] {
  if (tree instanceof OutputPlace)
    return tree.ids.map((id, i) => ({
      id,
      name: (path || 'output') + (tree.ids.length === 2 ? ['.re', '.im'][i] : ''),
    }));
  if (Array.isArray(tree)) return tree.flatMap((child: unknown, i) => namedResults(child, `${path || 'output'}[${i}]`));
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, child]) => namedResults(child, path ? `${path}.${key}` : key));
}

/** Names of which none stands for two. */
class Names {
  private readonly taken = new Set<string>();

  distinct(name: string): string {
    let free = name;
    for (let i = 2; this.taken.has(free); i++) free = `${name}_${i}`;
    this.taken.add(free);
    return free;
  }
}

function modelOf({ name, parts }: ConcreteFunction): OnnxModel {
  const names = new Names();
  const inputs = new Map<ValueId, string>();
  const initializers = new Map<
    ValueId,
    ExportNames['initializers'] extends ReadonlyMap<ValueId, infer V> ? V : never
  >();
  const { graph, sources, result, assignments } = parts;
  const constants = new Map(graph.constants);
  const results = [
    ...namedResults(result, ''),
    ...assignments.map(([variable, id]) => ({ id, name: `${variable.name}_assigned` })),
  ];
  const wanted = new Set([...graph.inputs, ...results.map(({ id }) => id)]);
  let draws = 0;
  for (const [id, source] of sources) {
    // Arguments are inputs of the model whether it needs them or not.
    if (source.kind === 'argument') inputs.set(id, names.distinct(parts.operandNames[source.index]));
    else if (!wanted.has(id)) continue;
    else if (source.kind === 'feed') inputs.set(id, names.distinct(`random_${draws++}`));
    else if (source.kind === 'constant') constants.set(id, source.tensor);
    else initializers.set(id, { name: names.distinct(source.variable.name), tensor: source.variable.value });
  }
  return exportModel(
    `toOnnx: ${name}`,
    {
      ...graph,
      constants,
      inputs: [...inputs.keys(), ...initializers.keys()],
      outputs: results.map(({ id }) => id),
    },
    { inputs, initializers, outputs: results.map((each) => names.distinct(each.name)) },
  );
}

/** The open dimensions of a signature: first axes are one, the batch; others are each their own. */
function dimensionsOf(
  concrete: ConcreteFunction,
  names: readonly string[],
): (OpenDimension & { readonly places: [number, number][] })[] {
  const dimensions = new Map<string, OpenDimension & { readonly places: [number, number][] }>();
  concrete.inputs.forEach(({ shape }, i) =>
    shape.forEach((size, axis) => {
      if (size !== null) return;
      const name = axis === 0 ? 'batch' : `${names[i]}_${axis}`;
      const known = dimensions.get(name) ?? { name, input: names[i], axis, places: [] };
      known.places.push([i, axis]);
      dimensions.set(name, known);
    }),
  );
  return [...dimensions.values()];
}

/** Arguments with these sizes in the places of open dimensions. */
function argumentsOf(
  concrete: ConcreteFunction,
  dimensions: ReturnType<typeof dimensionsOf>,
  sizes: readonly number[],
): readonly unknown[] {
  let place = 0;
  return mapSpecs(concrete.structuredInputs, (leaf) => {
    if (!isTensorSpec(leaf)) return leaf;
    const at = place++;
    return zeros(
      leaf,
      (axis) => sizes[dimensions.findIndex(({ places }) => places.some(([i, a]) => i === at && a === axis))],
    );
  }) as readonly unknown[];
}

function zeros({ shape, dtype = 'float32' }: TensorSpec, sizeOfOpen: (axis: number) => number): Tensor {
  const sizes = shape.map((size, axis) => size ?? sizeOfOpen(axis));
  return fromHost(allocateHostArray(dtype, sizeOf(sizes)), dtype, sizes);
}

/** The bytes of an ONNX model that computes what the function computes. */
export function toOnnx(concrete: ConcreteFunction): Uint8Array {
  const { retrace, operandNames } = concrete.parts;
  // A complex argument has two operands, of one shape.
  const firsts = operandNames.filter((operand) => !operand.endsWith('.im'));
  const dimensions = retrace ? dimensionsOf(concrete, firsts) : [];
  if (!retrace || dimensions.length === 0) return writeModel(modelOf(concrete));
  const base = dimensions.map((_, k) => traced[k % traced.length]);
  const sizes = [
    base,
    ...dimensions.map((_, k) => base.with(k, changed[k % changed.length])),
    dimensions.map((_, k) => checked[k % checked.length]),
  ];
  const sized = sizes.map((each) => ({
    sizes: each,
    model: withOpenSizes(() => modelOf(retrace(argumentsOf(concrete, dimensions, each)))),
  }));
  return writeModel(openDimensions(`toOnnx: ${concrete.name}`, dimensions, sized));
}
