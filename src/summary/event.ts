/** @file What an event file says, as plain data. */
import type { Shape } from '../tensor/shape.ts';

/** Which part of TensorBoard shows a summary, and what it is told. */
export interface SummaryMetadata {
  readonly pluginName: string;
  /** In the plugin's own format; default empty. */
  readonly content?: Uint8Array;
  readonly displayName?: string;
  /** In Markdown. */
  readonly description?: string;
}

/** Elements on the host. */
export type HostTensor =
  | { readonly dtype: 'float32'; readonly shape: Shape; readonly values: Float32Array }
  | { readonly dtype: 'float64'; readonly shape: Shape; readonly values: Float64Array }
  | { readonly dtype: 'int32'; readonly shape: Shape; readonly values: Int32Array }
  | { readonly dtype: 'int64'; readonly shape: Shape; readonly values: BigInt64Array }
  | { readonly dtype: 'bool' | 'uint8'; readonly shape: Shape; readonly values: Uint8Array }
  | { readonly dtype: 'int8'; readonly shape: Shape; readonly values: Int8Array }
  | { readonly dtype: 'int16'; readonly shape: Shape; readonly values: Int16Array }
  | { readonly dtype: 'string'; readonly shape: Shape; readonly values: readonly (string | Uint8Array)[] };

/** One value of one series. */
export interface Summary {
  readonly tag: string;
  readonly tensor: HostTensor;
  readonly metadata?: SummaryMetadata;
}

export type AttributeValue =
  { readonly text: string } | { readonly dtype: string } | { readonly shapes: readonly Shape[] };

/** A node of a graph as TensorBoard draws it. */
export interface GraphNodeDescription {
  readonly name: string;
  readonly operation: string;
  /** Names of nodes, `name:1` for an output that is not the first. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export type EventContent =
  | { readonly fileVersion: string }
  | { readonly summary: Summary }
  | { readonly graph: readonly GraphNodeDescription[] };

export interface Event {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: bigint;
  readonly content: EventContent;
}
