/** @file A failure that the user can mend: printed as one message without a stack. */

/** Says what went wrong and what to do; the command line prints it and exits with `exitCode`. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
