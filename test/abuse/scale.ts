/** @file How much abuse: enough for every run of the tests, or with TENSORCELL_ABUSE=full as much as a release is to bear. */

export const isFull = process.env.TENSORCELL_ABUSE === 'full';

/** @param usual in every run @param full with TENSORCELL_ABUSE=full */
export const times = (usual: number, full: number): number => (isFull ? full : usual);
