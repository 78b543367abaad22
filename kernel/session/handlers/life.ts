/** @file interrupt and shutdown: on control, and on shell for old clients. */
import type { CreatePart, Handler, Handlers } from '../part.ts';
import { field } from '../request.ts';

export const life: CreatePart = (session) => {
  const shutdown: Handler = async (content, { message }) => {
    const reply = { status: 'ok', restart: field(content, 'restart', 'boolean', false) } as const;
    await session.stop();
    session.iopub.publish('shutdown_reply', reply, message.header);
    return reply;
  };
  /** The kernel's interrupt names no subshell; one that does is for that subshell's cell. */
  const interrupt: Handler = async (_content, { message }) => {
    const id = message.header.subshell_id ?? null;
    if (id !== null) session.shells.find(id);
    await session.interrupt(id);
    return { status: 'ok' };
  };
  const handlers: Handlers = { shutdown_request: shutdown, interrupt_request: interrupt };
  return { shell: handlers, control: handlers };
};
