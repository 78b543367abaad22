/** @file op: makes a function an operation that also takes symbolic tensors. */
import { ArgumentError } from '../tensor/errors.ts';
import { holdsKerasTensor, kerasTensorsExist } from './keras-tensor.ts';
import { type Operation, record } from './node.ts';

/** An operation of `tf`, known by its public name. */
export class NamedOperation implements Operation {
  /** As in `tf.`: `matMul`, `image.resizeBilinear`. */
  readonly path: string;
  private readonly fn: (...args: never[]) => unknown;

  constructor(path: string, fn: (...args: never[]) => unknown) {
    this.path = path;
    this.fn = fn;
  }

  get name(): string {
    return this.path.slice(this.path.lastIndexOf('.') + 1);
  }

  run(args: readonly unknown[]): unknown {
    return this.fn(...(args as never[]));
  }
}

const operations = new Map<string, NamedOperation>();

/** The operation of that name. @throws ArgumentError where there is none */
export function operationNamed(path: string): NamedOperation {
  const operation = operations.get(path);
  if (!operation) throw new ArgumentError(`There is no operation tf.${path} that a model could hold.`);
  return operation;
}

/**
 * The function as an operation: on symbolic tensors it is recorded and gives symbolic tensors, on anything else it just runs.
 *
 * @param path - Its public name, `matMul` or `image.resizeBilinear`: what a saved model knows it by.
 */
export function op<F extends (...args: never[]) => unknown>(path: string, fn: F): F {
  const operation = new NamedOperation(path, fn);
  operations.set(path, operation);
  const applied = (...args: never[]): unknown =>
    kerasTensorsExist() && holdsKerasTensor(args) ? record(operation, args) : fn(...args);
  Object.defineProperty(applied, 'name', { value: operation.name });
  return applied as F;
}
