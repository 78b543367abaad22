/** @file What kernel/display offers to the cell process, and what it asks of it. */
import type { CellEvent, MimeData } from '../cell/contract.ts';

/** A value ready for the wire: data by MIME type, and metadata by MIME type. */
export interface FormattedValue {
  readonly data: MimeData;
  readonly metadata: MimeData;
}

type WithoutParent<Event> = Event extends { readonly parent: string } ? Omit<Event, 'parent'> : never;

/** A display or clear event; whoever sends it on adds the token of the cell that caused it. */
export type DisplayEvent = WithoutParent<Extract<CellEvent, { readonly type: 'display' | 'clear' }>>;

/** Takes events in order. It is called in the asynchronous context of the `display` call that caused the event. */
export type SendDisplayEvent = (event: DisplayEvent) => void;
