/** @file Binary parts of a model's state: taken out before it becomes JSON, and put back. */

/** Where a binary part belongs in the state. */
export type BufferPath = readonly (string | number)[];

/** A state that JSON can carry, and the binary parts that were in it. */
export interface SplitState {
  readonly state: Record<string, unknown>;
  readonly bufferPaths: readonly BufferPath[];
  readonly buffers: readonly ArrayBufferView[];
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Takes the binary parts out. In lists null stands for one, in objects its key is absent: the protocol's convention. */
export function splitBuffers(state: Record<string, unknown>): SplitState {
  const bufferPaths: BufferPath[] = [];
  const buffers: ArrayBufferView[] = [];
  const take = (value: ArrayBufferView, path: BufferPath): void => {
    bufferPaths.push(path);
    buffers.push(value);
  };
  const split = (value: unknown, path: BufferPath): unknown => {
    if (Array.isArray(value))
      return value.map((element: unknown, index) => {
        if (!ArrayBuffer.isView(element)) return split(element, [...path, index]);
        take(element, [...path, index]);
        return null;
      });
    return isPlainObject(value) ? splitObject(value, path) : value;
  };
  const splitObject = (value: Record<string, unknown>, path: BufferPath): Record<string, unknown> => {
    const rest: Record<string, unknown> = {};
    for (const [key, element] of Object.entries(value))
      if (ArrayBuffer.isView(element)) take(element, [...path, key]);
      else rest[key] = split(element, [...path, key]);
    return rest;
  };
  return { state: splitObject(state, []), bufferPaths, buffers };
}

/** Puts binary parts where they belong; changes `state`. Paths that lead nowhere are passed over. */
export function putBuffers(
  state: Record<string, unknown>,
  bufferPaths: readonly BufferPath[],
  buffers: readonly Uint8Array[],
): void {
  bufferPaths.forEach((path, index) => {
    let place: unknown = state;
    for (const key of path.slice(0, -1)) place = (place as Record<string | number, unknown> | undefined)?.[key];
    const last = path.at(-1);
    if (typeof place === 'object' && place !== null && last !== undefined && buffers[index] !== undefined)
      (place as Record<string | number, unknown>)[last] = buffers[index];
  });
}

const bytesOf = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);

/** Whether two values of a trait are the same: data by what it holds, everything else (widgets) by identity. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return bytesOf(a).equals(bytesOf(b));
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((element, index) => sameValue(element, b[index]));
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}
