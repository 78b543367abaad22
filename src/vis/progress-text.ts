/** @file Training progress as text, in the words that Keras uses. */
import { formatDuration, formatMetric, formatRate } from './number-text.ts';
import type { FinishedEpoch, Logs, ProgressState } from './progress-state.ts';

const metricsText = (logs: Logs): string =>
  Object.entries(logs)
    .map(([name, value]) => ` - ${name}: ${formatMetric(value)}`)
    .join('');

const stepTimeText = (secondsPerStep: number | undefined): string => {
  if (secondsPerStep === undefined) return '';
  if (secondsPerStep >= 1) return ` - ${secondsPerStep.toFixed(1)}s/step`;
  return secondsPerStep >= 1e-3
    ? ` - ${Math.round(secondsPerStep * 1000)}ms/step`
    : ` - ${Math.round(secondsPerStep * 1e6)}us/step`;
};

const label = (title: string, epoch: number, epochs: number): string =>
  epochs > 1 || title === '' ? `Epoch ${epoch + 1}/${epochs}` : title;

/** A finished epoch: `Epoch 1/5 - 94/94 - 2s - 17ms/step - loss: 0.3412 - val_loss: 0.1210`. */
export const epochLine = (title: string, epoch: number, epochs: number, finished: FinishedEpoch): string =>
  `${label(title, epoch, epochs)}${finished.steps ? ` - ${finished.steps}/${finished.steps}` : ''}` +
  ` - ${finished.seconds < 1 ? finished.seconds.toFixed(1) : Math.round(finished.seconds)}s` +
  `${stepTimeText(finished.secondsPerStep)}${metricsText(finished.logs)}`;

/** How fast a run goes and how long it still will. */
function paceText(state: ProgressState): string {
  const { samplesPerSecond, secondsLeft } = state;
  const rate = samplesPerSecond === undefined ? '' : ` - ${formatRate(samplesPerSecond)} samples/s`;
  return `${rate}${secondsLeft === undefined ? '' : ` - ${formatDuration(secondsLeft)} left`}`;
}

/** The epoch that runs, with a bar of 20 characters where the number of steps is known. */
export function runningLine(title: string, state: ProgressState): string {
  const { epoch, epochs, step, steps } = state;
  const filled = steps ? Math.round((20 * Math.min(step, steps)) / steps) : 0;
  const bar = steps ? ` ${'━'.repeat(filled)}${'─'.repeat(20 - filled)}` : '';
  return (
    `${label(title, epoch, epochs)} - ${step}/${steps ?? '?'}${bar}` +
    `${stepTimeText(state.secondsPerStep)}${paceText(state)}${metricsText(state.logs)}`
  );
}

/** Of more epochs than this the text leaves out those in the middle: it is sent anew with each picture. */
const mostLines = 40;
const firstLines = 5;

/** Everything so far: a line for each epoch that is over, then the one that runs. */
export function progressText(title: string, state: ProgressState): string {
  const first = state.epoch + (state.betweenEpochs ? 1 : 0) - state.finished.length;
  const line = (i: number): string => epochLine(title, first + i, state.epochs, state.finished[i]);
  const count = state.finished.length;
  const hidden = Math.max(0, count - mostLines);
  const lines = Array.from({ length: count - hidden }, (_, i) => line(i < firstLines ? i : i + hidden));
  if (hidden > 0) lines.splice(firstLines, 0, `... ${hidden} epochs ...`);
  if (!state.betweenEpochs) lines.push(runningLine(title, state));
  return lines.join('\n');
}
