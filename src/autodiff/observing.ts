/** @file What a tape and a forward accumulator have in common: they see each operation and each variable that is read. */
import { type Observer, currentObservers, withObservers } from '../primitives/bind.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type ReadListener, currentReadListeners, withReadListeners } from '../tensor/variable.ts';

/** Runs `fn` under the eyes of one more observer. @throws ArgumentError if it is asynchronous */
export function observing<T>(caller: string, observer: Observer, onRead: ReadListener, fn: () => T): T {
  const result = withObservers([...currentObservers(), observer], () =>
    withReadListeners([...currentReadListeners(), onRead], fn),
  );
  if (!(result instanceof Promise)) return result;
  result.catch(() => undefined);
  throw new ArgumentError(
    `${caller}: expected a synchronous function, this one returned a promise; await what it needs before recording.`,
  );
}
