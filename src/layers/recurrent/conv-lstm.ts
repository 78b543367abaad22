/** @file ConvLSTM layers: sequences of sequences, of images and of volumes. */
import type { Config } from '../../configuration.ts';
import type { InputSpec } from '../input-spec.ts';
import type { SpatialRank } from '../spatial.ts';
import { ConvLSTMCell, type ConvLSTMCellOptions } from './conv-lstm-cell.ts';
import { RNN, type RecurrentOptions } from './rnn.ts';

export interface ConvLSTMOptions extends ConvLSTMCellOptions, RecurrentOptions {}

/** A recurrent layer of one {@link ConvLSTMCell}: the cell's options are its own. */
abstract class ConvLSTM extends RNN {
  declare readonly cell: ConvLSTMCell;
  private readonly spatialRank: SpatialRank;

  constructor(options: ConvLSTMOptions, rank: SpatialRank) {
    const { activityRegularizer: _ofLayer, inputShape: _shape, batchInputShape: _batch, ...ofCell } = options;
    super({ ...options, cell: new ConvLSTMCell({ ...ofCell, name: `conv_lstm_cell` }, rank) });
    this.spatialRank = rank;
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.spatialRank + 3 };
  }

  override getConfig(): Config {
    const { name: _name, trainable: _trainable, dtype: _dtype, ...ofCell } = this.cell.getConfig();
    return { ...this.recurrentConfig(), ...ofCell };
  }
}

/**
 * A convolutional long short-term memory over sequences of vectors along a line: input [batch, steps, length, channels], output [batch,
 * newLength, filters], or with the steps where `returnSequences`. See {@link ConvLSTMCell} for its weights.
 */
export class ConvLSTM1D extends ConvLSTM {
  constructor(options: ConvLSTMOptions) {
    super(options, 1);
  }

  static override fromConfig(config: Config): ConvLSTM1D {
    return new ConvLSTM1D(config as unknown as ConvLSTMOptions);
  }
}

/**
 * A convolutional long short-term memory over sequences of images: input [batch, steps, height, width, channels], output [batch, newHeight,
 * newWidth, filters], or with the steps where `returnSequences`. See {@link ConvLSTMCell} for its weights.
 *
 * @example
 * tf.layers.convLstm2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(tf.ones([1, 5, 8, 8, 1])).shape; // [1, 8, 8, 4]
 */
export class ConvLSTM2D extends ConvLSTM {
  constructor(options: ConvLSTMOptions) {
    super(options, 2);
  }

  static override fromConfig(config: Config): ConvLSTM2D {
    return new ConvLSTM2D(config as unknown as ConvLSTMOptions);
  }
}

/**
 * A convolutional long short-term memory over sequences of volumes: input [batch, steps, depth, height, width, channels], output [batch,
 * newDepth, newHeight, newWidth, filters], or with the steps where `returnSequences`. See {@link ConvLSTMCell} for its weights.
 */
export class ConvLSTM3D extends ConvLSTM {
  constructor(options: ConvLSTMOptions) {
    super(options, 3);
  }

  static override fromConfig(config: Config): ConvLSTM3D {
    return new ConvLSTM3D(config as unknown as ConvLSTMOptions);
  }
}
