/** @file Recurrent layers and their cells: classes, and functions of their options as TensorFlow.js has them. */
import { Bidirectional, type BidirectionalOptions } from './bidirectional.ts';
import { ConvLSTMCell, type ConvLSTMCellOptions } from './conv-lstm-cell.ts';
import { ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, type ConvLSTMOptions } from './conv-lstm.ts';
import { GRUCell, type GRUCellOptions } from './gru-cell.ts';
import { LSTMCell, type LSTMCellOptions } from './lstm-cell.ts';
import { RNN, type RNNOptions } from './rnn.ts';
import { SimpleRNNCell, type UnitsCellOptions } from './simple-rnn-cell.ts';
import { StackedRNNCells, type StackedRNNCellsOptions } from './stacked-cells.ts';
import { TimeDistributed } from './time-distributed.ts';
import { GRU, type GRUOptions, LSTM, type LSTMOptions, SimpleRNN, type SimpleRNNOptions } from './units-layers.ts';

import type { WrapperOptions } from '../core/wrapper.ts';

export { Bidirectional, ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, ConvLSTMCell, TimeDistributed };
export type { BidirectionalOptions, ConvLSTMCellOptions, ConvLSTMOptions };
export type { MergeMode } from './bidirectional.ts';
export { GRU, GRUCell, LSTM, LSTMCell, RNN, SimpleRNN, SimpleRNNCell, StackedRNNCells };
export { RNNCell, type SequencePlan, type Step } from './cell.ts';
export type { GRUCellOptions, GRUOptions, LSTMCellOptions, LSTMOptions, RNNOptions, SimpleRNNOptions };
export type { StackedRNNCellsOptions, UnitsCellOptions };
export type { GatedCellOptions } from './gated-cell.ts';
export type { RNNCallOptions, RecurrentOptions } from './rnn.ts';

/** {@inheritDoc RNN} */
export const rnn = (options: RNNOptions) => new RNN(options);
/** {@inheritDoc SimpleRNN} */
export const simpleRNN = (options: SimpleRNNOptions) => new SimpleRNN(options);
/** {@inheritDoc LSTM} */
export const lstm = (options: LSTMOptions) => new LSTM(options);
/** {@inheritDoc GRU} */
export const gru = (options: GRUOptions) => new GRU(options);
/** {@inheritDoc SimpleRNNCell} */
export const simpleRNNCell = (options: UnitsCellOptions) => new SimpleRNNCell(options);
/** {@inheritDoc LSTMCell} */
export const lstmCell = (options: LSTMCellOptions) => new LSTMCell(options);
/** {@inheritDoc GRUCell} */
export const gruCell = (options: GRUCellOptions) => new GRUCell(options);
/** {@inheritDoc StackedRNNCells} */
export const stackedRNNCells = (options: StackedRNNCellsOptions) => new StackedRNNCells(options);
/** {@inheritDoc Bidirectional} */
export const bidirectional = (options: BidirectionalOptions) => new Bidirectional(options);
/** {@inheritDoc TimeDistributed} */
export const timeDistributed = (options: WrapperOptions) => new TimeDistributed(options);
/** {@inheritDoc ConvLSTM1D} */
export const convLstm1d = (options: ConvLSTMOptions) => new ConvLSTM1D(options);
/** {@inheritDoc ConvLSTM2D} */
export const convLstm2d = (options: ConvLSTMOptions) => new ConvLSTM2D(options);
/** {@inheritDoc ConvLSTM3D} */
export const convLstm3d = (options: ConvLSTMOptions) => new ConvLSTM3D(options);
/** {@inheritDoc ConvLSTMCell} */
export const convLstm2dCell = (options: ConvLSTMCellOptions) => new ConvLSTMCell(options);
