/** @file What kind of classification targets and predictions are of, by their shapes. */

/** What is known of targets and predictions before there are any; null stands for an unknown size. */
export interface HasShape {
  readonly shape: readonly (number | null)[];
}

/** Yes or no (one prediction each), class numbers (`sparse`), or one-hot targets. */
export function targetKind(yTrue: HasShape, yPred: HasShape): 'binary' | 'sparse' | 'categorical' {
  const classes = yPred.shape.at(-1) ?? 1;
  if (classes === 1) return 'binary';
  return yTrue.shape.length < yPred.shape.length || yTrue.shape.at(-1) === 1 ? 'sparse' : 'categorical';
}
