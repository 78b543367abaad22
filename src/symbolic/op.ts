/** @file op: makes a function an operation that also takes symbolic tensors. */
import { snakeCase, uniqueName } from '../configuration.ts';
import { partsOf } from '../tensor/complex.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { runOperation } from '../tensor/memory.ts';
import { Tensor } from '../tensor/tensor.ts';
import { treeLeaves } from '../tensor/tree.ts';
import { holdsKerasTensor, kerasTensorsExist } from './keras-tensor.ts';
import { Node, type Operation } from './node.ts';
import { outputForms } from './output-forms.ts';

type Implementation = (...args: never[]) => unknown;
const implementations = new Map<string, Implementation>();

const lastWord = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** One use of an operation of `tf` on symbolic tensors: it has a name of its own, as layers have. */
export class OperationUse implements Operation {
  /** As in `tf.`: `matMul`, `image.resizeBilinear`. */
  readonly path: string;
  readonly name: string;
  private readonly implementation: Implementation;

  /** @throws ArgumentError where there is no such operation */
  constructor(path: string, name: string = uniqueName(snakeCase(lastWord(path)))) {
    const implementation = implementations.get(path);
    if (!implementation) throw new ArgumentError(`There is no operation tf.${path} that a model could hold.`);
    this.path = path;
    this.name = name;
    this.implementation = implementation;
  }

  run(args: readonly unknown[]): unknown {
    return this.implementation(...(args as never[]));
  }

  /** Records it: the node's result holds symbolic tensors. @throws ArgumentError where it depends on values */
  record(args: readonly unknown[]): Node {
    const forms = outputForms(`tf.${this.path}`, args, (concrete) => this.run(concrete));
    return new Node(this, args, forms);
  }

  /** Records it once more, as a use of its own. */
  again(args: readonly unknown[]): unknown {
    return new OperationUse(this.path).record(args).result;
  }
}

/** The tensors in what an operation gave; null where it gave something that may hold others. */
function tensorsIn(result: unknown): Tensor[] | null {
  if (result instanceof Tensor) return partsOf(result);
  const leaves = treeLeaves(result);
  if (leaves.some((leaf) => typeof leaf === 'object' && leaf !== null && !(leaf instanceof Tensor))) return null;
  return leaves.flatMap((leaf) => (leaf instanceof Tensor ? partsOf(leaf) : []));
}

/** Functions of users may put tensors aside. */
function takesFunction(args: readonly unknown[]): boolean {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (typeof arg === 'function' || (Array.isArray(arg) && typeof arg[0] === 'function')) return true;
  }
  return false;
}

/**
 * The function as an operation: on symbolic tensors it is recorded and gives symbolic tensors, on anything else it just runs, and
 * what it made on the way to its result is disposed of.
 *
 * @param path - Its public name, `matMul` or `image.resizeBilinear`: what a saved model knows it by.
 */
export function op<F extends (...args: never[]) => unknown>(path: string, fn: F): F {
  implementations.set(path, fn);
  const applied = (...args: never[]): unknown => {
    if (kerasTensorsExist() && args.some((arg) => holdsKerasTensor(arg)))
      return new OperationUse(path).record(args).result;
    return takesFunction(args) ? fn(...args) : runOperation(fn, args, tensorsIn);
  };
  Object.defineProperty(applied, 'name', { value: lastWord(path) });
  return applied as F;
}
