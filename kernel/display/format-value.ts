/** @file A value as a MIME bundle. What most cells come to is text, at once; objects are for the views, which are loaded beside the cells. */
import type { FormattedValue } from './contract.ts';
import { type Limits, full, usual } from './limits.ts';
import { plainText } from './plain-text.ts';
import { loadViews, loadedViews } from './views-loader.ts';

/** A bundle at once where the value allows it, else a promise of one; null where there is nothing to show. */
export type Formatting = FormattedValue | null | Promise<FormattedValue | null>;

/** Marks values that are shown already (display handles), so that a cell which ends in one shows nothing again. */
export const shownAlready = Symbol('shown already');

/** The bundle of a cell's result or of a displayed value; null for `undefined` and for display handles. Never rejects. */
export const formatValue = async (value: unknown): Promise<FormattedValue | null> => formatAsSoonAsPossible(value);

/** As `formatValue`, with as much as a front end bears. */
export const formatFully = (value: unknown): Formatting => formatAsSoonAsPossible(value, full);

/** As `formatValue`, but without a promise where none is needed, so that output stays in order. Never throws. */
export function formatAsSoonAsPossible(value: unknown, limits: Limits = usual): Formatting {
  if (value === undefined) return null;
  const isLong = typeof value === 'string' && value.length > limits.string;
  if (!isObject(value) && !isLong) return { data: { 'text/plain': plainText(value, limits) }, metadata: {} };
  const views = loadedViews();
  return views ? views.format(value, limits) : loadViews().then(({ format }) => format(value, limits));
}

export const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
