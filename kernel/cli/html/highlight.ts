/** @file TypeScript with its comments, strings, numbers and keywords marked: enough colour to read by. */
import { escapeHtml } from './escape.ts';

const keywords =
  'abstract|as|async|await|break|case|catch|class|const|continue|debugger|declare|default|delete|do|else|enum|export|' +
  'extends|false|finally|for|from|function|get|if|implements|import|in|instanceof|interface|keyof|let|namespace|new|null|' +
  'of|override|private|protected|public|readonly|return|satisfies|set|static|super|switch|this|throw|true|try|type|' +
  'typeof|undefined|using|var|void|while|yield';

/** One alternative a kind of token, by the name of its group; a word that is no keyword is taken whole and left plain. */
const tokens = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))`,
    String.raw`(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|${'`'}(?:[^${'`'}\\]|\\[\s\S])*${'`'})`,
    String.raw`(?<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]+)?(?:[eE][+-]?\d+)?)n?\b)`,
    String.raw`(?<keyword>(?<![\w$.])(?:${keywords})(?![\w$]))`,
    String.raw`(?<magic>^%%?\w+)`,
    String.raw`(?<word>[\p{ID_Start}$_][\p{ID_Continue}$]*)`,
  ].join('|'),
  'gmu',
);

/** HTML of TypeScript source: each marked token is a `<span class="tok-KIND">`. */
export function highlightTypeScript(source: string): string {
  let html = '';
  let from = 0;
  for (const match of source.matchAll(tokens)) {
    html += escapeHtml(source.slice(from, match.index));
    from = match.index + match[0].length;
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    const text = escapeHtml(match[0]);
    html += kind === undefined || kind === 'word' ? text : `<span class="tok-${kind}">${text}</span>`;
  }
  return html + escapeHtml(source.slice(from));
}
