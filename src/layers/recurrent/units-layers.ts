/** @file SimpleRNN, LSTM and GRU: recurrent layers that make their cell themselves. */
import type { Config } from '../../configuration.ts';
import type { Variable } from '../../tensor/variable.ts';
import { GRUCell, type GRUCellOptions } from './gru-cell.ts';
import { LSTMCell, type LSTMCellOptions } from './lstm-cell.ts';
import { RNN, type RecurrentOptions } from './rnn.ts';
import { SimpleRNNCell, type UnitsCell, type UnitsCellOptions } from './simple-rnn-cell.ts';

export interface SimpleRNNOptions extends UnitsCellOptions, RecurrentOptions {}
export interface LSTMOptions extends LSTMCellOptions, RecurrentOptions {}
export interface GRUOptions extends GRUCellOptions, RecurrentOptions {}

/** A recurrent layer of one cell with `units`: the cell's options are its own. */
abstract class UnitsLayer<C extends UnitsCell> extends RNN {
  declare readonly cell: C;

  constructor(
    options: UnitsCellOptions & RecurrentOptions,
    makeCell: (options: UnitsCellOptions) => C,
    cellName: string,
  ) {
    const { activityRegularizer: _ofLayer, inputShape: _shape, batchInputShape: _batch, ...ofCell } = options;
    super({ ...options, cell: makeCell({ ...ofCell, name: cellName }) });
  }

  get units(): number {
    return this.cell.units;
  }

  get kernel(): Variable | null {
    return this.cell.kernel;
  }

  get recurrentKernel(): Variable | null {
    return this.cell.recurrentKernel;
  }

  get bias(): Variable | null {
    return this.cell.bias;
  }

  override getConfig(): Config {
    const { name: _name, trainable: _trainable, dtype: _dtype, ...ofCell } = this.cell.getConfig();
    return { ...this.recurrentConfig(), ...ofCell };
  }
}

/**
 * A fully connected recurrent network; see {@link SimpleRNNCell} for its formula and weights. Input [batch, steps, features], output
 * [batch, units], or [batch, steps, units] with `returnSequences`.
 *
 * @example
 * tf.layers.simpleRNN({ units: 4 }).apply(tf.ones([2, 7, 3])).shape; // [2, 4]
 */
export class SimpleRNN extends UnitsLayer<SimpleRNNCell> {
  constructor(options: SimpleRNNOptions) {
    super(options, (given) => new SimpleRNNCell(given), 'simple_rnn_cell');
  }

  static override fromConfig(config: Config): SimpleRNN {
    return new SimpleRNN(config as unknown as SimpleRNNOptions);
  }
}

/**
 * A long short-term memory; see {@link LSTMCell} for its formula and weights. Input [batch, steps, features], output [batch, units], or
 * [batch, steps, units] with `returnSequences`; its states are h and c.
 *
 * @example
 * const [output, h, c] = tf.layers.lstm({ units: 4, returnState: true }).apply<tf.Tensor[]>(tf.ones([2, 7, 3]));
 */
export class LSTM extends UnitsLayer<LSTMCell> {
  constructor(options: LSTMOptions) {
    super(options, (given) => new LSTMCell(given), 'lstm_cell');
  }

  static override fromConfig(config: Config): LSTM {
    return new LSTM(config as unknown as LSTMOptions);
  }
}

/**
 * A gated recurrent unit; see {@link GRUCell} for its formula and weights. Input [batch, steps, features], output [batch, units], or
 * [batch, steps, units] with `returnSequences`.
 *
 * @example
 * tf.layers.gru({ units: 4, returnSequences: true }).apply(tf.ones([2, 7, 3])).shape; // [2, 7, 4]
 */
export class GRU extends UnitsLayer<GRUCell> {
  constructor(options: GRUOptions) {
    super(options, (given) => new GRUCell(given), 'gru_cell');
  }

  static override fromConfig(config: Config): GRU {
    return new GRU(config as unknown as GRUOptions);
  }
}
