/** @file When a tensor's memory is given back: on collection, on dispose, or when it leaves a tidy scope. */
import type { Storage } from './storage.ts';
import type { Tensor } from './tensor.ts';

const collected = new FinalizationRegistry<Storage>((storage) => {
  liveTensors--;
  storage.release();
});
let liveTensors = 0;

/** @internal */
export function registerForCollection(tensor: Tensor, storage: Storage): void {
  liveTensors++;
  collected.register(tensor, storage, tensor);
}

/** @internal */
export function unregisterFromCollection(tensor: Tensor): void {
  liveTensors--;
  collected.unregister(tensor);
}

/** How many concrete tensors are alive (neither disposed nor collected). */
export const liveTensorCount = (): number => liveTensors;

interface Scope {
  readonly tensors: Set<Tensor>;
}
const scopes: Scope[] = [];

/** @internal */
export function registerInScope(tensor: Tensor): void {
  scopes.at(-1)?.tensors.add(tensor);
}

/** Takes a tensor out of every open tidy scope, so that it outlives them. */
export function keep<T extends Tensor>(tensor: T): T {
  for (const scope of scopes) scope.tensors.delete(tensor);
  return tensor;
}

/** @internal Opens a scope; `close(kept)` disposes every tensor made in it that is not in `kept`. */
export function openScope(): { close(kept: Iterable<Tensor>): void } {
  const scope: Scope = { tensors: new Set() };
  scopes.push(scope);
  return {
    close(kept) {
      const index = scopes.lastIndexOf(scope);
      if (index >= 0) scopes.splice(index, 1);
      for (const tensor of kept) {
        if (scope.tensors.delete(tensor)) registerInScope(tensor);
      }
      for (const tensor of scope.tensors) tensor.dispose();
    },
  };
}
