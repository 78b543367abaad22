/** @file execute: the fields of the request, with the defaults of the specification. */
import type { ExecuteRequestContent } from '../../protocol/content.ts';
import { field, type JsonObject } from '../request.ts';

export function parseExecuteRequest(content: JsonObject): ExecuteRequestContent {
  return {
    code: field(content, 'code', 'string'),
    silent: field(content, 'silent', 'boolean', false),
    store_history: field(content, 'store_history', 'boolean', true),
    user_expressions: field(content, 'user_expressions', 'object', {}) as Record<string, string>,
    allow_stdin: field(content, 'allow_stdin', 'boolean', true),
    stop_on_error: field(content, 'stop_on_error', 'boolean', true),
  };
}
