/** @file Modules of this package as globals, `tf` and `widgets`: loaded before a cell that mentions them. */
import { viewsNeededBy } from '../display/index.ts';
import { loadsOver, shielded } from './shield.ts';

const moduleUrl = (path: string): string => new URL(`../../${path}`, import.meta.url).href;
const runtimeUrl = moduleUrl('src/index.js');

/** The package's modules by the specifiers that users write: wherever the notebook lies, these are the ones that run here. */
const ownModules: Readonly<Record<string, string>> = {
  tensorcell: runtimeUrl,
  'tensorcell/comm': moduleUrl('kernel/comm/index.js'),
  'tensorcell/widgets': moduleUrl('kernel/widgets/index.js'),
};

/** Milliseconds after the start; a cell that mentions the module does not wait for it. */
const loadDelay = 400;

/** Begins to load after a while, once no cell runs. */
export function whenIdle(isIdle: () => boolean, delay: number, load: () => Promise<unknown>): void {
  setTimeout(() => (isIdle() ? void load().catch(() => undefined) : whenIdle(isIdle, delay, load)), delay).unref();
}

/** A module that stands as a global and is loaded beside the cells. */
export class PreloadedModule {
  readonly #name: string;
  readonly #url: string;
  readonly #mention: RegExp;
  #namespace: object | undefined;
  #loading: Promise<void> | undefined;

  constructor(name: string, specifier: string) {
    this.#name = name;
    this.#url = ownModules[specifier];
    this.#mention = new RegExp(`\\b${name}\\b`);
  }

  /** Puts it on the global object; cells may declare a name of their own over it. */
  install(): void {
    const name = this.#name;
    const define = (value: unknown) =>
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => {
        if (this.#namespace === undefined)
          throw new Error(
            `\`${name}\` is not loaded yet. Mention \`${name}\` by its name in a cell, and the cell waits for it.`,
          );
        return this.#namespace;
      },
      set: define,
    });
  }

  /**
   * Begins to load in a moment: the processor is the first cell's and its types' until then. Not while a cell runs, whose
   * interrupt would have to wait.
   */
  loadSoon(isIdle: () => boolean): void {
    whenIdle(isIdle, loadDelay, () => this.#load());
  }

  /** Begins to load; a failure is told to the cells that want the module. */
  #load(): Promise<void> {
    this.#loading ??= shielded(() => import(this.#url)).then((namespace: object) => {
      this.#namespace = namespace;
    });
    this.#loading.catch(() => undefined);
    return this.#loading;
  }

  /** What a cell has to wait for, if it has to. */
  neededBy(code: string): Promise<void> | undefined {
    return this.#namespace !== undefined || !this.#mention.test(code) ? undefined : this.#load();
  }
}

/** The tensor runtime: nearly every notebook uses it. */
export const runtime = new PreloadedModule('tf', 'tensorcell');
/** The widgets: loaded when a cell first mentions them. */
const widgets = new PreloadedModule('widgets', 'tensorcell/widgets');

export const installPreloadedModules = (): void => {
  runtime.install();
  widgets.install();
};

/** What a cell has to wait for, if it has to. */
export const modulesNeededBy = (code: string): Promise<unknown> | undefined => {
  const needed = [runtime.neededBy(code), widgets.neededBy(code), viewsNeededBy(code), loadsOver()].filter(
    (each) => each !== undefined,
  );
  return needed.length === 0 ? undefined : Promise.all(needed);
};

export { ownModules, runtimeUrl };
