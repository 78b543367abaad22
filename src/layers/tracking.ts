/** @file What a layer holds in its properties: the layers and variables that count as its own. */

/** Values of a class in an object's properties, and in arrays and plain objects there, each once. */
export function trackedValues<T>(owner: object, type: abstract new (...args: never[]) => T): T[] {
  const found = new Set<T>();
  const visit = (value: unknown, depth: number): void => {
    if (value instanceof type) found.add(value);
    else if (depth >= 4) return;
    else if (Array.isArray(value)) value.forEach((element) => visit(element, depth + 1));
    else if (value !== null && typeof value === 'object' && isPlainObject(value))
      Object.values(value).forEach((element) => visit(element, depth + 1));
  };
  for (const value of Object.values(owner)) visit(value, 0);
  return [...found];
}

const isPlainObject = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
