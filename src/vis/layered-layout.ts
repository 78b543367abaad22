/** @file Places the nodes of a directed acyclic graph in rows, so that edges go down and cross little. */
import { ArgumentError } from '../tensor/errors.ts';

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly inbound: readonly string[];
}

/** A node's row from the top, and the x of its centre. */
export interface Place {
  readonly row: number;
  readonly x: number;
}

/** An edge with the places that it passes, the ends included. */
export interface Route {
  readonly from: string;
  readonly to: string;
  readonly via: readonly Place[];
}

export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly routes: readonly Route[];
  readonly rows: number;
  readonly width: number;
}

/** A node, or a point on an edge that spans several rows. */
interface Slot {
  readonly width: number;
  readonly row: number;
  above: Slot[];
  below: Slot[];
  x: number;
}

const bendWidth = 14;

/** Lays a graph out. Nodes must come in an order in which every edge points forward. @throws ArgumentError otherwise */
export function layeredLayout(nodes: readonly LayoutNode[], gap: number): Layout {
  const slots = new Map<string, Slot>();
  const routes: { from: string; to: string; via: Slot[] }[] = [];
  const rows: Slot[][] = [];
  const addTo = (row: number, width: number): Slot => {
    const slot: Slot = { width, row, above: [], below: [], x: 0 };
    (rows[row] ??= []).push(slot);
    return slot;
  };
  const join = (upper: Slot, lower: Slot) => {
    upper.below.push(lower);
    lower.above.push(upper);
  };
  for (const node of nodes) {
    const parents = node.inbound.map((id) => {
      const parent = slots.get(id);
      if (!parent)
        throw new ArgumentError(
          `modelDiagram: layer '${node.id}' takes the output of '${id}', which does not come before it.`,
        );
      return parent;
    });
    const row = parents.reduce((most, parent) => Math.max(most, parent.row + 1), 0);
    const slot = addTo(row, node.width);
    slots.set(node.id, slot);
    parents.forEach((parent, i) => {
      const via = [parent];
      for (let between = parent.row + 1; between < row; between++) {
        const bend = addTo(between, bendWidth);
        join(via[via.length - 1], bend);
        via.push(bend);
      }
      join(via[via.length - 1], slot);
      routes.push({ from: node.inbound[i], to: node.id, via: [...via, slot] });
    });
  }
  reduceCrossings(rows);
  const width = assignX(
    rows,
    routes.map(({ via }) => via.slice(1, -1)),
    gap,
  );
  const place = ({ row, x }: Slot): Place => ({ row, x });
  return {
    places: new Map([...slots].map(([id, slot]) => [id, place(slot)])),
    routes: routes.map(({ via, ...ends }) => ({ ...ends, via: via.map(place) })),
    rows: rows.length,
    width,
  };
}

/** Orders each row by the mean position of its neighbours, down and up a few times (the barycentre heuristic). */
function reduceCrossings(rows: readonly Slot[][]): void {
  const position = new Map<Slot, number>();
  const number = (row: readonly Slot[]) => row.forEach((slot, i) => position.set(slot, i));
  rows.forEach(number);
  for (let sweep = 0; sweep < 4; sweep++) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const weight = new Map(
        row.map((slot) => {
          const neighbours = down ? slot.above : slot.below;
          return [
            slot,
            neighbours.length ? mean(neighbours.map((other) => position.get(other)!)) : position.get(slot)!,
          ];
        }),
      );
      row.sort((a, b) => weight.get(a)! - weight.get(b)!);
      number(row);
    }
  }
}

/** Moves each slot towards its neighbours, as far as the order and the gaps allow; gives the whole width. */
function assignX(rows: readonly Slot[][], chains: readonly (readonly Slot[])[], gap: number): number {
  const distance = (a: Slot, b: Slot) => (a.width + b.width) / 2 + gap;
  for (const row of rows) {
    let x = 0;
    row.forEach((slot, i) => (slot.x = x += i === 0 ? 0 : distance(row[i - 1], slot)));
    const middle = (row[0].x + row[row.length - 1].x) / 2;
    for (const slot of row) slot.x -= middle;
  }
  for (let sweep = 0; sweep < 40; sweep++) {
    for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
      const wanted = row.map(({ above, below, x }) => {
        const neighbours = [...above, ...below];
        return neighbours.length ? mean(neighbours.map((other) => other.x)) : x;
      });
      // Left to right and right to left each keep the gaps; their mean keeps them too and favours neither side.
      const fromLeft = [...wanted];
      for (let i = 1; i < row.length; i++)
        fromLeft[i] = Math.max(wanted[i], fromLeft[i - 1] + distance(row[i - 1], row[i]));
      const fromRight = [...wanted];
      for (let i = row.length - 2; i >= 0; i--)
        fromRight[i] = Math.min(wanted[i], fromRight[i + 1] - distance(row[i], row[i + 1]));
      row.forEach((slot, i) => (slot.x = (fromLeft[i] + fromRight[i]) / 2));
    }
  }
  for (const bends of chains) straighten(bends, rows, distance);
  const all = rows.flat();
  if (all.length === 0) return 0;
  const left = Math.min(...all.map((slot) => slot.x - slot.width / 2));
  for (const slot of all) slot.x -= left;
  return Math.max(...all.map((slot) => slot.x + slot.width / 2));
}

/** Puts the bends of a long edge below one another, where there is an x that is free in all of their rows. */
function straighten(bends: readonly Slot[], rows: readonly Slot[][], distance: (a: Slot, b: Slot) => number): void {
  if (bends.length < 2) return;
  const fits = (x: number) =>
    bends.every((bend) => {
      const row = rows[bend.row];
      const i = row.indexOf(bend);
      return (
        (i === 0 || x - row[i - 1].x >= distance(row[i - 1], bend)) &&
        (i === row.length - 1 || row[i + 1].x - x >= distance(bend, row[i + 1]))
      );
    });
  const best = bends.map(({ x }) => x).find(fits);
  if (best !== undefined) for (const bend of bends) bend.x = best;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
