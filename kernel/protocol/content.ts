/** @file Contents of the messages, by message type (messaging specification 5.5). */
import type { JsonObject } from './message.ts';

export type MimeBundle = Record<string, unknown>;

/** What every failed request answers. */
export interface ErrorContent {
  readonly status: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface LanguageInfo {
  readonly name: string;
  readonly version: string;
  readonly mimetype: string;
  readonly file_extension: string;
  readonly pygments_lexer?: string;
  readonly codemirror_mode?: string | JsonObject;
  readonly nbconvert_exporter?: string;
}
export interface KernelInfoReply {
  readonly status: 'ok';
  readonly protocol_version: string;
  readonly implementation: string;
  readonly implementation_version: string;
  readonly language_info: LanguageInfo;
  readonly banner: string;
  readonly debugger: boolean;
  readonly help_links: readonly { readonly text: string; readonly url: string }[];
  readonly supported_features: readonly string[];
}

export interface ExecuteRequestContent {
  readonly code: string;
  readonly silent: boolean;
  readonly store_history: boolean;
  readonly user_expressions: Record<string, string>;
  readonly allow_stdin: boolean;
  readonly stop_on_error: boolean;
}
export interface ExecuteOkReply {
  readonly status: 'ok';
  readonly execution_count: number;
  readonly payload: readonly JsonObject[];
  readonly user_expressions: Record<string, UserExpressionResult>;
}
export interface ExecuteErrorReply extends ErrorContent {
  readonly execution_count: number;
  readonly payload: readonly JsonObject[];
  readonly user_expressions: Record<string, UserExpressionResult>;
}
export interface AbortedReply {
  readonly status: 'aborted';
}
export type ExecuteReply = ExecuteOkReply | ExecuteErrorReply | AbortedReply;
export type UserExpressionResult =
  { readonly status: 'ok'; readonly data: MimeBundle; readonly metadata: JsonObject } | ErrorContent;

export interface CompleteReply {
  readonly status: 'ok';
  readonly matches: readonly string[];
  /** In code points, as the request's `cursor_pos`. */
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: {
    readonly _jupyter_types_experimental?: readonly {
      readonly text: string;
      readonly type: string;
      readonly signature?: string;
      readonly start: number;
      readonly end: number;
    }[];
  };
}
export interface InspectReply {
  readonly status: 'ok';
  readonly found: boolean;
  readonly data: MimeBundle;
  readonly metadata: JsonObject;
}
export interface IsCompleteReply {
  readonly status: 'complete' | 'incomplete' | 'invalid' | 'unknown';
  readonly indent?: string;
}

/** `[session, line, input]`, or with output `[session, line, [input, output]]`. */
export type HistoryItem = readonly [number, number, string | readonly [string, string | null]];
export interface HistoryReply {
  readonly status: 'ok';
  readonly history: readonly HistoryItem[];
}
export type HistoryRequestContent = { readonly output: boolean; readonly raw: boolean } & HistoryAccess;
export type HistoryAccess =
  | { readonly hist_access_type: 'tail'; readonly n: number }
  | {
      readonly hist_access_type: 'range';
      /** 0 is the current session, -1 the one before. */
      readonly session: number;
      readonly start: number;
      /** Exclusive; absent: to the end. */
      readonly stop?: number;
    }
  | {
      readonly hist_access_type: 'search';
      readonly pattern: string;
      readonly unique: boolean;
      readonly n?: number;
    };

/** Contents on iopub. */
export interface IopubContents {
  readonly status: { readonly execution_state: 'starting' | 'busy' | 'idle' };
  readonly execute_input: { readonly code: string; readonly execution_count: number };
  readonly execute_result: {
    readonly execution_count: number;
    readonly data: MimeBundle;
    readonly metadata: JsonObject;
  };
  readonly stream: { readonly name: 'stdout' | 'stderr'; readonly text: string };
  readonly display_data: DisplayContent;
  readonly update_display_data: DisplayContent;
  readonly clear_output: { readonly wait: boolean };
  readonly error: Omit<ErrorContent, 'status'>;
  readonly comm_open: {
    readonly comm_id: string;
    readonly target_name: string;
    readonly target_module?: string;
    readonly data: JsonObject;
  };
  readonly comm_msg: { readonly comm_id: string; readonly data: JsonObject };
  readonly comm_close: { readonly comm_id: string; readonly data: JsonObject };
  readonly shutdown_reply: { readonly status: 'ok'; readonly restart: boolean };
  /** An event of the Debug Adapter Protocol. */
  readonly debug_event: object;
  readonly iopub_welcome: { readonly subscription: string };
}
export interface DisplayContent {
  readonly data: MimeBundle;
  readonly metadata: JsonObject;
  readonly transient: { readonly display_id?: string };
}
export type IopubType = keyof IopubContents;
