/** @file Answers the scripts of magics in the cell process. */
import type { CreatePart } from '../session/part.ts';

export const magicsPart: CreatePart = () => ({
  prepareCell: (host) => host.onRequest('magic', async (call) => (await import('./evaluation.ts')).answerScript(call)),
});
