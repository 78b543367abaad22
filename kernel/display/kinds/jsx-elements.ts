/** @file What JSX makes: elements of React and Preact, rendered by the library's own server renderer where it is installed. */
import { types } from 'node:util';
import { importHelper, type ImportHelper } from '../../cell/module-helper.ts';
import type { MimeBundle } from '../../../src/display.ts';
import { propertiesOf } from '../properties.ts';

type Render = (element: object) => unknown;

interface Library {
  readonly recognises: (value: object) => boolean;
  /** The module that renders, and its function; found from the notebook's folder. */
  readonly module: string;
  readonly render: string;
}

const reactTypes = new Set([Symbol.for('react.element'), Symbol.for('react.transitional.element')]);

const nodeKeys = ['type', 'props', '__v', '__k'];

const libraries: readonly Library[] = [
  {
    recognises: (value) => reactTypes.has(propertiesOf(value, '$$typeof').$$typeof as symbol),
    module: 'react-dom/server',
    render: 'renderToStaticMarkup',
  },
  {
    // Preact gives its nodes something else than a constructor, so that JSON cannot make one.
    recognises: (value) =>
      Object.hasOwn(value, 'constructor') &&
      typeof propertiesOf(value, 'constructor').constructor !== 'function' &&
      nodeKeys.every((key) => key in value),
    module: 'preact-render-to-string',
    render: 'render',
  },
];

/** The renderer of the same library that cells import; undefined where it is not installed. */
async function rendererOf({ module, render }: Library): Promise<Render | undefined> {
  const load = (globalThis as { [importHelper]?: ImportHelper })[importHelper];
  try {
    const namespace = (await load?.(module)) as Record<string, unknown> | undefined;
    const found = namespace?.[render] ?? (namespace?.default as Record<string, unknown> | undefined)?.[render];
    return typeof found === 'function' ? (found as Render) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Markup as a bundle: the text is what an author of JSX would write. */
const markupBundle = (html: string): MimeBundle => ({ 'text/html': html, 'text/plain': html });

/** An element of a JSX library as HTML; undefined for other values, and where nothing can render it. */
export function jsxElement(value: object): Promise<MimeBundle | undefined> | undefined {
  if (types.isProxy(value)) return undefined;
  const library = libraries.find(({ recognises }) => recognises(value));
  if (library === undefined) return undefined;
  return rendererOf(library).then(async (render) => {
    const html: unknown = await render?.(value);
    return typeof html === 'string' ? markupBundle(html) : undefined;
  });
}

const looksLikeMarkup = (text: unknown): text is string => typeof text === 'string' && /^\s*</.test(text);

/**
 * The value of JSX that ends a cell: libraries whose elements are strings, or write themselves as strings (vhtml, hono), mean
 * markup by it.
 */
export function markupOfJsx(value: unknown): unknown {
  const display = (html: string): object => ({ [Symbol.for('Jupyter.display')]: () => markupBundle(html) });
  if (looksLikeMarkup(value)) return display(value);
  if (typeof value !== 'object' || value === null) return value;
  const { toString } = value;
  if (typeof toString !== 'function' || toString === Object.prototype.toString || toString === Array.prototype.toString)
    return value;
  const text: unknown = toString.call(value);
  return looksLikeMarkup(text) ? display(text) : value;
}
