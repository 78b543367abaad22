/** @file Inference of primitives of boxes. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import type { BoxParams } from './boxes.ts';
import { expectDType, expectSameDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';

export const inferBoxes = {
  nonMaxSuppression: (inputs, { maxOutputSize }) => {
    const [boxes, scores] = inputs;
    expectDType('nonMaxSuppression', boxes, 'float', 'boxes');
    expectSameDType('nonMaxSuppression', inputs);
    const [lead, count] = [boxes.shape.slice(0, -2), boxes.shape[boxes.shape.length - 2]];
    if (boxes.shape.length < 2 || boxes.shape.at(-1) !== 4 || !shapesEqual(scores.shape, [...lead, count, 1]))
      throw new ShapeError(
        `nonMaxSuppression: expected boxes [..., n, 4] and scores [..., n, 1], but came with ${formatShape(boxes.shape)} and ${formatShape(scores.shape)}.`,
      );
    if (!Number.isInteger(maxOutputSize) || maxOutputSize < 0)
      throw new ArgumentError(
        `nonMaxSuppression: expected maxOutputSize to be an integer of 0 or more, got ${maxOutputSize}.`,
      );
    const shape = [...lead, maxOutputSize];
    return [
      { dtype: 'int32', shape },
      { dtype: scores.dtype, shape },
      { dtype: 'int32', shape: lead },
    ];
  },
} satisfies InferenceRules<keyof BoxParams>;
