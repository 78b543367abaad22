/** @file CallLosses: what a layer added to the loss in its latest application. */
import { SymbolicTensor } from '../tracing/trace.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Losses of one layer, those of its latest application only. */
export class CallLosses {
  /** The outermost application in which the layer was applied last; -1 before. */
  application = -1;
  private losses: Tensor[] = [];

  /** The layer is applied: what it added in an earlier application does not count any more. */
  begin(application: number): void {
    if (application === this.application) return;
    this.application = application;
    this.losses = [];
  }

  add(loss: Tensor): void {
    this.losses.push(loss);
  }

  /** What was added in an application; nothing of a trace that is over. */
  of(application: number): readonly Tensor[] {
    if (application !== this.application) return [];
    return this.losses.filter((loss) => !loss.isDisposed && !(loss instanceof SymbolicTensor && !loss.trace.isOpen));
  }
}
