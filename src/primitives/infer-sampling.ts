/** @file Inference of random numbers. */
import { ShapeError } from '../tensor/errors.ts';
import { broadcastShapes, formatShape, shapesEqual } from '../tensor/shape.ts';
import { expectDType, expectIndices, expectRank, expectSameDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';
import type { SamplingParams } from './sampling.ts';

export const inferSampling = {
  sample: ([state, ...parameters], { distribution, shape, dtype }) => {
    expectIndices('sample', state);
    if (!shapesEqual(state.shape, [6]))
      throw new ShapeError(`sample: the state must have shape [6], got ${formatShape(state.shape)}.`);
    if (parameters.length > 0) {
      expectSameDType('sample', parameters);
      expectDType('sample', parameters[0], 'float', 'the parameter');
    }
    if (distribution === 'categorical') {
      const [logits] = parameters;
      expectRank('sample', logits, 2, 'logits');
      if (logits.shape[0] !== shape[0])
        throw new ShapeError(`sample: logits of shape ${formatShape(logits.shape)} do not fit ${formatShape(shape)}.`);
    } else
      for (const parameter of parameters)
        if (!shapesEqual(broadcastShapes(parameter.shape, shape, 'sample'), shape))
          throw new ShapeError(
            `random numbers of shape ${formatShape(shape)} cannot have parameters of shape ${formatShape(parameter.shape)}, which do not broadcast to it.`,
          );
    return [
      { dtype, shape },
      { dtype: 'int32', shape: [6] },
    ];
  },
} satisfies Pick<InferenceRules, keyof SamplingParams>;
