/** @file Methods by which objects show themselves in other notebooks: IPython's `_repr_*_` and IJavascript's `_to*`. */
import type { MimeBundle } from '../../../src/display.ts';
import { propertiesOf } from '../properties.ts';

/** Each method's MIME type, the richest first; IPython's and IJavascript's name for the same. */
const methods: readonly (readonly [type: string, ...names: readonly string[]])[] = [
  ['text/html', '_repr_html_', '_toHtml'],
  ['image/svg+xml', '_repr_svg_', '_toSvg'],
  ['image/png', '_repr_png_', '_toPng'],
  ['image/jpeg', '_repr_jpeg_', '_toJpeg'],
  ['text/markdown', '_repr_markdown_', '_toMarkdown'],
  ['text/latex', '_repr_latex_', '_toLatex'],
  ['application/json', '_repr_json_'],
];
const bundles = ['_repr_mimebundle_', '_toMime'];

const methodOf = (value: object, names: readonly string[]): ((this: object) => unknown) | undefined => {
  for (const name of names) {
    const method = propertiesOf(value, name)[name];
    if (typeof method === 'function') return method as (this: object) => unknown;
  }
  return undefined;
};

/** What the object's own methods give, promises among it; undefined where it has none. */
export function ownMethods(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  const whole = methodOf(value, bundles);
  if (whole) return whole.call(value) as MimeBundle | Promise<MimeBundle>;
  const found: [string, unknown][] = [];
  for (const [type, ...names] of methods) {
    const content = methodOf(value, names)?.call(value);
    if (content !== undefined && content !== null) found.push([type, content]);
  }
  if (found.length === 0) return undefined;
  return Promise.all(found.map(async ([type, content]) => [type, await content] as const)).then(Object.fromEntries);
}
