/** @file Choice among overlapping boxes, as TensorFlow's kernel has it. */
import type { BoxParams } from '../../primitives/boxes.ts';
import { type HostKernels, onMatrices } from './kernel.ts';

type Options = BoxParams['nonMaxSuppression'];

/** Shared area by united area of two boxes, whose corners may come in either order; 0 for boxes without area. */
function overlap(boxes: Float64Array, a: number, b: number): number {
  const edges = (box: number, axis: number): [number, number] => {
    const [first, second] = [boxes[4 * box + axis], boxes[4 * box + axis + 2]];
    return first < second ? [first, second] : [second, first];
  };
  let [areaA, areaB, shared] = [1, 1, 1];
  for (const axis of [0, 1]) {
    const [lowA, highA] = edges(a, axis);
    const [lowB, highB] = edges(b, axis);
    areaA *= highA - lowA;
    areaB *= highB - lowB;
    shared *= Math.max(0, Math.min(highA, highB) - Math.max(lowA, lowB));
  }
  return areaA <= 0 || areaB <= 0 ? 0 : shared / (areaA + areaB - shared);
}

interface Candidate {
  readonly box: number;
  score: number;
  /** How many of the chosen boxes it was compared with. */
  compared: number;
}

/** Whether `a` is chosen before `b`: by score, of equal ones the first. */
const isBefore = (a: Candidate, b: Candidate): boolean => a.score > b.score || (a.score === b.score && a.box < b.box);

/** Back among the waiting ones, the best last. */
function putBack(waiting: Candidate[], candidate: Candidate): void {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(waiting[middle], candidate)) high = middle;
    else low = middle + 1;
  }
  waiting.splice(low, 0, candidate);
}

/** The chosen boxes of one image, the best first. */
function choose(boxes: Float64Array, scores: Float64Array, options: Options): Candidate[] {
  const { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma } = options;
  const waiting = Array.from(scores, (score, box): Candidate => ({ box, score, compared: 0 }))
    .filter(({ score }) => score > scoreThreshold)
    .sort((a, b) => (isBefore(a, b) ? 1 : -1));
  const chosen: Candidate[] = [];
  while (chosen.length < maxOutputSize && waiting.length > 0) {
    const candidate = waiting.pop()!;
    const before = candidate.score;
    let isSuppressed = false;
    for (let i = chosen.length - 1; i >= candidate.compared && !isSuppressed; i--) {
      const shared = overlap(boxes, candidate.box, chosen[i].box);
      if (softNmsSigma > 0) candidate.score *= Math.exp((-0.5 / softNmsSigma) * shared * shared);
      isSuppressed = (softNmsSigma === 0 && shared > iouThreshold) || candidate.score <= scoreThreshold;
    }
    candidate.compared = chosen.length;
    if (isSuppressed) continue;
    // With less score than it had, others may be better now.
    if (candidate.score === before) chosen.push(candidate);
    else putBack(waiting, candidate);
  }
  return chosen;
}

export const boxKernels: HostKernels<keyof BoxParams> = {
  nonMaxSuppression: onMatrices(([boxes, scores], options) => {
    const chosen = choose(boxes.data, scores.data, options);
    const padded = (values: number[]): Float64Array => {
      const result = new Float64Array(options.maxOutputSize);
      result.set(values);
      return result;
    };
    return [padded(chosen.map(({ box }) => box)), padded(chosen.map(({ score }) => score)), [chosen.length]];
  }),
};
