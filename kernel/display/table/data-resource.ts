/** @file A table as JSON for data explorers (`application/vnd.dataresource+json`, a Tabular Data Resource). */
import { types } from 'node:util';
import type { Limits } from '../limits.ts';
import { wellFormed } from '../markup.ts';
import { timeOf } from './cell-text.ts';
import type { TablePlan } from './plan.ts';
import { absent } from './table-data.ts';

export const dataResourceType = 'application/vnd.dataresource+json';

interface Field {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'string' | 'boolean' | 'datetime' | 'any';
}

/** The whole table; undefined where it does not fit into the limit, or not all of it was read. */
export function dataResource(plan: TablePlan, limits: Limits): Record<string, unknown> | undefined {
  const { columns, columnCount, data, rows } = plan;
  if (rows.length < data.rowCount || columns.length < columnCount) return undefined;
  const fields = columns.map(({ name }, i): Field => ({ name, type: fieldType(rows.map((row) => row[i])) }));
  const records: Record<string, unknown>[] = [];
  let size = 0;
  for (const row of rows) {
    const entries = columns.map(({ name }, i): [string, unknown] => [name, jsonCell(row[i])]);
    for (const [name, cell] of entries) size += name.length + (JSON.stringify(cell) ?? '').length + 6;
    if (size > limits.tableJson) return undefined;
    records.push(Object.fromEntries(entries));
  }
  return { schema: { fields }, data: records };
}

function fieldType(values: readonly unknown[]): Field['type'] {
  const found = new Set(
    values
      .filter((value) => value !== null && value !== undefined && value !== absent)
      .map((value): Field['type'] => {
        if (typeof value === 'bigint') return 'integer';
        if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
        if (typeof value === 'string' || typeof value === 'boolean') return typeof value as 'string';
        return types.isDate(value) ? 'datetime' : 'any';
      }),
  );
  if (found.size === 2 && found.has('integer') && found.has('number')) return 'number';
  return found.size === 1 ? [...found][0] : 'any';
}

/** A cell as JSON has it; what JSON has no form for is its text. */
function jsonCell(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return wellFormed(value);
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) return null;
  if (types.isDate(value)) return Number.isNaN(timeOf(value)) ? null : new Date(timeOf(value)).toISOString();
  try {
    const json = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) as
      string | undefined;
    return json === undefined ? null : (JSON.parse(json) as unknown);
  } catch {
    return String(Object.prototype.toString.call(value));
  }
}
