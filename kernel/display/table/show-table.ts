/** @file A table as a MIME bundle. */
import type { MimeBundle } from '../../../src/display.ts';
import type { TableOptions } from '../display-types.ts';
import type { Limits } from '../limits.ts';
import { withinText } from '../plain-text.ts';
import { dataResource, dataResourceType } from './data-resource.ts';
import { planTable } from './plan.ts';
import type { TableData } from './table-data.ts';
import { tableHtml } from './table-html.ts';
import { tableText } from './table-text.ts';

/**
 * A table for the eye, for terminals and for data explorers.
 *
 * @param text how the value itself writes text, where that reads better than the aligned table
 */
export function showTable(data: TableData, limits: Limits, options: TableOptions = {}, text?: string): MimeBundle {
  const plan = planTable(data, limits, options);
  const resource = dataResource(plan, limits);
  return {
    'text/html': tableHtml(plan, limits),
    ...(resource && { [dataResourceType]: resource }),
    'text/plain': text ?? withinText(tableText(plan, limits), limits),
  };
}
