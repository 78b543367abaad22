/** @file history: the cells of this and of earlier sessions. */
import type { HistoryAccess, HistoryReply } from '../../protocol/content.ts';
import { queryHistory } from '../history-queries.ts';
import type { HistoryStore } from '../history-store.ts';
import type { CreatePart } from '../part.ts';
import { field, RequestError, type JsonObject } from '../request.ts';

export const historyPart: CreatePart = ({ history: store }) => ({
  shell: { history_request: (content) => history(content, store) },
});

function history(content: JsonObject, store: HistoryStore): HistoryReply {
  const output = field(content, 'output', 'boolean', false);
  const entries = queryHistory(store, parseAccess(content));
  return {
    status: 'ok',
    history: entries.map(({ session, line, input, output: shown }) => [session, line, output ? [input, shown] : input]),
  };
}

function parseAccess(content: JsonObject): HistoryAccess {
  const hist_access_type = field(content, 'hist_access_type', 'string', 'tail');
  switch (hist_access_type) {
    case 'tail':
      return { hist_access_type, n: field(content, 'n', 'number', 10) };
    case 'range':
      return {
        hist_access_type,
        session: field(content, 'session', 'number', 0),
        start: field(content, 'start', 'number', 0),
        stop: field(content, 'stop', 'number', Infinity),
      };
    case 'search':
      return {
        hist_access_type,
        pattern: field(content, 'pattern', 'string', '*'),
        unique: field(content, 'unique', 'boolean', false),
        n: field(content, 'n', 'number', Infinity),
      };
    default:
      throw new RequestError(
        'InvalidRequest',
        `hist_access_type must be tail, range or search, got ${JSON.stringify(hist_access_type)}.`,
      );
  }
}
