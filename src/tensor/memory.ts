/** @file When a tensor's memory is given back: on collection, on dispose, or when it leaves a tidy scope. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { duringScopeEnd } from './disposals.ts';
import type { Storage } from './storage.ts';
import type { Tensor } from './tensor.ts';
import { afterTermination } from './termination.ts';

const collected = new FinalizationRegistry<Storage['afterCollection']>((storage) => {
  liveTensors--;
  storage.release();
});
let liveTensors = 0;

/** @internal */
export function registerForCollection(tensor: Tensor, storage: Storage): void {
  liveTensors++;
  collected.register(tensor, storage.afterCollection, tensor);
}

/** @internal */
export function unregisterFromCollection(tensor: Tensor): void {
  liveTensors--;
  collected.unregister(tensor);
}

/** How many concrete tensors are alive (neither disposed nor collected). */
export const liveTensorCount = (): number => liveTensors;

/** A tidy scope. Scopes belong to an asynchronous context, so that one which awaits does not catch others' tensors. */
export interface Scope {
  readonly tensors: Set<Tensor>;
  readonly parent: Scope | undefined;
  /** Its function has ended: what still runs in its context owns its tensors itself. */
  closed: boolean;
}
const scopes = new AsyncLocalStorage<Scope>();
let openScopes = 0;
/** Scopes whose function has not returned, innermost last. */
const running: Scope[] = [];

/** The scope of the operation that runs, the innermost one: it is not asynchronous, and no scope has been opened since. */
let operation: Scope | undefined;

/** @internal The innermost scope that is open here. */
export function currentScope(): Scope | undefined {
  return operation ?? (openScopes > 0 ? firstOpen(scopes.getStore()) : undefined);
}
const firstOpen = (scope: Scope | undefined): Scope | undefined => (scope?.closed ? firstOpen(scope.parent) : scope);

/** @internal */
export function registerInScope(tensor: Tensor): void {
  currentScope()?.tensors.add(tensor);
}

/** @internal Takes a tensor out of the scopes within `outer`, which takes it over: it lives as long as that one. */
export function moveToScope(tensor: Tensor, outer: Scope | undefined): void {
  for (let scope = currentScope(); scope && scope !== outer; scope = scope.parent)
    for (const holder of tensor.holders) if (scope.tensors.delete(holder)) outer?.tensors.add(holder);
}

/** @internal Disposes of a tensor that the innermost scope would dispose of at its end; of any other one somebody else decides. */
export function disposeInScope(tensor: Tensor): void {
  const scope = currentScope();
  for (const holder of tensor.holders) if (scope?.tensors.delete(holder)) holder.dispose();
}

/** Takes a tensor out of every open tidy scope, so that it outlives them. */
export function keep<T extends Tensor>(tensor: T): T {
  moveToScope(tensor, undefined);
  return tensor;
}

/**
 * @internal Runs `fn`, which may be asynchronous, in a scope of its own; then disposes every tensor made in it except those
 * that `kept` finds in the result, which the scope around takes over.
 */
export function runInScope<T>(fn: () => T, kept: (result: Awaited<T>) => Iterable<Tensor>): T {
  const scope: Scope = { tensors: new Set(), parent: currentScope(), closed: false };
  const within = operation;
  operation = undefined;
  openScopes++;
  running.push(scope);
  let result: T;
  try {
    result = scopes.run(scope, fn);
  } catch (error) {
    close(scope, []);
    throw error;
  } finally {
    running.pop();
    operation = within;
  }
  if (result instanceof Promise)
    return result.then(
      (value) => {
        close(scope, kept(value));
        return value;
      },
      (error) => {
        close(scope, []);
        throw error;
      },
    ) as T;
  close(scope, kept(result as Awaited<T>));
  return result;
}

/**
 * @internal Runs an operation, then disposes of every tensor that it made besides its result: those would wait for the collector
 * otherwise, and their memory with them.
 *
 * @param kept the tensors in a result; null where that cannot be told, and everything lives on
 */
export function runOperation<A extends readonly unknown[], T>(
  fn: (...args: A) => T,
  args: A,
  kept: (result: T) => Iterable<Tensor> | null,
): T {
  const scope: Scope = { tensors: new Set(), parent: currentScope(), closed: false };
  const { tensors } = scope;
  const outer = operation;
  operation = scope;
  let result: T;
  try {
    result = fn(...args);
  } catch (error) {
    for (const tensor of tensors) tensor.dispose();
    throw error;
  } finally {
    operation = outer;
    scope.closed = true;
  }
  if (tensors.size === 0) return result;
  const around = scope.parent?.tensors;
  // Most operations make one tensor.
  if (tensors.size === 1 && tensors.has(result as Tensor)) {
    around?.add(result as Tensor);
    return result;
  }
  for (const tensor of kept(result) ?? [...tensors])
    for (const holder of tensor.holders) if (tensors.delete(holder)) around?.add(holder);
  for (const tensor of tensors) tensor.dispose();
  return result;
}

/** Disposes what a scope holds, except survivors: those are the outer scope's. */
function close(scope: Scope, survivors: Iterable<Tensor>): void {
  if (scope.closed) return;
  openScopes--;
  scope.closed = true;
  const outer = firstOpen(scope.parent);
  for (const tensor of survivors)
    for (const holder of tensor.holders) if (scope.tensors.delete(holder)) outer?.tensors.add(holder);
  if (scope.tensors.size === 0) return;
  duringScopeEnd(() => {
    for (const tensor of scope.tensors) tensor.dispose();
  });
  scope.tensors.clear();
}

afterTermination(() => {
  operation = undefined;
  for (const scope of running.splice(0).reverse()) close(scope, []);
});
