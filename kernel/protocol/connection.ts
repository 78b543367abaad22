/** @file The connection file: where the five sockets of a kernel are, and the key that signs its messages. */
import { readFileSync } from 'node:fs';

/** The five channels of a kernel, by the names the connection file uses. */
export const channels = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
export type Channel = (typeof channels)[number];

/** Contents of a connection file (Jupyter's own field names). */
export interface ConnectionInfo {
  readonly transport: 'tcp' | 'ipc';
  /** An address for tcp, the stem of the socket files for ipc. */
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  /** Empty: messages are not signed. */
  readonly key: string;
  readonly signature_scheme: string;
  readonly kernel_name?: string;
}

/** The connection file is not what the Jupyter protocol says. */
export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
}

/** Reads and checks the text of a connection file. */
export function parseConnection(text: string): ConnectionInfo {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConnectionFileError('The connection file is not JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConnectionFileError('The connection file must hold a JSON object.');
  const fields = value as Record<string, unknown>;
  const { transport = 'tcp', key = '', signature_scheme = 'hmac-sha256', ip = '127.0.0.1' } = fields;
  if (transport !== 'tcp' && transport !== 'ipc')
    throw new ConnectionFileError(`transport must be "tcp" or "ipc", got ${JSON.stringify(transport)}.`);
  if (typeof key !== 'string' || typeof signature_scheme !== 'string' || typeof ip !== 'string')
    throw new ConnectionFileError('key, signature_scheme and ip must be strings.');
  const port = (channel: Channel): number => {
    const number = fields[`${channel}_port`];
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 65535)
      throw new ConnectionFileError(`${channel}_port must be a port number, got ${JSON.stringify(number)}.`);
    return number;
  };
  return {
    transport,
    ip,
    key,
    signature_scheme,
    shell_port: port('shell'),
    iopub_port: port('iopub'),
    stdin_port: port('stdin'),
    control_port: port('control'),
    hb_port: port('hb'),
    ...(typeof fields.kernel_name === 'string' ? { kernel_name: fields.kernel_name } : {}),
  };
}

/** Reads a connection file from disk. */
export const readConnectionFile = (path: string): ConnectionInfo => parseConnection(readFileSync(path, 'utf8'));

/** ZeroMQ address of a channel. */
export function endpoint(connection: ConnectionInfo, channel: Channel): string {
  const port = connection[`${channel}_port`];
  return connection.transport === 'ipc' ? `ipc://${connection.ip}-${port}` : `tcp://${connection.ip}:${port}`;
}
