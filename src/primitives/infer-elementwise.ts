/** @file Inference of elementwise primitives: the shape of the operand, or what the operands broadcast to. */
import type { DType } from '../tensor/dtype.ts';
import { DTypeError } from '../tensor/errors.ts';
import { broadcastShapes, shapesEqual } from '../tensor/shape.ts';
import { type DTypeClass, expectDType, expectSameDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';
import type { AbstractValue, PrimitiveName } from './primitives.ts';

type Rule = (inputs: readonly AbstractValue[]) => AbstractValue[];

const unary =
  (operation: PrimitiveName, wanted: DTypeClass, result?: DType): Rule =>
  ([x]) => {
    expectDType(operation, x, wanted);
    return [{ dtype: result ?? x.dtype, shape: x.shape }];
  };

const binary =
  (operation: PrimitiveName, wanted: DTypeClass, result?: DType): Rule =>
  (inputs) => {
    const [a, b] = inputs;
    if (a.dtype !== b.dtype) expectSameDType(operation, inputs);
    expectDType(operation, a, wanted);
    const shape = shapesEqual(a.shape, b.shape) ? a.shape : broadcastShapes(a.shape, b.shape, operation);
    return [{ dtype: result ?? a.dtype, shape }];
  };

export const inferElementwise = {
  neg: unary('neg', 'number'),
  abs: unary('abs', 'number'),
  sign: unary('sign', 'number'),
  reciprocal: unary('reciprocal', 'float'),
  square: unary('square', 'number'),
  sqrt: unary('sqrt', 'float'),
  rsqrt: unary('rsqrt', 'float'),
  exp: unary('exp', 'float'),
  expm1: unary('expm1', 'float'),
  log: unary('log', 'float'),
  log1p: unary('log1p', 'float'),
  sin: unary('sin', 'float'),
  cos: unary('cos', 'float'),
  tan: unary('tan', 'float'),
  asin: unary('asin', 'float'),
  acos: unary('acos', 'float'),
  atan: unary('atan', 'float'),
  sinh: unary('sinh', 'float'),
  cosh: unary('cosh', 'float'),
  tanh: unary('tanh', 'float'),
  asinh: unary('asinh', 'float'),
  acosh: unary('acosh', 'float'),
  atanh: unary('atanh', 'float'),
  sigmoid: unary('sigmoid', 'float'),
  softplus: unary('softplus', 'float'),
  relu: unary('relu', 'number'),
  erf: unary('erf', 'float'),
  floor: unary('floor', 'number'),
  ceil: unary('ceil', 'number'),
  round: unary('round', 'number'),
  isNaN: unary('isNaN', 'number', 'bool'),
  logicalNot: unary('logicalNot', 'bool'),
  add: binary('add', 'number'),
  sub: binary('sub', 'number'),
  mul: binary('mul', 'number'),
  div: binary('div', 'float'),
  pow: binary('pow', 'number'),
  mod: binary('mod', 'number'),
  floorDiv: binary('floorDiv', 'number'),
  maximum: binary('maximum', 'number'),
  minimum: binary('minimum', 'number'),
  atan2: binary('atan2', 'float'),
  equal: binary('equal', 'any', 'bool'),
  notEqual: binary('notEqual', 'any', 'bool'),
  less: binary('less', 'ordered', 'bool'),
  lessEqual: binary('lessEqual', 'ordered', 'bool'),
  greater: binary('greater', 'ordered', 'bool'),
  greaterEqual: binary('greaterEqual', 'ordered', 'bool'),
  logicalAnd: binary('logicalAnd', 'bool'),
  logicalOr: binary('logicalOr', 'bool'),
  select: (inputs) => {
    const [condition, whenTrue, whenFalse] = inputs;
    expectDType('select', condition, 'bool', 'condition');
    expectSameDType('select', [whenTrue, whenFalse]);
    const shape = broadcastShapes(
      broadcastShapes(condition.shape, whenTrue.shape, 'select'),
      whenFalse.shape,
      'select',
    );
    return [{ dtype: whenTrue.dtype, shape }];
  },
  cast: ([x], { dtype }) => {
    if (x.dtype !== dtype && (x.dtype === 'string' || dtype === 'string'))
      throw new DTypeError(
        `cast: ${x.dtype} does not become ${dtype}; tf.strings.toNumber(x) reads numbers from strings, ` +
          `tf.strings.asString(x) writes them.`,
      );
    return [{ dtype, shape: x.shape }];
  },
} satisfies Partial<InferenceRules>;
