/** @file The live view of a training run: in a notebook a picture that changes in place, elsewhere lines of text. */
import { displayPort } from '../display.ts';
import { chosenEngine } from '../engine/devices.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { progressHTML } from './progress-html.ts';
import { type Logs, ProgressState } from './progress-state.ts';
import { epochLine, progressText, runningLine } from './progress-text.ts';

export interface ProgressViewOptions {
  /** How many epochs the run has. */
  epochs: number;
  /** How many steps an epoch has; leave it out where the data has no known length. */
  steps?: number | null;
  /** How many samples an epoch has, for the throughput; leave it out where that is not known. */
  samples?: number | null;
  /** Where it runs; the device in use where left out. */
  device?: string;
  /** Which metrics have a chart, in this order; all of them where left out. */
  metrics?: readonly string[];
  /** What is being done: `Training`, `Evaluating`. */
  title?: string;
  /** 0 shows nothing, 1 a live view, 2 one line of text an epoch. Default 1. */
  verbose?: 0 | 1 | 2;
}

/** A view that its caller keeps up to date. Epochs are counted from 0 (as callbacks count them), steps from 1. */
export interface ProgressView {
  /**
   * A step ended. `logs` holds the values so far in this epoch, `samples` how many samples it has seen (where the view was not
   * told how many there are). Cheap: most calls draw nothing.
   */
  update(at: { epoch: number; step: number; logs: Logs; samples?: number }): void;
  /** An epoch is over, validation included; `seconds` is how long it took. */
  epochEnd(at: { epoch: number; logs: Logs; seconds: number }): void;
  /** The run is over, at its end or before; draws the last picture. */
  done(): void;
}

/** Pictures are at least this far apart, in milliseconds: an eye sees no more, and front ends pay for each. */
const redrawInterval = 200;

let views = 0;

/**
 * Makes a progress view.
 *
 * @throws ArgumentError where `epochs` is not a positive whole number
 * @example
 * const view = tf.vis.createProgressView({ epochs: 1, steps: 100, title: 'Training' });
 * for (let step = 1; step <= 100; step++) view.update({ epoch: 0, step, logs: { loss: trainStep() } });
 * view.epochEnd({ epoch: 0, logs: { loss: 0.1 }, seconds: 2 });
 * view.done();
 */
export function createProgressView(options: ProgressViewOptions): ProgressView {
  const { epochs, title = 'Training', verbose = 1 } = options;
  if (!Number.isInteger(epochs) || epochs < 1)
    throw new ArgumentError(`createProgressView: epochs must be a whole number of at least 1, got ${epochs}.`);
  const state = new ProgressState(epochs, options.steps ?? undefined, options.samples ?? undefined);
  state.device = options.device ?? chosenEngine()?.device;
  const surface =
    verbose === 0
      ? silence
      : verbose === 1 && displayPort()
        ? notebook(state, title, options.metrics ?? [])
        : terminal(state, title, verbose);
  return {
    update({ epoch, step, logs, samples }) {
      state.stepEnd(epoch, step, logs, samples);
      surface.step();
    },
    epochEnd({ epoch, logs, seconds }) {
      state.epochEnd(epoch, logs, seconds);
      surface.epoch();
    },
    done: () => surface.done(),
  };
}

/** Where a view draws itself. */
interface Surface {
  step(): void;
  epoch(): void;
  done(): void;
}

const silence: Surface = { step() {}, epoch() {}, done() {} };

/** Runs `draw` at most once in each interval. */
function throttled(draw: () => void): () => void {
  let latest = -Infinity;
  return () => {
    const now = performance.now();
    if (now - latest < redrawInterval) return;
    draw();
    // Counted from the end of the drawing: a slow front end must not be drawn to all the time.
    latest = performance.now();
  };
}

function notebook(state: ProgressState, title: string, metrics: readonly string[]): Surface {
  const id = `tensorcell-progress-${process.pid}-${++views}`;
  let shown = false;
  const draw = (done: boolean) => {
    displayPort()?.display(
      { 'text/html': progressHTML(title, state, metrics, done), 'text/plain': progressText(title, state) },
      { id, update: shown },
    );
    shown = true;
  };
  const redraw = throttled(() => draw(false));
  return { step: redraw, epoch: redraw, done: () => draw(true) };
}

function terminal(state: ProgressState, title: string, verbose: 1 | 2): Surface {
  const live = verbose === 1 && process.stdout.isTTY;
  const eraseLine = '\r\x1b[2K';
  const redraw = throttled(() => {
    const line = runningLine(title, state);
    process.stdout.write(eraseLine + line.slice(0, (process.stdout.columns || 80) - 1));
  });
  return {
    step: live ? redraw : () => {},
    epoch() {
      const line = epochLine(title, state.epoch, state.epochs, state.finished[state.finished.length - 1]);
      process.stdout.write(`${live ? eraseLine : ''}${line}\n`);
    },
    done() {
      // An epoch that was left half way has drawn its line without an end.
      if (live && !state.betweenEpochs && state.step > 0) process.stdout.write('\n');
    },
  };
}
