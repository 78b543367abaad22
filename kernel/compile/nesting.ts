/**
 * @file How deeply code is nested. The native parsers walk code by recursion: what is nested some five thousand deep, or
 * chained some twenty thousand long, overflows their stack and ends the process. So whoever parses asks here first.
 */

/** Levels that are parsed; people write some twenty, and the smallest process holds five times as many as this. */
const deepest = 1_000;
/** Links of a chain (`1 + 1 + ...`, `a.b().c()...`) that weigh as much as a level. */
const linksALevel = 10;

/** What a syntax error says of a text that is nested too deeply. */
export const tooDeepMessage = `Code nested more than ${deepest} levels deep, or chained more than ${deepest * linksALevel} operators long, cannot be parsed: give its parts names.`;

/**
 * Strings on one line, comments, brackets, ends of statements and elements, arrows, words that nest without brackets (with the
 * line break that may follow), statements that do, operators.
 */
const token =
  /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[^]*?\*\/|[([{]|[)\]}]|[;,]|\n\s*(?=[\w$'"#@}])|=>|\b(?:await|new|typeof|void|delete|yield|extends)\b\s*|\b(?:else|if|for|while|do|with)\b|\b(?:as|satisfies|keyof|in|instanceof)\b|[-+*/%=!~<>?:&|^.@`]+/g;

const statementWord = /^(?:else|if|for|while|do|with)$/;
const nestingWord = /^(?:=>|(?:await|new|typeof|void|delete|yield|extends)\s*)$/;

/** A level of brackets: how heavy what it is in the middle of has become. */
interface Level {
  /** Of the expression; over with its line, statement or element. */
  expression: number;
  /** Of the statements that have no end yet. */
  statement: number;
}

/**
 * Whether parsing the text could overflow the stack. An estimate from its tokens, on the safe side.
 *
 * @example
 * isTooDeep('('.repeat(100_000)); // true
 */
export function isTooDeep(text: string): boolean {
  // Each level and each link is a character at least: a short text needs no look at its tokens.
  if (text.length <= deepest) return false;
  const levels: Level[] = [{ expression: 0, statement: 0 }];
  let total = 0;
  const add = (kind: keyof Level, weight: number): void => {
    total += weight;
    levels[levels.length - 1][kind] += weight;
  };
  const end = (kind: keyof Level): void => {
    const level = levels[levels.length - 1];
    total -= level[kind];
    level[kind] = 0;
  };
  let afterBlock = false;
  for (const [found] of text.matchAll(token)) {
    const first = found[0];
    // A block ends its statement, but for an `else`.
    if (afterBlock && first !== '\n') {
      if (found !== 'else') end('statement');
      afterBlock = false;
    }
    if ('([{'.includes(first)) {
      total += 1;
      levels.push({ expression: 0, statement: 0 });
    } else if (')]}'.includes(first)) {
      if (levels.length === 1) continue; // the parser stops at it
      end('expression');
      end('statement');
      levels.pop();
      total -= 1;
      add('expression', 1 / linksALevel);
      afterBlock = first === '}';
    } else if (first === '\n') end('expression');
    else if (first === ';' || first === ',') {
      end('expression');
      end('statement');
    } else if (statementWord.test(found)) add('statement', 1);
    else if (nestingWord.test(found)) add('expression', 1);
    else if (!/^(?:['"]|\/[/*])/.test(found)) add('expression', found.length / linksALevel);
    if (total > deepest) return true;
  }
  return false;
}
