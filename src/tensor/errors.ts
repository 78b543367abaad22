/** @file Errors a user of the runtime meets; each message says what was expected, what came and what to do. */

/** A shape, axis or rank that an operation cannot take. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** An element type that an operation cannot take. */
export class DTypeError extends Error {
  override name = 'DTypeError';
}

/** A value of an argument that is out of its domain. */
export class ArgumentError extends Error {
  override name = 'ArgumentError';
}

/** A tensor whose memory was given back was used. */
export class DisposedError extends Error {
  override name = 'DisposedError';
}

/** A concrete value was asked of a symbolic tensor, or a trace was left half way. */
export class TraceError extends Error {
  override name = 'TraceError';
}

/** An operation made NaN or infinity while `tf.debugging.enableCheckNumerics()` watches. */
export class NumericsError extends Error {
  override name = 'NumericsError';
}

/** A condition that the program asserts does not hold. */
export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** The engine could not be loaded or failed to run. */
export class EngineError extends Error {
  override name = 'EngineError';
}

/** The cell that long work belongs to was interrupted. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}
