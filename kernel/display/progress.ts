/** @file A progress bar: a bar in a page, a line of text elsewhere. */
import type { Progress, ProgressOptions } from './display-types.ts';
import { escapeMarkup, grouped } from './markup.ts';
import { view } from './style.ts';

/** A bar as a MIME bundle. */
export interface ProgressView {
  readonly 'text/html': string;
  readonly 'text/plain': string;
}

/** Pictures are at least this far apart, in milliseconds. */
const redrawInterval = 100;

/**
 * Makes a bar and draws it.
 *
 * @param draw shows a picture; `update` is false for the first one
 * @throws TypeError where `total` is no amount
 */
export function createProgress(
  id: string,
  total: number,
  { label = '' }: ProgressOptions,
  draw: (view: ProgressView, update: boolean) => void,
): Progress {
  if (!(Number.isFinite(total) && total >= 0))
    throw new TypeError(
      `display.progress expects how much there is to do, a number of at least 0, got ${String(total)}.`,
    );
  const started = performance.now();
  let value = 0;
  let words = label;
  let drawn = started;
  const redraw = (update: boolean): Progress => {
    drawn = performance.now();
    draw(barView(value, total, words, (drawn - started) / 1000), update);
    return bar;
  };
  const bar: Progress = {
    id,
    get value() {
      return value;
    },
    update(next, nextLabel) {
      if (!Number.isFinite(next)) throw new TypeError(`progress.update expects how much is done, got ${String(next)}.`);
      const wasDone = value >= total;
      value = Math.min(Math.max(next, 0), total);
      words = nextLabel ?? words;
      const isDone = value >= total;
      return (isDone && !wasDone) || performance.now() - drawn >= redrawInterval ? redraw(true) : bar;
    },
    advance: (by = 1) => bar.update(value + by),
    done: () => redraw(true),
  };
  redraw(false);
  return bar;
}

function barView(value: number, total: number, label: string, seconds: number): ProgressView {
  const share = total === 0 ? 1 : value / total;
  const left = value > 0 && share < 1 && seconds >= 1 ? `, ${duration((seconds * (1 - share)) / share)} left` : '';
  const time = seconds >= 1 || share === 1 ? ` · ${duration(seconds)}${left}` : '';
  const amount = `${grouped(Math.round(value * 100) / 100)} / ${grouped(total)}`;
  const percent = `${Math.floor(share * 100)}%`;
  const cells = Math.round(share * 30);
  return {
    'text/html': view(
      'base',
      `<div style="display:flex;gap:8px;align-items:center;flex-wrap:wrap">${label ? `<span>${escapeMarkup(label)}</span>` : ''}` +
        `<progress value="${value}" max="${total || 1}" style="width:260px"></progress>` +
        `<span>${percent}</span><span class="soft">${amount}${escapeMarkup(time)}</span></div>`,
    ),
    'text/plain': `${label ? `${label} ` : ''}${percent.padStart(4)} [${'#'.repeat(cells)}${'.'.repeat(30 - cells)}] ${amount}${time}`,
  };
}

const duration = (seconds: number): string =>
  seconds < 60
    ? `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
    : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
