/** @file Single steps of recurrent networks, as TensorFlow.js has them. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toOperands } from './convert.ts';
import { concat } from './joining.ts';
import { matMul } from './matrix.ts';
import { op } from '../symbolic/op.ts';

/** From the input, the cell's state c and its output h, to the next `[c, h]`. */
export type LSTMCellFunc = (data: TensorLike, c: TensorLike, h: TensorLike) => [Tensor, Tensor];

/**
 * One step of a long short-term memory (Hochreiter & Schmidhuber, 1997).
 *
 * @param forgetBias Added to the forget gate, so that at first little is forgotten.
 * @param lstmKernel `[inputs + units, 4 · units]`: input gate, new state, forget gate, output gate
 * @param lstmBias `[4 · units]`
 * @param data `[batch, inputs]` @param c State, `[batch, units]` @param h Output, `[batch, units]`
 * @returns The next `[c, h]`
 */
export const basicLSTMCell = op(
  'basicLSTMCell',
  function basicLSTMCell(
    forgetBias: TensorLike,
    lstmKernel: TensorLike,
    lstmBias: TensorLike,
    data: TensorLike,
    c: TensorLike,
    h: TensorLike,
  ): [Tensor, Tensor] {
    const [extra, kernel, bias, input, state, output] = toOperands(
      [forgetBias, lstmKernel, lstmBias, data, c, h],
      'basicLSTMCell',
    );
    const units = state.shape[state.rank - 1];
    if (state.rank !== 2 || kernel.rank !== 2 || kernel.shape[1] !== 4 * units)
      throw new ShapeError(
        `basicLSTMCell: a state of shape ${formatShape(state.shape)} needs a kernel of shape [inputs + units, ${4 * units}], ` +
          `but it came with ${formatShape(kernel.shape)}.`,
      );
    const gates = p.add(matMul(concat([input, output], 1), kernel), bias);
    const gate = (place: number): Tensor => p.slice(gates, [0, place * units], [gates.shape[0], units]);
    const kept = p.mul(state, p.sigmoid(p.add(gate(2), extra)));
    const next = p.add(kept, p.mul(p.sigmoid(gate(0)), p.tanh(gate(1))));
    return [next, p.mul(p.tanh(next), p.sigmoid(gate(3)))];
  },
);

/** One step of several cells, the output of each the input of the next. @returns The lists of all next `[c, h]` */
export const multiRNNCell = op(
  'multiRNNCell',
  function multiRNNCell(
    lstmCells: readonly LSTMCellFunc[],
    data: TensorLike,
    c: readonly TensorLike[],
    h: readonly TensorLike[],
  ): [Tensor[], Tensor[]] {
    if (lstmCells.length !== c.length || c.length !== h.length)
      throw new ArgumentError(
        `multiRNNCell: expected a state and an output for each cell, got ${lstmCells.length} cells, ${c.length} and ${h.length}.`,
      );
    const [states, outputs]: [Tensor[], Tensor[]] = [[], []];
    let input = data;
    lstmCells.forEach((cell, i) => {
      const [state, output] = cell(input, c[i], h[i]);
      states.push(state);
      outputs.push(output);
      input = output;
    });
    return [states, outputs];
  },
);
