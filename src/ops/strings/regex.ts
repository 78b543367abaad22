/** @file Regular expressions, in the syntax of RE2. */
import * as p from '../../primitives/calls.ts';
import { type Like, type StringsLike, onStrings } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/**
 * Each string with what matches a pattern replaced.
 *
 * @param pattern A regular expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax).
 * @param rewrite What comes in place of a match: text in which `\0` is the match and `\1` to `\9` are its groups.
 * @param replaceGlobal All matches (default), or only the first.
 * @throws ArgumentError for a pattern that is none, or a rewrite with a group that the pattern does not have
 * @example `tf.strings.regexReplace('Text with tags.<br /> ', '<[^>]+>', ' ')`
 */
export const regexReplace = op(
  'strings.regexReplace',
  <Input extends StringsLike>(input: Input, pattern: string, rewrite: string, replaceGlobal = true): Like<Input> =>
    onStrings(input, 'strings.regexReplace', (x) =>
      p.strings([x], { function: 'regexReplace', pattern, rewrite, replaceGlobal }),
    ),
);

/**
 * Whether a pattern matches each string as a whole: bool.
 *
 * @param pattern A regular expression in RE2's syntax.
 * @example `tf.strings.regexFullMatch(['TF lib', 'lib TF'], '.*lib$') // [true, false]`
 */
export const regexFullMatch = op(
  'strings.regexFullMatch',
  <Input extends StringsLike>(input: Input, pattern: string): Like<Input> =>
    onStrings(input, 'strings.regexFullMatch', (x) => p.strings([x], { function: 'regexFullMatch', pattern })),
);
