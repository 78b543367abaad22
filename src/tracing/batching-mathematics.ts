/** @file Batching rules of the primitives of mathematics beyond arithmetic. */
import * as p from '../primitives/calls.ts';
import { type BatchingRules, elementwise, front, intoRows, matrices } from './batching-rules.ts';

export const mathematicsBatching = (): BatchingRules => ({
  special: elementwise('special'),
  nextAfter: elementwise('nextAfter'),
  bitwise: elementwise('bitwise'),
  populationCount: elementwise('populationCount'),
  argsort: matrices('argsort'),
  searchSorted: matrices('searchSorted'),
  matrixFunction: matrices('matrixFunction'),
  eig: matrices('eig'),
  scatterReduce: ({ operands, params: { reduction }, size }) => {
    const [x, indices, updates] = operands.map((operand) => front(operand, size));
    const [, dimension, ...rest] = x.shape;
    const count = size * indices.shape[1];
    // All elements' rows in one list.
    const rows = p.reshape(x, [size * dimension, ...rest]);
    const places = p.reshape(intoRows(indices, size, dimension), [count]);
    const written = p.scatterReduce(rows, places, p.reshape(updates, [count, ...rest]), reduction);
    return [p.reshape(written, x.shape)];
  },
});
