/** @file connect: the ports, for old clients that know one of them. */
import { channels } from '../../protocol/connection.ts';
import type { CreatePart } from '../part.ts';

export const connectPart: CreatePart = ({ connection }) => ({
  shell: {
    connect_request: () => ({
      status: 'ok',
      ...Object.fromEntries(channels.map((channel) => [`${channel}_port`, connection[`${channel}_port`]])),
    }),
  },
});
