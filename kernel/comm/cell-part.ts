/** @file Connects the comms of the cell process with the kernel process. */
import { callKernelSync, registerCall } from '../cell/calls.ts';
import { currentParent, send } from '../cell/output.ts';
import type { Tracebacks } from '../cell/traceback.ts';
import { type CommMessage, askMessageId, deliverComm } from './contract.ts';
import { registerWidgetTargets } from '../widgets/registry.ts';
import { comms } from './manager.ts';

/** Lets cells open comms, and hands them what the front end sends. */
export const connectComms = (tracebacks: Tracebacks): void => {
  comms.connect({
    send: (message) => send({ type: 'comm', parent: currentParent(), message }),
    report: (error) => send({ type: 'error', parent: currentParent(), error: tracebacks.describe(error) }),
    messageId: () => String(callKernelSync(askMessageId, null)),
  });
  registerWidgetTargets();
  registerCall(deliverComm, (message) => comms.receive(message as CommMessage));
};
