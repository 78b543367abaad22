/** @file The keys of objects, for views that ask for them several times. */

/** Objects with fewer keys are not worth remembering. */
const worthRemembering = 1_000;

let remembered: { readonly value: object; readonly keys: readonly string[] } | undefined;

/**
 * `Object.keys`. Those of a large object are remembered until the view that is being made is finished: V8 sorts them each time, which
 * takes a second for a million.
 */
export function keysOf(value: object): readonly string[] {
  if (remembered?.value === value) return remembered.keys;
  const keys = Object.keys(value);
  if (keys.length >= worthRemembering) {
    remembered = { value, keys };
    // Views are made without awaiting; after that the object may change.
    queueMicrotask(() => (remembered = undefined));
  }
  return keys;
}
