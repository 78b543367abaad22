/** @file The parts of a session: who answers which message. */
import { comms } from '../comm/session-part.ts';
import { magicsPart } from '../magics/session-part.ts';
import { connectPart } from './handlers/connect.ts';
import { debugging } from './handlers/debugging.ts';
import { historyPart } from './handlers/history.ts';
import { intelligence } from './handlers/intelligence.ts';
import { kernelInfoPart } from './handlers/kernel-info.ts';
import { life } from './handlers/life.ts';
import { stdin } from './handlers/stdin.ts';
import { subshells } from './handlers/subshells.ts';
import { usagePart } from './handlers/usage.ts';
import type { CreatePart } from './part.ts';

/** One that stands later takes the message types of an earlier one. */
export const parts: readonly CreatePart[] = [
  kernelInfoPart,
  connectPart,
  life,
  subshells,
  usagePart,
  intelligence,
  historyPart,
  comms,
  stdin,
  magicsPart,
  debugging,
];
