/** @file complete, inspect, is_complete: what is known about a cell being written. */
import type { CompleteReply, InspectReply, IsCompleteReply } from '../../protocol/content.ts';
import { toCodePoints, toUtf16 } from '../../protocol/code-points.ts';
import type { CellHelp } from '../cell-help.ts';
import { completeMagic, inspectMagic, magicCompleteness, withoutMagics } from '../../magics/index.ts';
import { helpQuery } from '../help-query.ts';
import type { CreatePart } from '../part.ts';
import { field, type JsonObject } from '../request.ts';
import type { Workers } from '../workers.ts';

export const intelligence: CreatePart = ({ workers, execution }) => {
  let loading: Promise<CellHelp> | undefined;
  const help = () => (loading ??= import('../cell-help.ts').then(({ CellHelp }) => new CellHelp(workers)));
  return {
    shell: {
      complete_request: async (content) => complete(content, execution.folder, await help()),
      inspect_request: async (content) => inspect(content, await help()),
      is_complete_request: (content) => isComplete(content, workers),
    },
  };
};

/** The cell without magics, and where the cursor stands, in UTF-16 units. */
async function cellAtCursor(content: JsonObject): Promise<{ code: string; source: string; offset: number }> {
  const code = field(content, 'code', 'string');
  const cursor = field(content, 'cursor_pos', 'number', Infinity);
  return { code, source: await withoutMagics(code), offset: toUtf16(code, cursor) };
}

async function complete(content: JsonObject, folder: string, help: CellHelp): Promise<CompleteReply> {
  const { code, source, offset } = await cellAtCursor(content);
  const completions = (await completeMagic(code, offset, { folder })) ?? (await help.complete(source, offset));
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

async function inspect(content: JsonObject, help: CellHelp): Promise<InspectReply> {
  const { code, source, offset } = await cellAtCursor(content);
  const magic = await inspectMagic(code, offset);
  const found =
    magic ?? (await help.inspect(source, offset, field(content, 'detail_level', 'number', 0) === 0 ? 0 : 1));
  const data = found ? { 'text/plain': found.plain, 'text/markdown': found.markdown } : {};
  return { status: 'ok', found: found !== null, data, metadata: {} };
}

async function isComplete(content: JsonObject, workers: Workers): Promise<IsCompleteReply> {
  const code = field(content, 'code', 'string');
  if (helpQuery(code) !== undefined) return { status: 'complete' };
  const status = await magicCompleteness(code);
  if (status !== undefined) return { status, ...(status === 'incomplete' && { indent: '' }) };
  return (await workers.compiler).completeness(await withoutMagics(code));
}
