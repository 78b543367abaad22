/** @file Ragged tensors as text. */
import type { RaggedTensor } from '../../ragged/index.ts';
import { formatElements } from '../../tensor/format.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** So many rows are written whole; of more, the first and the last ones. */
const mostRows = 20;
const ends = 3;

/** The rows in brackets, one line each. */
export function formatRows(x: RaggedTensor, margin = ''): string {
  const rows = x.nrows();
  const write = (i: number): string => {
    const row = x.row(i);
    if (!(row instanceof Tensor)) return formatRows(row, `${margin} `);
    return formatElements(
      row.dtype === 'string' ? row.dataSync<string[]>() : row.dataSync(),
      row.dtype,
      row.shape,
      `${margin} `,
    );
  };
  const places = Array.from({ length: rows }, (_, i) => i);
  const parts =
    rows <= mostRows
      ? places.map(write)
      : [...places.slice(0, ends).map(write), '...', ...places.slice(-ends).map(write)];
  return `[${parts.join(`,\n${margin} `)}]`;
}

/** A ragged tensor as it prints itself. */
export function formatRagged(x: RaggedTensor): string {
  const facts = `${x.dtype} ${formatShape(x.shape)}`;
  const { flatValues } = x;
  if (flatValues.isDisposed) return `RaggedTensor (disposed, ${facts})`;
  if (flatValues.isSymbolic) return `RaggedTensor (symbolic, ${facts})`;
  return `RaggedTensor ${facts}\n    ${formatRows(x, '    ')}`;
}
