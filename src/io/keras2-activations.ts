/** @file The hard sigmoid of Keras 2 and TensorFlow.js, which is not that of Keras 3 by the same name. */
import * as ops from '../ops/index.ts';
import { registerClass } from '../serialization/registry.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { isFields } from './fields.ts';

/** How configs name it: never Keras's name, so that no version takes it for its own. */
export const oldHardSigmoidName = 'tensorcell>hard_sigmoid_of_keras_2';

/** max(0, min(1, 0.2 x + 0.5)) */
const oldHardSigmoid = op('activations.hardSigmoidOfKeras2', (x: Tensor): Tensor =>
  ops.clipByValue(ops.add(ops.mul(x, 0.2), 0.5), 0, 1),
);
registerClass(oldHardSigmoid, ...(oldHardSigmoidName.split('>') as [string, string]));

const replaceNames = (value: unknown, from: string, to: string): unknown => {
  if (Array.isArray(value)) return value.map((item) => replaceNames(item, from, to));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      child === from && /activation$/i.test(key) ? to : replaceNames(child, from, to),
    ]),
  );
};

/** A config in which the name means the function that the version meant by it. */
export const withOldHardSigmoid = (config: unknown, kerasVersion: unknown): unknown =>
  typeof kerasVersion === 'string' && /^[3-9]/.test(kerasVersion)
    ? config
    : replaceNames(config, 'hard_sigmoid', oldHardSigmoidName);
