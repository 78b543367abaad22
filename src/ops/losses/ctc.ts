/** @file Connectionist temporal classification (Graves et al., 2006): sequences of labels from longer sequences of logits. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { scan } from '../control/index.ts';
import { type TensorLike, scalarLike, toFloat, toTensor } from '../convert.ts';
import { hostTensor } from '../host-tensor.ts';
import { op } from '../../symbolic/op.ts';

/** The logarithm of what cannot happen: finite, so that no difference of two is NaN. */
const impossible = -1e30;

const countUp = (count: number): Tensor => hostTensor(Array.from({ length: count }, (_, i) => i));

/** `log(eᵃ + eᵇ + ...)` */
function logAddExp(...terms: Tensor[]): Tensor {
  const largest = p.stopGradient(terms.reduce(p.maximum));
  return p.add(p.log(terms.map((term) => p.exp(p.sub(term, largest))).reduce(p.add)), largest);
}

/** [batch, places] moved `by` places on; nothing possible comes in. */
const shifted = (x: Tensor, by: number): Tensor =>
  p.pad(p.slice(x, [0, 0], [x.shape[0], Math.max(0, x.shape[1] - by)]), [[0, 0], [Math.min(by, x.shape[1]), 0]], impossible); // prettier-ignore

/**
 * The negative logarithm of the probability that logits give labels: over all ways to repeat labels and put blanks between
 * them. Gradients of each order.
 *
 * @param labels `[batch, maxLabels]`, numbers of classes; what stands behind an example's labels does not matter.
 * @param logits `[time, batch, classes]`, or `[batch, time, classes]` with `logitsTimeMajor` false.
 * @param labelLength `[batch]`, how many labels each example has.
 * @param logitLength `[batch]`, how many steps each example has.
 * @param blankIndex The class that stands for nothing; negative numbers count from the end.
 * @returns `[batch]`; infinity where the labels need more steps than there are.
 */
export const ctcLoss = op(
  'ctcLoss',
  function ctcLoss(
    labels: TensorLike,
    logits: TensorLike,
    labelLength: TensorLike,
    logitLength: TensorLike,
    logitsTimeMajor = true,
    blankIndex = 0,
  ): Tensor {
    const given = toFloat(logits, 'ctcLoss');
    const target = p.cast(toTensor(labels, 'ctcLoss', 'int32'), 'int32');
    const [targetLength, steps] = [labelLength, logitLength].map((x) =>
      p.cast(toTensor(x, 'ctcLoss', 'int32'), 'int32'),
    );
    if (given.rank !== 3)
      throw new ShapeError(`ctcLoss: expected logits of rank 3, got shape ${formatShape(given.shape)}.`);
    const inTime = logitsTimeMajor ? given : p.transpose(given, [1, 0, 2]);
    const [time, batch, classes] = inTime.shape;
    if (target.rank !== 2 || [target, targetLength, steps].some(({ shape }) => shape[0] !== batch))
      throw new ShapeError(
        `ctcLoss: expected labels [${batch}, maxLabels] and lengths [${batch}], got ` +
          `${[target, targetLength, steps].map(({ shape }) => formatShape(shape)).join(', ')}.`,
      );
    const blank = blankIndex < 0 ? blankIndex + classes : blankIndex;
    if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
      throw new ArgumentError(`ctcLoss: blankIndex ${blankIndex} is none of ${classes} classes.`);
    if (time === 0) throw new ShapeError('ctcLoss: expected logits of one step or more, got none.');

    // Blanks before, between and after the labels.
    const count = target.shape[1];
    const places = 2 * count + 1;
    const blanks = p.broadcastTo(hostTensor([blank], []), [batch, count, 1]);
    const pairs = p.reshape(p.concat([blanks, p.reshape(target, [batch, count, 1])], 2), [batch, 2 * count]);
    const path = p.concat([pairs, p.broadcastTo(hostTensor([blank], []), [batch, 1])], 1);
    const scores = p.gatherAlong(
      p.logSoftmax(inTime, 2),
      p.broadcastTo(p.reshape(path, [1, batch, places]), [time, batch, places]),
      2,
    );
    // A blank may be left out between different labels.
    const before = p.concat([p.broadcastTo(hostTensor([blank], []), [batch, Math.min(2, places)]), path], 1);
    const twoBack = p.slice(before, [0, 0], [batch, places]);
    const skips = p.logicalAnd(p.notEqual(path, hostTensor([blank], [])), p.notEqual(path, twoBack));
    const never = scalarLike(impossible, scores);

    const step = (state: Tensor, score: Tensor): Tensor => {
      const skipped = p.select(skips, shifted(state, 2), never);
      return p.add(logAddExp(state, shifted(state, 1), skipped), score);
    };
    const first = p.select(
      p.less(countUp(places), hostTensor([2], [])),
      p.reshape(p.slice(scores, [0, 0, 0], [1, batch, places]), [batch, places]),
      never,
    );
    const active = p.less(p.reshape(countUp(time), [time, 1, 1]), p.reshape(steps, [1, batch, 1]));
    const rest = [time - 1, batch];
    const states =
      time === 1
        ? null
        : scan(
            (state: Tensor, [score, isActive]: Tensor[]): Tensor => p.select(isActive, step(state, score), state),
            [p.slice(scores, [1, 0, 0], [...rest, places]), p.slice(active, [1, 0, 0], [...rest, 1])],
            { initializer: first },
          );
    const last = states ? p.reshape(p.slice(states, [time - 2, 0, 0], [1, batch, places]), [batch, places]) : first;
    // The path ends with the last label or with the blank after it.
    const end = p.reshape(p.mul(targetLength, hostTensor([2], [])), [batch, 1]);
    const zero = hostTensor([0], []);
    const lastLabel = p.sub(end, hostTensor([1], []));
    const withLabel = p.gatherAlong(last, p.maximum(lastLabel, zero), 1);
    const total = logAddExp(p.gatherAlong(last, end, 1), p.select(p.greaterEqual(lastLabel, zero), withLabel, never));
    const loss = p.reshape(p.neg(total), [batch]);
    return p.select(p.greater(loss, scalarLike(-impossible / 2, loss)), scalarLike(Infinity, loss), loss);
  },
);
