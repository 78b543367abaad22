/** @file Einstein summation: products of tensors by the names of their axes. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, toOperands } from './convert.ts';
import { op } from '../symbolic/op.ts';

/** A tensor with a label for each axis. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

const isLetter = (character: string): boolean => /^[a-zA-Z]$/.test(character);

/**
 * The labels of one term; an ellipsis stands for `hidden` axes, which are labelled from the last one on, so that they broadcast.
 */
function labelsOf(term: string, hidden: number, equation: string): string[] {
  const parts = term.split('...');
  if (parts.length > 2 || ![...parts.join('')].every(isLetter))
    throw new ArgumentError(
      `einsum: the term '${term}' of '${equation}' is not made of letters and at most one ellipsis '...'.`,
    );
  const ellipsis = Array.from({ length: hidden }, (_, i) => `...${hidden - i}`);
  return [...parts[0], ...(parts.length === 2 ? ellipsis : []), ...(parts[1] ?? '')];
}

/** Terms and the result of an equation; where it names no result, labels that stand once, in alphabetical order. */
function parse(equation: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const compact = equation.replace(/\s+/g, '');
  const [left, right, more] = compact.split('->');
  const terms = left.split(',');
  if (more !== undefined || terms.length !== operands.length)
    throw new ArgumentError(
      `einsum: '${equation}' has ${terms.length} terms, but ${operands.length} tensors were given; expected such as 'ij,jk->ik'.`,
    );
  const inputs = terms.map((term, i) => {
    const named = term.replace('...', '').length;
    const { rank, shape } = operands[i];
    if (term.includes('...') ? named > rank : named !== rank)
      throw new ShapeError(
        `einsum: the term '${term}' of '${equation}' names ${named} axes, but its tensor has shape ${formatShape(shape)}.`,
      );
    return labelsOf(term, rank - named, equation);
  });
  const hidden = Math.max(0, ...inputs.map((labels) => labels.filter((label) => label.startsWith('...')).length));
  if (right !== undefined) {
    if (hidden > 0 && !right.includes('...'))
      throw new ArgumentError(`einsum: the result of '${equation}' must have an ellipsis as well.`);
    const output = labelsOf(right, hidden, equation);
    const unknown = output.find((label) => !inputs.some((labels) => labels.includes(label)));
    if (unknown !== undefined || new Set(output).size !== output.length)
      throw new ArgumentError(
        unknown !== undefined
          ? `einsum: the label '${unknown}' of the result of '${equation}' stands in no term.`
          : `einsum: the result of '${equation}' names an axis twice.`,
      );
    return { inputs, output };
  }
  const all = inputs.flat();
  const once = [...new Set(all)].filter((label) => isLetter(label) && all.indexOf(label) === all.lastIndexOf(label));
  return { inputs, output: [...labelsOf('...', hidden, equation), ...once.sort()] };
}

/** Without repeated labels: the diagonal of the axes that share one. */
function diagonal({ tensor, labels }: Labelled): Labelled {
  const twice = labels.findIndex((label, axis) => labels.indexOf(label) !== axis);
  if (twice < 0) return { tensor, labels };
  const first = labels.indexOf(labels[twice]);
  const rest = labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== twice);
  const batch = rest.map((axis) => tensor.shape[axis]);
  const n = tensor.shape[first];
  const flat = p.reshape(p.transpose(tensor, [...rest, first, twice]), [...batch, n * n]);
  const places = flat.shape.map(() => 0);
  const taken = p.slice(flat, places, [...batch, n], [...batch.map(() => 1), n + 1]);
  return diagonal({ tensor: taken, labels: [...rest.map((axis) => labels[axis]), labels[twice]] });
}

/** Summed over the axes whose labels nothing asks for. */
function summed({ tensor, labels }: Labelled, wanted: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (wanted.has(label) ? [] : [axis]));
  if (axes.length === 0) return { tensor, labels };
  return { tensor: p.sum(tensor, axes), labels: labels.filter((label) => wanted.has(label)) };
}

const ordered = ({ tensor, labels }: Labelled, order: readonly string[]): Tensor =>
  order.every((label, i) => label === labels[i])
    ? tensor
    : p.transpose(tensor, order.map((label) => labels.indexOf(label))); // prettier-ignore

/** The product of two, summed over labels they share that nothing else asks for: one product of matrices. */
function contract(a: Labelled, b: Labelled, wanted: ReadonlySet<string>): Labelled {
  const sizes = new Map(
    [a, b].flatMap(({ tensor, labels }) => labels.map((label, axis) => [label, tensor.shape[axis]])),
  );
  const shapeOf = (labels: readonly string[]): number[] => labels.map((label) => sizes.get(label)!);
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => wanted.has(label));
  const inner = shared.filter((label) => !wanted.has(label));
  const own = ({ labels }: Labelled): string[] => labels.filter((label) => !shared.includes(label));
  const [left, right] = [own(a), own(b)];
  const labels = [...batch, ...left, ...right];
  const [m, k, n] = [left, inner, right].map((group) => sizeOf(shapeOf(group)));
  const head = shapeOf(batch);
  const x = p.reshape(ordered(a, [...batch, ...left, ...inner]), [...head, m, k]);
  const y = p.reshape(ordered(b, [...batch, ...inner, ...right]), [...head, k, n]);
  const product = inner.length === 0 ? p.mul(x, y) : p.matMul(x, y);
  return { tensor: p.reshape(product, shapeOf(labels)), labels };
}

/** Without axes of size 1 whose label has another size elsewhere: those broadcast. */
function withoutRepeated({ tensor, labels }: Labelled, sizes: ReadonlyMap<string, number>, equation: string): Labelled {
  labels.forEach((label, axis) => {
    const size = sizes.get(label)!;
    if (tensor.shape[axis] !== size && (tensor.shape[axis] !== 1 || isLetter(label)))
      throw new ShapeError(
        `einsum: the axis '${label}' of '${equation}' has size ${tensor.shape[axis]} in shape ${formatShape(tensor.shape)} and ${size} in another.`,
      );
  });
  const kept = labels.flatMap((label, axis) => (tensor.shape[axis] === sizes.get(label) ? [axis] : []));
  if (kept.length === labels.length) return { tensor, labels };
  return {
    tensor: p.reshape(
      tensor,
      kept.map((axis) => tensor.shape[axis]),
    ),
    labels: kept.map((axis) => labels[axis]),
  };
}

/**
 * Einstein summation: each term names the axes of one tensor; axes of one name are multiplied, and summed unless the result
 * names them.
 *
 * @param equation Such as `'ij,jk->ik'`. A letter that stands twice in a term takes the diagonal; `...` stands for any axes, which
 *   broadcast; without `->` the result has the letters that stand once, in alphabetical order. Of more than two tensors the
 *   pair whose product is smallest, compared with what it replaces, is multiplied first.
 * @example
 * ```ts
 * tf.einsum('ij,jk->ik', a, b);        // a product of matrices
 * tf.einsum('bhqd,bhkd->bhqk', q, k);  // scores of attention
 * tf.einsum('ii', a);                  // the trace
 * ```
 */
export const einsum = op('einsum', function einsum(equation: string, ...tensors: readonly TensorLike[]): Tensor {
  if (typeof equation !== 'string' || tensors.length === 0)
    throw new ArgumentError("einsum: expected an equation such as 'ij,jk->ik' and a tensor for each of its terms.");
  const operands = toOperands(tensors, 'einsum');
  const { inputs, output } = parse(equation, operands);
  const sizes = new Map<string, number>();
  inputs.forEach((labels, i) =>
    labels.forEach((label, axis) => {
      const size = operands[i].shape[axis];
      const known = sizes.get(label);
      if (known === undefined || known === 1) sizes.set(label, size);
    }),
  );
  let rest = inputs.map((labels, i) => diagonal(withoutRepeated({ tensor: operands[i], labels }, sizes, equation)));
  const wantedBeside = (...taken: readonly Labelled[]): Set<string> =>
    new Set([...output, ...rest.filter((one) => !taken.includes(one)).flatMap(({ labels }) => labels)]);
  rest = rest.map((one) => summed(one, wantedBeside(one)));
  while (rest.length > 1) {
    const [a, b] = cheapestPair(rest, wantedBeside);
    const made = contract(a, b, wantedBeside(a, b));
    rest = [...rest.filter((one) => one !== a && one !== b), made];
  }
  return ownTensor(ordered(rest[0], output), tensors[0]);
});

/** The pair whose product is smallest, less the sizes of the two. */
function cheapestPair(
  list: readonly Labelled[],
  wantedBeside: (...taken: readonly Labelled[]) => ReadonlySet<string>,
): [Labelled, Labelled] {
  let best: [Labelled, Labelled] = [list[0], list[1]];
  let least = Infinity;
  if (list.length > 2)
    list.forEach((a, i) =>
      list.slice(i + 1).forEach((b) => {
        const wanted = wantedBeside(a, b);
        const axes = new Map(
          [a, b].flatMap(({ tensor, labels }) => labels.map((label, axis) => [label, tensor.shape[axis]] as const)),
        );
        const size = [...axes].reduce((product, [label, length]) => product * (wanted.has(label) ? length : 1), 1);
        const cost = size - a.tensor.size - b.tensor.size;
        if (cost < least) [least, best] = [cost, [a, b]];
      }),
    );
  return best;
}
