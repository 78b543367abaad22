/** @file Numbers as people read them: metrics, counts, bytes and durations. */

/** A metric's value as Keras writes it: four decimals, or an exponent for small values. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return value === 0 || Math.abs(value) > 1e-3
    ? value.toFixed(4)
    : value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A count with thousands separators. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** A number of bytes, in the largest unit that leaves at least 1: `136.04 KB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let amount = bytes;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount.toFixed(2)} ${units[unit]}`;
}

/** A time to wait or a time that passed: `8 s`, `2:05`, `1:02:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The time of one step, in the unit that suits it: `350 µs`, `17 ms`, `2.3 s`. */
export function formatStepTime(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`;
  if (seconds >= 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds >= 0.000995) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  return `${Math.round(seconds * 1e6)} µs`;
}

/** How many in a second, in no more digits than are true of a moment later: `0.42`, `7.5`, `1,280`, `399,000`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 100) return formatCount(Number(perSecond.toPrecision(3)));
  return String(Number(perSecond.toPrecision(2)));
}

/** A value on an axis or in a cell: about `digits` significant digits, without trailing zeros. */
export function formatShort(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || magnitude < 1e-4)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  return String(Number(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(magnitude))))));
}
