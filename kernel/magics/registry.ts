/** @file All magics, by name. */
import type { Magic } from './contract.ts';
import { namesFor } from './describe.ts';
import { captureMagics } from './entries/capture.ts';
import { fileMagics } from './entries/files.ts';
import { folderMagics } from './entries/folders.ts';
import { helpMagics } from './entries/help.ts';
import { historyMagics } from './entries/history.ts';
import { nameMagics } from './entries/names.ts';
import { npmMagics } from './entries/npm.ts';
import { settingMagics } from './entries/settings.ts';
import { shellMagics } from './entries/shell.ts';
import { showMagics } from './entries/show.ts';
import { timingMagics } from './entries/timing.ts';

/** Every magic; a line here is all that a new family needs. */
export const magics: readonly Magic[] = [
  ...helpMagics(() => magics),
  ...npmMagics,
  ...shellMagics,
  ...folderMagics,
  ...timingMagics,
  ...nameMagics,
  ...historyMagics,
  ...fileMagics,
  ...showMagics,
  ...captureMagics,
  ...settingMagics,
];

const byName = new Map(magics.map((magic) => [magic.name, magic]));

/** @param name without `%` */
export const findMagic = (name: string): Magic | undefined => byName.get(name);

/** Names that can stand after `%` or `%%`. */
export const namesOf = (form: 'line' | 'cell'): string[] => namesFor(form, magics);

let lineNames: ReadonlySet<string> | undefined;
export const lineMagicNames = (): ReadonlySet<string> => (lineNames ??= new Set(magics.map(({ name }) => name)));
