/** @file Variables that weight decay leaves out. */
import type { Variable } from '../tensor/variable.ts';

export interface ExcludedVariables {
  varList?: readonly Variable[];
  /** Patterns: a variable is among these if one is found in its name. */
  varNames?: readonly string[];
}

/** Whether a variable is one of them. */
export function isAmong({ varList = [], varNames = [] }: ExcludedVariables): (variable: Variable) => boolean {
  const variables = new Set(varList);
  const names = varNames.map((pattern) => new RegExp(pattern));
  return (variable) => variables.has(variable) || names.some((name) => name.test(variable.name));
}
