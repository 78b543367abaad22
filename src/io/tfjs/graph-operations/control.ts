/** @file Control flow of graphs: functions, branches, loops, lists of tensors, tables. */
import * as ops from '../../../ops/index.ts';
import { ArgumentError } from '../../../tensor/errors.ts';
import type { DType } from '../../../tensor/dtype.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { GraphNode } from '../graph-node.ts';
import { type GraphOperation, type OperationTable, type Operands, LookupTable, TensorList } from './operation.ts';

/** Whether a condition holds: a scalar, or for others whether there are elements. @throws TraceError where a trace does not know it */
const holds = (condition: Tensor): boolean =>
  condition.rank === 0 ? Boolean(condition.dataSync()[0]) : condition.size > 0;

const branch: GraphOperation = (operands, node, run) =>
  run.call(node.functionName(holds(operands.tensor(0)) ? 'then_branch' : 'else_branch'), operands.values.slice(1));

const loop: GraphOperation = (operands, node, run) => {
  const [condition, body] = [node.functionName('cond'), node.functionName('body')];
  let values = [...operands.values];
  while (holds(run.call(condition, values)[0] as Tensor)) values = run.call(body, values);
  return values;
};

const call: GraphOperation = (operands, node, run) => run.call(node.functionName('f'), operands.values);

// ---- lists

/** The shape of elements: of an operand, where it is a list of sizes and not -1 for any. */
function elementShape(operands: Operands, index: number): (number | null)[] | null {
  const shape = operands.tensor(index);
  if (shape.rank === 0) return null;
  return operands.numbers(index).map((size) => (size < 0 ? null : size));
}

const shapeOfElements = (list: TensorList): number[] => {
  const known = list.elements.find((element) => element !== null);
  const shape = known?.shape ?? list.elementShape ?? [];
  return shape.map((size) => size ?? 0);
};

/** Elements; zeros for those that were never set. */
const whole = (list: TensorList): Tensor[] =>
  list.elements.map((element) => element ?? ops.zeros(shapeOfElements(list), list.dtype));

function elementAt(list: TensorList, index: number, node: GraphNode): Tensor {
  if (!(index >= 0 && index < list.elements.length))
    throw new ArgumentError(`Node ${node.name}: there is no element ${index} in a list of ${list.elements.length}.`);
  return list.elements[index] ?? ops.zeros(shapeOfElements(list), list.dtype);
}

const joined = (list: TensorList): [Tensor, Tensor] => {
  const elements = whole(list);
  const sizes = ops.tensor(Int32Array.from(elements, ({ shape }) => shape[0] ?? 0));
  return [ops.concat(elements, 0), sizes];
};

const stacked = (list: TensorList): Tensor =>
  list.elements.length === 0 ? ops.zeros([0, ...shapeOfElements(list)], list.dtype) : ops.stack(whole(list));

const scattered = (values: Tensor, indices: readonly number[], length: number): (Tensor | null)[] => {
  const elements = Array<Tensor | null>(Math.max(length, ...indices.map((index) => index + 1))).fill(null);
  ops.unstack(values).forEach((value, i) => (elements[indices[i]] = value));
  return elements;
};

const replaced = (list: TensorList, index: number, value: Tensor): TensorList => {
  const elements = [...list.elements];
  while (elements.length <= index) elements.push(null);
  elements[index] = value;
  return list.with(elements);
};

const listOf = (elements: readonly (Tensor | null)[], dtype: DType, shape: (number | null)[] | null): TensorList =>
  new TensorList(elements, dtype, shape);

const cut = (values: Tensor, sizes: readonly number[]): Tensor[] => ops.split(values, sizes, 0);

const scatterList: GraphOperation = (operands, node) => {
  const count = operands.count > 3 ? operands.number(3) : 0;
  const values = operands.tensor(0);
  return listOf(
    scattered(values, operands.numbers(1), Math.max(count, 0)),
    node.dtype('element_dtype', values.dtype),
    elementShape(operands, 2),
  );
};

// ---- arrays: of TensorFlow 1, with a flow beside them that is the array itself here

const arrayOf = (operands: Operands, flow: number): TensorList => operands.list(flow);

// ---- tables

const makeTable: GraphOperation = (_operands, node, run) =>
  run.resource(node.text('shared_name', '') || node.name, () => new LookupTable(node.dtype('value_dtype', 'int32')));

const importTable: GraphOperation = (operands) => {
  const table = operands.table(0);
  const [keys, values] = [operands.tensor(1).dataSync(), operands.tensor(2).dataSync()] as unknown as unknown[][];
  Array.from(keys, String).forEach((key, i) => table.entries.set(key, values[i]));
  return [];
};

const lookUp: GraphOperation = (operands) => {
  const table = operands.table(0);
  const keys = operands.tensor(1);
  const [otherwise] = operands.tensor(2).dataSync() as unknown as unknown[];
  const found = Array.from(
    keys.dataSync() as unknown as unknown[],
    (key) => table.entries.get(String(key)) ?? otherwise,
  );
  return ops.tensor(found as number[], [...keys.shape], operands.tensor(2).dtype);
};

const tableSize: GraphOperation = (operands) => ops.scalar(operands.table(0).entries.size, 'int32');

export const control: OperationTable = {
  If: branch,
  StatelessIf: branch,
  While: loop,
  StatelessWhile: loop,
  PartitionedCall: call,
  StatefulPartitionedCall: call,
  LoopCond: (operands) => operands.values[0],
  // The branch that is not taken has no value; what depends on it does not run.
  Switch: (operands) => (holds(operands.tensor(1)) ? [undefined, operands.values[0]] : [operands.values[0], undefined]),
  Merge: (operands) => {
    const index = operands.values.findIndex((value) => value !== undefined);
    return [operands.values[index], ops.scalar(index, 'int32')];
  },

  EmptyTensorList: (operands, node) => listOf([], node.dtype('element_dtype'), elementShape(operands, 0)),
  TensorListReserve: (operands, node) =>
    listOf(Array<null>(operands.number(1)).fill(null), node.dtype('element_dtype'), elementShape(operands, 0)),
  TensorListFromTensor: (operands) => {
    const values = operands.tensor(0);
    return listOf(ops.unstack(values), values.dtype, elementShape(operands, 1));
  },
  TensorListStack: (operands) => stacked(operands.list(0)),
  TensorListGetItem: (operands, node) => elementAt(operands.list(0), operands.number(1), node),
  TensorListSetItem: (operands) => replaced(operands.list(0), operands.number(1), operands.tensor(2)),
  TensorListLength: (operands) => ops.scalar(operands.list(0).elements.length, 'int32'),
  TensorListResize: (operands) => {
    const list = operands.list(0);
    const size = operands.number(1);
    return list.with(Array.from({ length: size }, (_, i) => list.elements[i] ?? null));
  },
  TensorListPushBack: (operands) => {
    const list = operands.list(0);
    return list.with([...list.elements, operands.tensor(1)]);
  },
  TensorListPopBack: (operands, node) => {
    const list = operands.list(0);
    return [list.with(list.elements.slice(0, -1)), elementAt(list, list.elements.length - 1, node)];
  },
  TensorListGather: (operands, node) => {
    const list = operands.list(0);
    const taken = operands.numbers(1).map((index) => elementAt(list, index, node));
    return taken.length === 0 ? ops.zeros([0, ...shapeOfElements(list)], list.dtype) : ops.stack(taken);
  },
  TensorListScatter: scatterList,
  TensorListScatterV2: scatterList,
  TensorListConcat: (operands) => joined(operands.list(0)),
  TensorListConcatV2: (operands) => joined(operands.list(0)),
  TensorListSplit: (operands, node) => {
    const values = operands.tensor(0);
    return listOf(
      cut(values, operands.numbers(2)),
      node.dtype('element_dtype', values.dtype),
      elementShape(operands, 1),
    );
  },

  TensorArrayV3: (operands, node) => {
    const array = listOf(Array<null>(operands.number(0)).fill(null), node.dtype('dtype'), node.shape('element_shape'));
    return [array, array];
  },
  TensorArrayWriteV3: (operands) => replaced(arrayOf(operands, 3), operands.number(1), operands.tensor(2)),
  TensorArrayReadV3: (operands, node) => elementAt(arrayOf(operands, 2), operands.number(1), node),
  TensorArrayGatherV3: (operands, node) => {
    const array = arrayOf(operands, 2);
    return ops.stack(operands.numbers(1).map((index) => elementAt(array, index, node)));
  },
  TensorArrayScatterV3: (operands) => {
    const array = arrayOf(operands, 3);
    return array.with(scattered(operands.tensor(2), operands.numbers(1), array.elements.length));
  },
  TensorArrayConcatV3: (operands) => joined(arrayOf(operands, 1)),
  TensorArraySplitV3: (operands) => arrayOf(operands, 3).with(cut(operands.tensor(1), operands.numbers(2))),
  TensorArraySizeV3: (operands) => ops.scalar(arrayOf(operands, 1).elements.length, 'int32'),
  TensorArrayCloseV3: () => [],

  HashTable: makeTable,
  HashTableV2: makeTable,
  LookupTableImport: importTable,
  LookupTableImportV2: importTable,
  LookupTableFind: lookUp,
  LookupTableFindV2: lookUp,
  LookupTableSize: tableSize,
  LookupTableSizeV2: tableSize,
};
