/** @file tf.signal: transforms, windows, frames, and what speech is analysed with. */
export * from '../spectral/index.ts';
export * from './frames.ts';
export * from './mel.ts';
export * from './time-frequency.ts';
export * from './windows.ts';
