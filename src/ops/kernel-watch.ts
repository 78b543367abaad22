/** @file Sees each kernel that runs at once, with the time it took: profiles and debug mode are made of it. */
import { type Interpreter, baseInterpreter, setBaseInterpreter } from '../primitives/bind.ts';
import type { PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { afterTermination } from '../tensor/termination.ts';

/** Hears of a kernel after it ran; `milliseconds` on the host: a device that works beside it may not be done. */
export type KernelWatcher = (
  primitive: PrimitiveName,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  milliseconds: number,
) => void;

let watchers: readonly KernelWatcher[] = [];
/** What runs kernels while nobody watches. */
let unwatched: Interpreter | null = null;

const watching: Interpreter = {
  bind<P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor[] {
    const start = performance.now();
    const outputs = (unwatched as Interpreter).bind(primitive, inputs, params);
    const milliseconds = performance.now() - start;
    for (const watcher of watchers) watcher(primitive, inputs, outputs, milliseconds);
    return outputs;
  },
};

function setWatchers(next: readonly KernelWatcher[]): void {
  if (next.length > 0 && !unwatched) {
    unwatched = baseInterpreter();
    setBaseInterpreter(watching);
  } else if (next.length === 0 && unwatched) {
    setBaseInterpreter(unwatched);
    unwatched = null;
  }
  watchers = next;
}

/** Hears of every kernel from here on, until the function it gives is called. Kernels within compiled functions are not told apart. */
export function watchKernels(
  watcher: KernelWatcher,
  options: { readonly survivesInterrupts?: boolean } = {},
): () => void {
  setWatchers([...watchers, watcher]);
  if (options.survivesInterrupts) lasting.add(watcher);
  return () => {
    lasting.delete(watcher);
    setWatchers(watchers.filter((other) => other !== watcher));
  };
}
const lasting = new Set<KernelWatcher>();

afterTermination(() => setWatchers(watchers.filter((watcher) => lasting.has(watcher))));
