/** @file The parameters of primitives of boxes. */

/** Primitives of boxes, run on the host. */
export interface BoxParams {
  /**
   * (boxes [..., n, 4], scores [..., n, 1]) -> [indices: int32 [..., k], their scores [..., k], how many: int32 [...]], of
   * k = `maxOutputSize`. The best box is chosen first; then those that overlap it too much go, and so on. Behind the chosen
   * ones stand zeros.
   */
  nonMaxSuppression: {
    readonly maxOutputSize: number;
    readonly iouThreshold: number;
    readonly scoreThreshold: number;
    /** Above 0, overlapping boxes lose some of their score instead of going at once. */
    readonly softNmsSigma: number;
  };
}
