/** @file What the cell process asks the kernel process when code wants a line of input. */

/** The argument of the call `input`; its answer is the line. `input:cancel` with the number takes it back. */
export interface InputQuestion {
  readonly id: number;
  /** The function that the user's code called, for messages. */
  readonly caller: string;
  readonly prompt: string;
  readonly password: boolean;
}

/** Names of the errors that such a call may end with. */
export const inputErrors = {
  /** The front end does not allow input, or the cell that asks is over. */
  notAllowed: 'StdinNotImplementedError',
  /** Nobody waits for the line any more. */
  cancelled: 'InputCancelled',
} as const;
