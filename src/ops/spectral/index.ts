/** @file Fourier and cosine transforms. */
export * from './cosine.ts';
export * from './fourier.ts';
export * from './shift.ts';
