/** @file The tensor runtime as the global `tf`: loaded beside the first cells, ready before a cell that mentions it. */

const moduleUrl = (path: string): string => new URL(`../../${path}`, import.meta.url).href;
const runtimeUrl = moduleUrl('src/index.js');

/** The package's modules by the specifiers that users write: wherever the notebook lies, these are the ones that run here. */
const ownModules: Readonly<Record<string, string>> = {
  tensorcell: runtimeUrl,
  'tensorcell/comm': moduleUrl('kernel/comm/index.js'),
  'tensorcell/widgets': moduleUrl('kernel/widgets/index.js'),
};

export class PreloadedRuntime {
  #namespace: object | undefined;
  #loading: Promise<void> | undefined;

  /** Puts `tf` on the global object; cells may declare a `tf` of their own over it. */
  install(): void {
    const define = (value: unknown) =>
      Object.defineProperty(globalThis, 'tf', { value, writable: true, configurable: true, enumerable: false });
    Object.defineProperty(globalThis, 'tf', {
      configurable: true,
      get: () => {
        if (this.#namespace === undefined)
          throw new Error(
            'The runtime `tf` is not loaded yet. Mention `tf` by its name in a cell, and the cell waits for it.',
          );
        return this.#namespace;
      },
      set: define,
    });
  }

  /** Begins to load; a failure is told to the first cell that wants the runtime. */
  load(): void {
    this.#loading ??= import(runtimeUrl).then((namespace: object) => {
      this.#namespace = namespace;
    });
    this.#loading.catch(() => undefined);
  }

  /** What a cell has to wait for, if it has to. */
  neededBy(code: string): Promise<void> | undefined {
    if (this.#namespace !== undefined || !/\btf\b/.test(code)) return undefined;
    this.load();
    return this.#loading;
  }
}

export { ownModules, runtimeUrl };
