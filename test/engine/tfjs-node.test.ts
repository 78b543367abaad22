/** @file The conformance suite on TensorFlow itself under tfjs-node, where it was built (`tensorcell setup tensorflow`). */
import { describe, expect, it } from 'vitest';
import { listDevices } from '../../src/engine/index.ts';
import { conformance } from './conformance.ts';

const built = listDevices().filter(({ name }) => name === 'tfjs/tensorflow:0' || name === 'tfjs/gpu:0');

describe.each(built)('$name', ({ name }) => conformance(name));

it('is listed where its addon is, and only there', () => {
  for (const device of built) expect(device).toMatchObject({ engine: 'tfjs', software: false });
});
