/** @file Errors as values: with the place in the cell, the user's frames, and causes and aggregated errors that open. */
import { stripVTControlCharacters, types } from 'node:util';
import type { MimeBundle } from '../../../src/display.ts';
import type { Limits } from '../limits.ts';
import { counted, escapeMarkup, shortened } from '../markup.ts';
import { withinText } from '../plain-text.ts';
import { view } from '../style.ts';
import { type ErrorAccount, sources } from './sources.ts';

/** More frames than these are folded. */
const framesInView = 4;

/** An error that someone looks at instead of throwing it. */
export function errorValue(value: object, limits: Limits): MimeBundle | undefined {
  const known = sources();
  if (!known || !types.isNativeError(value)) return undefined;
  return {
    'text/html': view('base', accountHtml(known.account(value), limits, 0)),
    'text/plain': withinText(stripVTControlCharacters(known.traceback(value).join('\n')), limits),
  };
}

function accountHtml(account: ErrorAccount, limits: Limits, depth: number): string {
  const { place, link, picture, frames, moreFrames, properties, related } = account;
  const more = moreFrames > 0 ? `\n... ${moreFrames} more` : '';
  const stack = frames.map(frameHtml).join('\n') + more;
  const framesHtml =
    frames.length <= framesInView
      ? `<pre><span class="soft">${stack}</span></pre>`
      : `<details><summary class="note">${counted(frames.length + moreFrames, 'frame')}</summary><pre><span class="soft">${stack}</span></pre></details>`;
  return (
    (depth === 0 ? `<div>${titleHtml(account, limits)}</div>` : '') +
    (place === undefined ? '' : `<div class="soft">${linked(escapeMarkup(place), link)}</div>`) +
    (picture === undefined ? '' : pictureHtml(picture)) +
    (frames.length === 0 ? '' : framesHtml) +
    (properties === undefined ? '' : `<pre><span class="soft">${escapeMarkup(properties)}</span></pre>`) +
    related.map((each) => relatedHtml(each, limits, depth)).join('')
  );
}

/** A frame, with its place as a link to the cell. */
function frameHtml({ text, link }: ErrorAccount['frames'][number]): string {
  const [, before, place, end] = /^(.*?)([^\s(]+:\d+:\d+)(\)?)$/s.exec(text) ?? [];
  if (place === undefined) return escapeMarkup(`at ${text}`);
  return `${escapeMarkup(`at ${before}`)}${linked(escapeMarkup(place), link)}${end}`;
}

const linked = (markup: string, link: string | undefined): string =>
  link === undefined ? markup : `<a href="${escapeMarkup(link)}">${markup}</a>`;

const titleHtml = ({ ename, evalue }: ErrorAccount, limits: Limits): string =>
  `<b class="bad">${escapeMarkup(ename)}</b>: <span style="white-space:pre-wrap">${escapeMarkup(shortened(evalue, limits.string))}</span>`;

/** The line of the error is the one with a mark at its beginning, the line below it has the column's. */
function pictureHtml(picture: string): string {
  const lines = stripVTControlCharacters(picture)
    .split('\n')
    .map((line) => {
      if (line.startsWith('>')) return `<b>${escapeMarkup(line)}</b>`;
      return /^\s+\|\s*\^+$/.test(line) ? `<span class="bad">${escapeMarkup(line)}</span>` : escapeMarkup(line);
    });
  return `<pre>${lines.join('\n')}</pre>`;
}

/** The first cause is open, those below it are a click away. */
function relatedHtml({ label, account }: ErrorAccount['related'][number], limits: Limits, depth: number): string {
  const words = escapeMarkup(stripVTControlCharacters(label));
  if (!account) return `<div class="note">${words}</div>`;
  const content = `<div style="padding-left:1.4em">${accountHtml(account, limits, depth + 1)}</div>`;
  return `<details${depth === 0 ? ' open' : ''}><summary>${words} ${titleHtml(account, limits)}</summary>${content}</details>`;
}
