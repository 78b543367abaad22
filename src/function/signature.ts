/** @file What goes into a function: input signatures, their checks, and calls as text. */
import { type TensorLike, toTensor } from '../engine/operands.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

/** What a tensor must be; null stands for a dimension of any size. */
export interface TensorSpec {
  readonly shape: readonly (number | null)[];
  /** Default float32. */
  readonly dtype?: DType;
  /** For messages, and for the inputs of an exported model. */
  readonly name?: string;
}

/** One argument: a tensor, or arrays and objects of tensors; anything else stands for itself. */
export type ArgumentSpec = TensorSpec | readonly ArgumentSpec[] | { readonly [name: string]: ArgumentSpec };

const specKeys = ['shape', 'dtype', 'name'];
const isObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Whether a plain value says what a tensor must be. */
export const isTensorSpec = (value: unknown): value is TensorSpec =>
  isObject(value) &&
  Array.isArray(value.shape) &&
  value.shape.every((size) => size === null || (Number.isInteger(size) && (size as number) >= 0)) &&
  Object.keys(value).every((key) => specKeys.includes(key));

/** A structure with every tensor's place replaced; those places are tensors or what says what a tensor must be. */
export function mapSpecs(tree: unknown, leaf: (value: unknown, path: string) => unknown, path = ''): unknown {
  if (isTensorSpec(tree)) return leaf(tree, path);
  if (Array.isArray(tree)) return tree.map((child: unknown, i) => mapSpecs(child, leaf, `${path}[${i}]`));
  if (isObject(tree))
    return Object.fromEntries(
      Object.entries(tree).map(([key, child]) => [key, mapSpecs(child, leaf, path ? `${path}.${key}` : key)]),
    );
  return leaf(tree, path);
}

export const formatSpec = ({ shape, dtype = 'float32' }: TensorSpec): string => `${dtype} ${formatShape(shape)}`;

/** An argument as text: its structure, with dtypes and shapes in the places of tensors. */
export function formatArgument(value: unknown): string {
  if (value instanceof Tensor) return formatSpec(value);
  if (value instanceof Variable) return `Variable ${formatSpec(value)}`;
  if (isTensorSpec(value)) return formatSpec(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, 4).map(formatArgument);
    return `[${[...shown, ...(value.length > 4 ? [`... ${value.length} in all`] : [])].join(', ')}]`;
  }
  if (isObject(value))
    return `{ ${Object.entries(value)
      .map(([key, child]) => `${key}: ${formatArgument(child)}`)
      .join(', ')} }`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `function ${value.name || 'anonymous'}`;
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object';
  return String(value);
}

/** Names of the parameters, as far as the source says them simply: `x`, or `argument 2`. */
export function parameterNames(fn: (...args: never[]) => unknown): (index: number) => string {
  const source = Function.prototype.toString.call(fn);
  const list = /^(?:async\s+)?(?:function\b[^(]*|[\w$]+\s*)?\(([^()]*)\)|^(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  const names = (list?.[1] ?? list?.[2] ?? '').split(',').map((name) => name.trim());
  return (index) =>
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(names[index] ?? '') ? names[index] : `argument ${index + 1}`;
}

/** The arguments with tensors where the signature has them. @throws ArgumentError that shows both */
export function applySignature(
  args: readonly unknown[],
  signature: readonly unknown[],
  title: string,
  nameOf: (index: number) => string,
): unknown[] {
  const refuse = (why: string): never => {
    const list = (values: readonly unknown[]): string =>
      values.map((value, i) => `\n    ${nameOf(i)}: ${formatArgument(value)}`).join('');
    throw new ArgumentError(
      `${title}: ${why}\n  expected${list(signature) || ' no arguments'}\n  got${list(args) || ' no arguments'}`,
    );
  };
  if (args.length !== signature.length)
    refuse(`its input signature has ${count(signature.length, 'argument')}, the call ${args.length}.`);
  const fit = (spec: unknown, value: unknown, place: string): unknown => {
    if (isTensorSpec(spec)) return fitTensor(spec, value, place);
    if (Array.isArray(spec)) {
      if (!Array.isArray(value))
        return refuse(`${place} must be an array of ${count(spec.length, 'element')} by the input signature.`);
      if (value.length !== spec.length)
        refuse(`${place} must have ${count(spec.length, 'element')} by the input signature, got ${value.length}.`);
      return spec.map((each: unknown, i) => fit(each, (value as unknown[])[i], `${place}[${i}]`));
    }
    if (isObject(spec)) {
      const given = isObject(value) ? value : refuse(`${place} must be an object by the input signature.`);
      const wrong = [...Object.keys(spec), ...Object.keys(given)].find((key) => !(key in spec) || !(key in given));
      if (wrong !== undefined)
        refuse(`${place}.${wrong} is ${wrong in spec ? 'missing' : 'not in the input signature'}.`);
      return Object.fromEntries(Object.keys(spec).map((key) => [key, fit(spec[key], given[key], `${place}.${key}`)]));
    }
    if (!Object.is(spec, value))
      refuse(`${place} must be ${formatArgument(spec)}, as when it was traced, got ${formatArgument(value)}.`);
    return value;
  };
  const fitTensor = ({ shape, dtype = 'float32' }: TensorSpec, value: unknown, place: string): Tensor => {
    let tensor: Tensor;
    try {
      tensor = toTensor(value as TensorLike, title, dtype);
    } catch (error) {
      return refuse(`${place} cannot be a tensor: ${error instanceof Error ? error.message : String(error)}`);
    }
    const fits =
      tensor.dtype === dtype &&
      tensor.rank === shape.length &&
      shape.every((dimension, axis) => dimension === null || dimension === tensor.shape[axis]);
    return fits
      ? tensor
      : refuse(`${place} must be ${formatSpec({ shape, dtype })} by the input signature, got ${formatSpec(tensor)}.`);
  };
  return signature.map((spec, i) => fit(spec, args[i], nameOf(i)));
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
