/** @file Calls of primitives of boxes, and a plain reference that looks at all boxes again for each one it chooses. */
import type { BoxParams } from '../../src/primitives/boxes.ts';
import type { Case, Operand } from './cases.ts';
import type { Plain } from './references.ts';

/** Corners and scores whose comparisons do not hang on rounding. */
const eighths =
  (seed: number) =>
  (place: number): number =>
    (((place * 7 + seed * 5 + Math.floor(place / 3)) * 11) % 17) / 8;
const operands = (...lead: number[]): Operand[] => [
  { shape: [...lead, 9, 4], values: eighths(1) },
  { shape: [...lead, 9, 1], values: (place) => ((place * 5) % 11) / 16 },
];
const hard = { maxOutputSize: 5, iouThreshold: 0.3, scoreThreshold: 0.1, softNmsSigma: 0 };
const dtypes = ['float32', 'float64', 'float16'] as const;

export const boxCases: { readonly [P in keyof BoxParams]: readonly Case<BoxParams[P]>[] } = {
  nonMaxSuppression: [
    { operands: operands(), params: hard, dtypes },
    { operands: operands(2, 3), params: { ...hard, maxOutputSize: 9, iouThreshold: 0 }, dtypes },
    { operands: operands(), params: { ...hard, softNmsSigma: 0.5, scoreThreshold: 0 }, dtypes: ['float32', 'float64'] },
    { operands: operands(), params: { ...hard, scoreThreshold: 2 }, dtypes },
    { operands: operands(2), params: { ...hard, maxOutputSize: 0 }, dtypes },
  ],
};

/** Shared by united area. */
function overlap(a: readonly number[], b: readonly number[]): number {
  const span = (box: readonly number[], axis: number): number[] => [box[axis], box[axis + 2]].sort((x, y) => x - y);
  const area = (box: readonly number[]): number =>
    [0, 1].reduce((n, axis) => n * (span(box, axis)[1] - span(box, axis)[0]), 1);
  const shared = [0, 1].reduce((n, axis) => {
    const [low, high] = [0, 1].map((end) => [span(a, axis)[end], span(b, axis)[end]]);
    return n * Math.max(0, Math.min(...high) - Math.max(...low));
  }, 1);
  return area(a) > 0 && area(b) > 0 ? shared / (area(a) + area(b) - shared) : 0;
}

export const boxReferences: {
  readonly [P in keyof BoxParams]: (inputs: readonly Plain[], params: BoxParams[P]) => Plain[];
} = {
  nonMaxSuppression: ([boxes, scores], { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma }) => {
    const lead = boxes.shape.slice(0, -2);
    const n = boxes.shape[boxes.shape.length - 2];
    const indices: number[] = [];
    const chosenScores: number[] = [];
    const counts = Array.from({ length: lead.reduce((a, b) => a * b, 1) }, (_, image) => {
      const box = (i: number): readonly number[] => boxes.data.slice(4 * (image * n + i), 4 * (image * n + i + 1));
      const left = scores.data.slice(image * n, (image + 1) * n);
      const chosen: number[] = [];
      for (let turn = 0; turn < maxOutputSize; turn++) {
        const best = left.indexOf(Math.max(...left));
        if (!(left[best] > scoreThreshold)) break;
        chosen.push(best);
        indices.push(best);
        chosenScores.push(left[best]);
        left[best] = -Infinity;
        left.forEach((score, i) => {
          const shared = overlap(box(best), box(i));
          if (softNmsSigma > 0) left[i] = score * Math.exp((-0.5 / softNmsSigma) * shared ** 2);
          else if (shared > iouThreshold) left[i] = -Infinity;
        });
      }
      for (let i = chosen.length; i < maxOutputSize; i++) [indices, chosenScores].forEach((list) => list.push(0));
      return chosen.length;
    });
    return [
      { shape: [...lead, maxOutputSize], data: indices },
      { shape: [...lead, maxOutputSize], data: chosenScores },
      { shape: lead, data: counts },
    ];
  },
};
