/** @file Every operation of TensorFlow's graphs that runs here, by TensorFlow's name. */
import { arrangement } from './arrangement.ts';
import { control } from './control.ts';
import { elementwise } from './elementwise.ts';
import type { OperationTable } from './operation.ts';
import { selection } from './selection.ts';
import { windows } from './windows.ts';

export const graphOperations: OperationTable = { ...elementwise, ...windows, ...arrangement, ...selection, ...control };
