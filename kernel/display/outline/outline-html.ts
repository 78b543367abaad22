/** @file An outline as HTML that folds without scripts. */
import { counted, escapeMarkup } from '../markup.ts';
import { type Limits, howToSeeAll } from '../limits.ts';
import { view } from '../style.ts';
import type { Kind, Line, Outline } from './outline.ts';

const classes: Readonly<Record<Kind, string>> = {
  string: 'str',
  number: 'num',
  word: 'word',
  object: '',
  failure: 'bad',
};

/** The outline with its first level open. @param heading markup above it */
export function outlineHtml({ root, shortened }: Outline, limits: Limits, heading = ''): string {
  const note = shortened ? `<div class="note">shortened; ${escapeMarkup(howToSeeAll(limits))}</div>` : '';
  return view('outline', `${heading}${written(root, true)}${note}`);
}

function written(line: Line, open: boolean): string {
  const name =
    line.name === undefined
      ? ''
      : `<span class="name">${escapeMarkup(line.name)}</span>${line.name.endsWith('=>') ? ' ' : ': '}`;
  const css = classes[line.kind];
  const text = css ? `<span class="${css}">${escapeMarkup(line.text)}</span>` : escapeMarkup(line.text);
  if (line.members.length === 0) return `<div class="leaf">${name}${text}</div>`;
  const rest = line.rest > 0 ? `<div class="leaf soft">… ${counted(line.rest, 'more member')}</div>` : '';
  const members = line.members.map((member) => written(member, false)).join('');
  return `<details${open ? ' open' : ''}><summary>${name}${text}</summary><div class="in">${members}${rest}</div></details>`;
}
