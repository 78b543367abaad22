/** @file Comms for user code, as `tensorcell/comm`. */
export { Comm, registerTarget, type CommHandler, type CommOptions, type TargetHandler } from './comm.ts';
export type { JsonObject } from './contract.ts';
export type { ReceivedMessage, SendOptions } from './manager.ts';
