/** @file complete, inspect, is_complete: what the TypeScript server and the parser know about a cell being written. */
import type { CompleteReply, InspectReply, IsCompleteReply } from '../../protocol/content.ts';
import { toCodePoints, toUtf16 } from '../../protocol/code-points.ts';
import { helpQuery } from '../help-query.ts';
import { splitMagics } from '../magics.ts';
import type { CreatePart } from '../part.ts';
import { field, type JsonObject } from '../request.ts';
import type { Workers } from '../workers.ts';

export const intelligence: CreatePart = ({ workers }) => ({
  shell: {
    complete_request: (content) => complete(content, workers),
    inspect_request: (content) => inspect(content, workers),
    is_complete_request: (content) => isComplete(content, workers),
  },
});

/** The cell without magics, and where the cursor stands, in UTF-16 units. */
function cellAtCursor(content: JsonObject): { code: string; source: string; offset: number } {
  const code = field(content, 'code', 'string');
  const cursor = field(content, 'cursor_pos', 'number', Infinity);
  return { code, source: splitMagics(code).source, offset: toUtf16(code, cursor) };
}

async function complete(content: JsonObject, workers: Workers): Promise<CompleteReply> {
  const { code, source, offset } = cellAtCursor(content);
  const completions = await (await workers.types).complete(source, offset);
  const start = toCodePoints(code, completions.start);
  const end = toCodePoints(code, completions.end);
  const types = completions.items.map(({ text, kind, signature }) => ({
    text,
    type: kind,
    start,
    end,
    ...(signature === undefined ? {} : { signature }),
  }));
  return {
    status: 'ok',
    matches: completions.items.map(({ text }) => text),
    cursor_start: start,
    cursor_end: end,
    metadata: { _jupyter_types_experimental: types },
  };
}

async function inspect(content: JsonObject, workers: Workers): Promise<InspectReply> {
  const { source, offset } = cellAtCursor(content);
  const found = await (await workers.types).inspect(source, offset);
  const data = found ? { 'text/plain': found.plain, 'text/markdown': found.markdown } : {};
  return { status: 'ok', found: found !== null, data, metadata: {} };
}

async function isComplete(content: JsonObject, workers: Workers): Promise<IsCompleteReply> {
  const { source } = splitMagics(field(content, 'code', 'string'));
  if (helpQuery(source) !== undefined) return { status: 'complete' };
  return (await workers.compiler).completeness(source);
}
