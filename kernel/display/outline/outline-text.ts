/** @file An outline as indented text, for values with more parts than `util.inspect` should visit. */
import { counted } from '../markup.ts';
import type { Line, Outline } from './outline.ts';

/** The outline as text, in the form of `util.inspect`. */
export const outlineText = ({ root }: Outline): string => written(root, 0).join('\n');

function written(line: Line, level: number): string[] {
  const indent = '  '.repeat(level);
  const name = line.name === undefined ? '' : line.name.endsWith('=>') ? `${line.name} ` : `${line.name}: `;
  if (line.members.length === 0) return [`${indent}${name}${line.text}`];
  const [open, close] = line.brackets;
  const title = line.text.slice(0, Math.max(0, line.text.search(/[{[]/)));
  const members = line.members.flatMap((member) => written(member, level + 1));
  const rest =
    line.rest > 0
      ? [`${indent}  ... ${counted(line.rest, line.brackets === '[]' ? 'more item' : 'more property')}`]
      : [];
  return [
    `${indent}${name}${line.kind === 'failure' ? `${line.text} ` : title}${open}`,
    ...members,
    ...rest,
    `${indent}${close}`,
  ];
}
