/** @file Visits the nodes of a syntax tree. */

export interface Node {
  readonly type: string;
}

/** A node of which only the place is known, and fields by name. */
export interface AnyNode extends Node {
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';

/** Calls `enter` for every node, outer ones first; below a node for which it gives false, none is visited. */
export function walk(tree: unknown, enter: (node: Node) => boolean): void {
  if (Array.isArray(tree)) for (const each of tree) walk(each, enter);
  else if (isNode(tree) && enter(tree)) for (const each of Object.values(tree)) walk(each, enter);
}
