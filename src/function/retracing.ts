/** @file Says when functions are traced again and again without need, and because of which argument. */
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { formatArgument, mapSpecs } from './signature.ts';

/** TensorFlow's numbers: so many traces among so many last calls, and so many warnings a function. */
const manyTraces = 5;
const lastCalls = 10;
const mostWarnings = 2;

/** The arguments of a call that was traced: what stood in each place. */
type Places = ReadonlyMap<string, unknown>;

function placesOf(args: readonly unknown[], nameOf: (index: number) => string): Places {
  const places = new Map<string, unknown>();
  args.forEach((arg, i) => {
    const name = nameOf(i);
    mapSpecs(arg, (leaf, path) =>
      // A tensor itself may be gone when the warning is written, and must not live for it.
      places.set(
        path === '' ? name : `${name}${path.startsWith('[') ? '' : '.'}${path}`,
        leaf instanceof Tensor ? { tensor: { dtype: leaf.dtype, shape: leaf.shape } } : leafOf(leaf),
      ),
    );
  });
  return places;
}
const leafOf = (leaf: unknown): unknown =>
  (typeof leaf === 'object' && leaf !== null) || typeof leaf === 'function' ? { object: formatArgument(leaf) } : leaf;

interface TensorPlace {
  readonly tensor: Pick<Tensor, 'dtype' | 'shape'>;
}
const isTensorPlace = (value: unknown): value is TensorPlace =>
  typeof value === 'object' && value !== null && 'tensor' in value;

const distinct = (texts: readonly string[]): string => [...new Set(texts)].slice(-manyTraces).join(', ');

/** What is said of one place; null where it was the same in all calls. */
function complaint(name: string, values: readonly unknown[]): { text: string; spec?: string } | null {
  if (values.every(isTensorPlace)) {
    const tensors = values.map(({ tensor }) => tensor);
    const dtypes = new Set(tensors.map(({ dtype }) => dtype));
    if (dtypes.size > 1) return { text: `${name} comes as ${distinct([...dtypes])}: cast it to one dtype.` };
    const shapes = tensors.map(({ shape }) => shape);
    if (new Set(shapes.map(formatShape)).size === 1) return null;
    const text = `${name} comes in shapes ${distinct(shapes.map(formatShape))}: pad it to few sizes`;
    if (shapes.some(({ length }) => length !== shapes[0].length)) return { text: `${text}.` };
    const sizes = shapes[0].map((size, axis) =>
      shapes.every((shape) => shape[axis] === size) ? String(size) : 'null',
    );
    return {
      text,
      spec: `{ shape: [${sizes.join(', ')}]${tensors[0].dtype === 'float32' ? '' : `, dtype: '${tensors[0].dtype}'`} }`,
    };
  }
  const texts = values.map((value) => (isTensorPlace(value) ? 'a tensor' : (JSON.stringify(value) ?? String(value))));
  if (values.every((value) => typeof value === 'object' && value !== null))
    return { text: `${name} is another object at each call: pass the same one, or the tensors in it.` };
  if (new Set(texts).size === 1) return null;
  const isNumber = values.every((value) => typeof value === 'number');
  const shown = distinct(values.map((value) => (isTensorPlace(value) ? 'a tensor' : formatArgument(value))));
  return {
    text: isNumber
      ? `${name} is a number that changes: ${shown}. Pass it as a tensor, tf.scalar(${name}), or set reduceRetracing.`
      : `${name} changes: ${shown}.`,
  };
}

/** Watches the calls of one function. */
export class RetraceMonitor {
  private readonly title: string;
  private readonly nameOf: (index: number) => string;
  /** Whether each of the last calls was traced. */
  private history: boolean[] = [];
  private traced: Places[] = [];
  private warnings = 0;

  constructor(title: string, nameOf: (index: number) => string) {
    this.title = title;
    this.nameOf = nameOf;
  }

  /** A call that found its trace. */
  ran(): void {
    if (this.history.length > 0) this.note(false);
  }

  /** A call that was traced. @param isExpected a call that the signature said would be: it is not warned of */
  wasTraced(args: readonly unknown[], isExpected: boolean): void {
    if (isExpected) return;
    this.note(true);
    this.traced.push(placesOf(args, this.nameOf));
    if (this.traced.length > lastCalls) this.traced.shift();
    const traces = this.history.filter(Boolean).length;
    if (traces < manyTraces || this.warnings === mostWarnings) return;
    this.warnings++;
    console.warn(this.message(traces));
    this.history = [];
    this.traced = [];
  }

  private note(wasTraced: boolean): void {
    this.history.push(wasTraced);
    if (this.history.length > lastCalls) this.history.shift();
  }

  private message(traces: number): string {
    const calls = this.traced.slice(-traces);
    const names = [...new Set(calls.flatMap((places) => [...places.keys()]))];
    const complaints = names.flatMap((name) => {
      const values = calls.filter((places) => places.has(name)).map((places) => places.get(name));
      if (values.length < calls.length)
        return [{ text: `${name} is not in every call: give each call the same structure.` }];
      return complaint(name, values) ?? [];
    });
    const specs = complaints.flatMap((each) => ('spec' in each && each.spec !== undefined ? [each.spec] : []));
    const lines = complaints.map((each) =>
      'spec' in each && each.spec !== undefined
        ? `${each.text}, or, where every size is meant, say so with inputSignature: [${specs.length === 1 && names.length === 1 ? '' : '..., '}${each.spec}${specs.length === 1 && names.length === 1 ? '' : ', ...'}].`
        : each.text,
    );
    return (
      `tf.function ${this.title}: ${traces} of its last ${this.history.length} calls were traced and compiled anew, which is slow.` +
      lines.map((line) => `\n  - ${line}`).join('')
    );
  }
}

/** How often each of the last functions of one source was called. */
const makings = new Map<string, { functions: { calls: number }[]; warned: boolean }>();
const sourcesKept = 100;

/**
 * Notes the first trace of a function: one that is made again and again, and called once each time, is traced for each call.
 * @returns where its calls are counted
 */
export function noteMaking(title: string, fn: (...args: never[]) => unknown): { calls: number } {
  const source = Function.prototype.toString.call(fn);
  const known = makings.get(source) ?? { functions: [], warned: false };
  makings.delete(source);
  makings.set(source, known);
  for (const oldest of makings.keys()) {
    if (makings.size <= sourcesKept) break;
    makings.delete(oldest);
  }
  const own = { calls: 0 };
  known.functions = [...known.functions, own].slice(-manyTraces);
  const before = known.functions.slice(0, -1);
  if (!known.warned && before.length === manyTraces - 1 && before.every(({ calls }) => calls === 1)) {
    known.warned = true;
    console.warn(
      `tf.function ${title} was made ${manyTraces} times and called once each time: every one of them is traced and compiled anew. ` +
        `Make it once, outside of the loop or function that calls it.`,
    );
  }
  return own;
}
