/** @file A graph with host and control primitives in it: parts that the engine compiles, and those primitives between them. */
import { hasEffects, regionsOf } from '../../primitives/effects.ts';
import { expand } from '../../primitives/expand.ts';
import type { Graph, GraphNode, ValueId } from '../../primitives/graph.ts';
import type {
  CompiledPrimitive,
  ControlPrimitive,
  DevicePrimitive,
  HostPrimitive,
  NestedPrimitive,
} from '../../primitives/primitives.ts';
import type { Region } from '../../primitives/region.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { CompiledGraph, Engine } from '../engine.ts';
import { isAt, runOnCpu } from '../placement.ts';
import { type RegionRunner, isControlPrimitive, runControl, runControlAsync } from './control.ts';
import { isDeviceNode, isHostPrimitive, runOnHost } from './index.ts';
import { runOnStrings } from './strings.ts';

type DeviceNode = GraphNode<CompiledPrimitive>;
/** Any primitive may be the host's: where it concerns strings, or the device has no kernel for it. */
type HostNode = GraphNode;

/** Why the engine leaves a node of its own to the CPU, if it does. */
const lackOf = (
  engine: Engine,
  { values }: Graph,
  { primitive, inputs, params, outputs }: GraphNode<DevicePrimitive>,
): string | undefined =>
  engine.lacks?.(
    primitive,
    inputs.map((id) => values[id]),
    params,
    outputs.map((id) => values[id]),
  );

const isNested = (node: GraphNode): node is GraphNode<NestedPrimitive> =>
  node.primitive === 'branch' || node.primitive === 'scan' || node.primitive === 'whileLoop';

/** Whether the engine compiles the node with its regions. */
export const nestsOn = (engine: Engine, node: GraphNode<NestedPrimitive>): boolean =>
  engine.nests?.(node) === true && regionsOf(node).every((region) => allRunOn(engine, region));

/** Whether the engine can compile the node. */
export const runsOn = (engine: Engine, graph: Graph, node: GraphNode): node is DeviceNode =>
  isNested(node)
    ? nestsOn(engine, node)
    : isDeviceNode(node, graph.values) && lackOf(engine, graph, node) === undefined;

const answers = new WeakMap<Engine, WeakMap<Region, boolean>>();

function allRunOn(engine: Engine, region: Region): boolean {
  const known = answers.get(engine) ?? new WeakMap<Region, boolean>();
  answers.set(engine, known);
  const answer = known.get(region) ?? everyNodeRunsOn(engine, expand(region.graph));
  known.set(region, answer);
  return answer;
}
const everyNodeRunsOn = (engine: Engine, graph: Graph): boolean =>
  [...graph.constants.values()].every((tensor) => isAt(engine, tensor) && tensor.dtype !== 'string') &&
  graph.values.every(({ dtype }) => dtype !== 'string') &&
  graph.nodes.every((node) => runsOn(engine, graph, node));

/** One part of the whole, with the values it takes and gives. */
type Part = { readonly inputs: readonly ValueId[]; readonly outputs: readonly ValueId[] } & (
  { readonly compiled: CompiledGraph } | { readonly host: HostNode }
);

/** Nodes in turns: as many device nodes as can run, then all host nodes that can, and so on. */
function turnsOf(engine: Engine, graph: Graph): (DeviceNode[] | HostNode)[] {
  const turns: (DeviceNode[] | HostNode)[] = [];
  const known = new Set<ValueId>([...graph.inputs, ...graph.constants.keys()]);
  let rest: readonly GraphNode[] = graph.nodes;
  /** Takes the nodes of one kind whose inputs are known; device nodes make each other's inputs known at once. */
  const take = <N extends GraphNode>(isWanted: (node: GraphNode) => node is N): N[] => {
    const taken: N[] = [];
    // Effects keep their order: none runs before an earlier one has.
    let isEffectWaiting = false;
    rest = rest.filter((node) => {
      const isEffect = hasEffects(node);
      if (!isWanted(node) || !node.inputs.every((id) => known.has(id)) || (isEffect && isEffectWaiting)) {
        isEffectWaiting ||= isEffect;
        return true;
      }
      taken.push(node);
      for (const id of node.outputs) known.add(id);
      return false;
    });
    return taken;
  };
  while (rest.length > 0) {
    const device = take((node): node is DeviceNode => runsOn(engine, graph, node));
    if (device.length > 0) turns.push(device);
    turns.push(...take((node): node is HostNode => !runsOn(engine, graph, node)));
  }
  return turns;
}

/** Runs the parts of a graph one after another. */
export class PartitionedGraph implements CompiledGraph {
  private readonly runner: RegionRunner;
  private readonly graph: Graph;
  private readonly parts: readonly Part[];
  /** How many parts take each value, and 1 more for a value that comes out. */
  private readonly uses = new Map<ValueId, number>();

  constructor(runner: RegionRunner, graph: Graph) {
    this.runner = runner;
    this.graph = graph;
    const turns = turnsOf(runner.engine, graph);
    const nodesOf = (turn: (typeof turns)[number]): readonly GraphNode[] => (Array.isArray(turn) ? turn : [turn]);
    const wantedBy = turns.map((turn) => new Set(nodesOf(turn).flatMap(({ inputs }) => inputs)));
    this.parts = turns.map((turn, i): Part => {
      const made = nodesOf(turn).flatMap(({ outputs }) => outputs);
      if (!Array.isArray(turn)) return { host: turn, inputs: [...new Set(turn.inputs)], outputs: made };
      const own = new Set(made);
      const wantedLater = new Set([...graph.outputs, ...wantedBy.slice(i + 1).flatMap((ids) => [...ids])]);
      const inputs = [...wantedBy[i]].filter((id) => !own.has(id) && !graph.constants.has(id));
      const outputs = made.filter((id) => wantedLater.has(id));
      const constants = new Map([...graph.constants].filter(([id]) => wantedBy[i].has(id)));
      const compiled = runner.engine.compile({ values: graph.values, inputs, constants, nodes: turn, outputs });
      return { compiled, inputs, outputs };
    });
    for (const id of [...this.parts.flatMap(({ inputs }) => inputs), ...graph.outputs])
      this.uses.set(id, (this.uses.get(id) ?? 0) + 1);
  }

  run(inputs: readonly Storage[]): Storage[] {
    const values = new LiveValues(this.graph, this.uses, inputs);
    try {
      for (const part of this.parts)
        values.took(
          part,
          'compiled' in part ? part.compiled.run(values.all(part.inputs)) : this.runHost(part.host, values, runControl),
        );
      return values.results();
    } finally {
      values.release();
    }
  }

  async runAsync(inputs: readonly Storage[]): Promise<Storage[]> {
    const values = new LiveValues(this.graph, this.uses, inputs);
    try {
      for (const part of this.parts)
        values.took(
          part,
          await ('compiled' in part
            ? part.compiled.runAsync(values.all(part.inputs))
            : this.runHost(part.host, values, runControlAsync)),
        );
      return values.results();
    } finally {
      values.release();
    }
  }

  dispose(): void {
    for (const part of this.parts) if ('compiled' in part) part.compiled.dispose();
  }

  private runHost<Result>(
    node: HostNode,
    values: LiveValues,
    control: (...call: Parameters<typeof runControl>) => Result,
  ): Result | Storage[] {
    const { primitive, inputs, params, outputs } = node;
    const { engine } = this.runner;
    const operands = inputs.map((id) => ({ ...this.graph.values[id], storage: values.get(id) }));
    const wanted = outputs.map((id) => this.graph.values[id]);
    if (isControlPrimitive(primitive))
      return control(this.runner, primitive, operands, params as GraphNode<ControlPrimitive>['params'], wanted);
    if (isHostPrimitive(primitive))
      return runOnHost(engine, primitive, operands, params as GraphNode<HostPrimitive>['params'], wanted);
    if (isDeviceNode(node, this.graph.values))
      return runOnCpu(engine, lackOf(engine, this.graph, node) ?? '', node.primitive, operands, node.params, wanted);
    return runOnStrings(engine, primitive, operands, params, wanted);
  }
}

/** The storages of a run, each given back after the last part that takes it. */
class LiveValues {
  private readonly graph: Graph;
  private readonly storages = new Map<ValueId, Storage>();
  private readonly rest: Map<ValueId, number>;

  constructor(graph: Graph, uses: ReadonlyMap<ValueId, number>, inputs: readonly Storage[]) {
    this.graph = graph;
    this.rest = new Map(uses);
    graph.inputs.forEach((id, i) => {
      inputs[i].retain();
      this.storages.set(id, inputs[i]);
    });
  }

  get(id: ValueId): Storage {
    return this.storages.get(id) ?? this.graph.constants.get(id)!.storage;
  }

  all(ids: readonly ValueId[]): Storage[] {
    return ids.map((id) => this.get(id));
  }

  /** A part has run. */
  took({ inputs, outputs }: Part, made: readonly Storage[]): void {
    outputs.forEach((id, i) => this.storages.set(id, made[i]));
    for (const id of [...inputs, ...outputs]) {
      const left = (this.rest.get(id) ?? 0) - (outputs.includes(id) ? 0 : 1);
      this.rest.set(id, left);
      if (left <= 0) this.drop(id);
    }
  }

  /** The outputs, with one reference each that is the caller's. */
  results(): Storage[] {
    return this.graph.outputs.map((id) => {
      const storage = this.get(id);
      storage.retain();
      return storage;
    });
  }

  release(): void {
    for (const id of [...this.storages.keys()]) this.drop(id);
  }

  private drop(id: ValueId): void {
    this.storages.get(id)?.release();
    this.storages.delete(id);
  }
}
