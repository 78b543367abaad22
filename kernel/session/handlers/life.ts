/** @file interrupt and shutdown: on control, and shutdown on shell for old clients. */
import type { CreatePart, Handler } from '../part.ts';
import { field } from '../request.ts';

export const life: CreatePart = (session) => {
  const shutdown: Handler = async (content, { message }) => {
    const reply = { status: 'ok', restart: field(content, 'restart', 'boolean', false) } as const;
    await session.stop();
    session.iopub.publish('shutdown_reply', reply, message.header);
    return reply;
  };
  return {
    shell: { shutdown_request: shutdown },
    control: {
      shutdown_request: shutdown,
      interrupt_request: async () => {
        await session.interrupt();
        return { status: 'ok' };
      },
    },
  };
};
