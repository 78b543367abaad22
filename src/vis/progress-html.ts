/** @file Training progress as HTML: a bar, times, the latest values, and curves of each metric. */
import { type Curve, liveChart, stillChart } from './live-curves.ts';
import { escapeMarkup } from './markup.ts';
import { formatCount, formatDuration, formatMetric, formatRate, formatStepTime } from './number-text.ts';
import { sansSerif, series } from './palette.ts';
import type { ProgressState } from './progress-state.ts';

/** No more charts than this; the values of further metrics are shown as numbers. */
const mostCharts = 4;
/** With more epochs than this the bar is one piece, else a piece for each epoch. */
const mostSegments = 30;
const [trainColor, validationColor] = series;

/** A picture of where a run is; `done` when nothing comes any more. */
export function progressHTML(title: string, state: ProgressState, metrics: readonly string[], done: boolean): string {
  const wanted = metrics.length > 0 ? metrics : state.metrics.filter((name) => name !== 'learning_rate');
  const names = [...new Set(wanted.map((name) => name.replace(/^val_/, '')))];
  const charted = names.filter((name) => hasCurve(state, name)).slice(0, mostCharts);
  const numbers = state.metrics.filter((name) => !charted.includes(name));
  return (
    `<div style="font-family:${escapeMarkup(sansSerif)};font-size:13px;line-height:1.45;max-width:700px;font-variant-numeric:tabular-nums">` +
    header(title, state, done) +
    bar(title, state, done) +
    pace(state) +
    (numbers.length > 0 ? `<div style="${row}">${numbers.map((name) => values(state, name)).join('')}</div>` : '') +
    (charted.length > 0
      ? `<div style="${row}">${charted.map((name) => panel(state, name, done)).join('')}</div>`
      : '') +
    `</div>`
  );
}

const row = 'display:flex;flex-wrap:wrap;gap:10px 28px;margin-top:10px';
const dim = 'opacity:0.65';

function header(title: string, state: ProgressState, done: boolean): string {
  const { epochs, step, steps, secondsPerStep } = state;
  const over = state.finished.length;
  const where = done
    ? over === 0 || over >= epochs
      ? plural(Math.max(over, epochs), 'epoch')
      : `stopped after ${over} of ${plural(epochs, 'epoch')}`
    : `epoch ${Math.min(state.epoch + 1, epochs)}/${epochs}`;
  const facts = done
    ? [`${formatDuration(state.elapsed)}`]
    : [step > 0 || steps ? `step ${formatCount(step)}${steps ? `/${formatCount(steps)}` : ''}` : ''];
  if (secondsPerStep !== undefined) facts.push(`${formatStepTime(secondsPerStep)}/step`);
  if (!done && state.secondsLeft !== undefined) facts.push(`${formatDuration(state.secondsLeft)} left`);
  // A single pass (evaluate, predict) has a title of its own and no epochs to speak of.
  const parts = [title, epochs > 1 || title === '' ? where : ''].filter(Boolean);
  return (
    `<div style="display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 16px;margin-bottom:5px">` +
    `<span><b>${parts.map(escapeMarkup).join('</b> <span style="opacity:0.8">')}${parts.length > 1 ? '</span>' : '</b>'}</span>` +
    `<span style="${dim}">${facts.filter(Boolean).map(escapeMarkup).join(' · ')}</span></div>`
  );
}

/** How fast it goes, and on which device. */
function pace({ stepsPerSecond, samplesPerSecond, device }: ProgressState): string {
  const facts = [
    stepsPerSecond === undefined ? '' : `${formatRate(stepsPerSecond)} steps/s`,
    samplesPerSecond === undefined ? '' : `${formatRate(samplesPerSecond)} samples/s`,
    stepsPerSecond === undefined ? '' : (device ?? ''),
  ].filter(Boolean);
  if (facts.length === 0) return '';
  return `<div style="${dim};font-size:90%;margin-top:3px;text-align:right">${facts.map(escapeMarkup).join(' · ')}</div>`;
}

function bar(title: string, state: ProgressState, done: boolean): string {
  const segments = state.epochs <= mostSegments ? state.epochs : 1;
  const position = (state.position / state.epochs) * segments;
  // A finished run is grey-green calm rather than a bar that still asks for attention.
  const color = done && state.position >= state.epochs ? series[2] : trainColor;
  const pieces = Array.from({ length: segments }, (_, i) => {
    // Nobody knows how far an epoch of unknown length is: its piece is faint, but not empty.
    const isUnknown = !done && !state.steps && i === Math.floor(position);
    const percent = isUnknown ? 100 : Math.round(Math.min(1, Math.max(0, position - i)) * 1000) / 10;
    const faint = isUnknown ? ';opacity:0.4' : '';
    const fill =
      percent > 0
        ? `<div style="width:${percent}%;height:100%;border-radius:3px;background:${color}${faint}"></div>`
        : '';
    return `<div style="flex:1 1 0;height:6px;border-radius:3px;background:rgba(128,128,128,0.25)">${fill}</div>`;
  });
  const now = state.steps ? ` aria-valuenow="${Math.round(Math.min(1, state.position / state.epochs) * 100)}"` : '';
  return (
    `<div role="progressbar" aria-label="${escapeMarkup(title)}" aria-valuemin="0" aria-valuemax="100"${now} ` +
    `style="display:flex;gap:3px">${pieces.join('')}</div>`
  );
}

/** Of runs longer than this the line within epochs is left out: it begins each epoch anew, which looks like bristles. */
const mostTracedEpochs = { running: 15, done: 4 };

function panel(state: ProgressState, name: string, done: boolean): string {
  const train = state.epochPoints(name);
  const validation = state.epochPoints(`val_${name}`);
  // While the number of steps is not known, curves grow step by step.
  const [xEnd, unit] = state.steps ? [axisEnd(state, done), 'epoch'] : [state.step, 'step'];
  // What happens within epochs cannot be seen any more where each is a few pixels wide.
  const traced = train.length < 2 || xEnd <= (done ? mostTracedEpochs.done : mostTracedEpochs.running);
  const curves: Curve[] = [
    { points: (traced && state.trace.get(name)) || [], color: trainColor, marks: false, faint: train.length > 0 },
    { points: train, color: trainColor, marks: true },
    { points: validation, color: validationColor, marks: true },
  ];
  const draw = done ? stillChart : liveChart;
  const chart = draw({ curves, xEnd, label: `${name} by ${unit}`, width: 320, height: 150 });
  // The charts of a row end at one height, also where the values above one take two lines.
  const column = 'display:flex;flex-direction:column;justify-content:space-between';
  return `<div style="flex:0 1 320px;min-width:240px;${column}">${values(state, name)}${chart}</div>`;
}

/** The name of a metric with its latest values, in the colours of the curves. */
function values(state: ProgressState, name: string): string {
  const value = (key: string, label: string, color: string): string => {
    const latest = state.logs[key] ?? state.finished.at(-1)?.logs[key];
    if (latest === undefined) return '';
    return (
      ` <span style="white-space:nowrap"><span style="color:${color}">●</span> ` +
      `${label ? `<span style="${dim}">${label}</span> ` : ''}${escapeMarkup(formatMetric(latest))}</span>`
    );
  };
  const validated = `val_${name}` in (state.finished.at(-1)?.logs ?? state.logs);
  return (
    `<div style="display:flex;flex-wrap:wrap;gap:0 12px"><span style="font-weight:600">${escapeMarkup(name)}</span>` +
    `${value(name, validated ? 'train' : '', trainColor)}${value(`val_${name}`, 'validation', validationColor)}</div>`
  );
}

const hasCurve = (state: ProgressState, name: string): boolean =>
  (state.trace.get(name)?.length ?? 0) > 1 || state.epochPoints(name).length > 1;

/** A long run's axis grows with it, so that the first epochs are not a dot at the left; at the end it ends where the run did. */
function axisEnd(state: ProgressState, done: boolean): number {
  if (done) return Math.max(1, Math.ceil(state.position));
  if (state.epochs <= 10) return state.epochs;
  return Math.min(state.epochs, Math.max(10, 5 * Math.ceil((state.position * 1.3) / 5)));
}

const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
