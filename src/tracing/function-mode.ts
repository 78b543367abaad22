/** @file Whether traced functions run as the plain functions that they were made of. */
let reasons = 0;

/** @internal Functions run operation by operation until what this gives is called. */
export function runFunctionsPlainly(): () => void {
  let ended = false;
  reasons++;
  return () => {
    if (!ended) reasons--;
    ended = true;
  };
}

export const functionsRunPlainly = (): boolean => reasons > 0;
