/**
 * @file Lets Node's queue of immediates survive terminated execution.
 *
 * Node takes an immediate from the queue after its callback, in a `finally`, which terminated code does not reach. Where it was
 * not the first of its turn, Node then meets it again as one that is done already, fails on that ("Cannot read properties of
 * undefined (reading '_idleNext')"), and does so for ever: the process is lost. So the immediate whose callback was
 * terminated is made one that is yet to run and does nothing. There is no public way to that.
 */

interface Immediate {
  _idleNext: Immediate | null;
  _idlePrev: Immediate | null;
  _onImmediate: (() => void) | null;
  unref(): Immediate;
}
type Tracked = Immediate & { [destroyed]?: boolean };

const destroyed = Symbol('destroyed');
const nothing = (): void => undefined;
const schedule = (): Immediate => setImmediate(nothing) as unknown as Immediate;

/** The immediate whose callback began last. */
let begun: Tracked | undefined;
let isBroken = false;

/** Follows which immediate runs; to be called before there are any. */
export const watchImmediates = (): void => {
  const sample = setImmediate(nothing);
  clearImmediate(sample);
  // A Node that keeps its immediates in another way.
  if (!Object.hasOwn(sample, '_destroyed') || !Object.hasOwn(sample, '_idleNext')) return;
  Object.defineProperty(Object.getPrototypeOf(sample), '_destroyed', {
    configurable: true,
    get(this: Tracked): boolean {
      if (!isBroken || this !== begun || this._onImmediate === null) return this[destroyed] ?? false;
      isBroken = false;
      this._onImmediate = nothing;
      countOneMore();
      return false;
    },
    set(this: Tracked, value: boolean) {
      Object.defineProperty(this, destroyed, { value, configurable: true, writable: true });
      if (value) note(this);
    },
  });
};

const note = (immediate: Tracked): void => {
  begun = immediate;
};

/** Node counts an immediate that runs twice twice: one that is counted and taken out of the queue makes up for it. */
function countOneMore(): void {
  const [before, counted, after] = [schedule(), schedule().unref(), schedule()];
  before._idleNext = after;
  after._idlePrev = before;
  counted._idleNext = counted._idlePrev = null;
}

/** Whether an uncaught error is Node's stumbling over a terminated immediate; the queue then goes on with the next one. */
export const repairImmediates = (error: unknown): boolean => {
  if (begun === undefined || !(error instanceof TypeError) || !error.message.includes("'_idleNext'")) return false;
  isBroken = true;
  return true;
};
