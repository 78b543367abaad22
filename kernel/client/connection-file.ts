/** @file A connection for a kernel that is about to start: free ports or socket files, a fresh key, the file. */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { channels, type ConnectionInfo } from '../protocol/connection.ts';

export interface ConnectionFile {
  readonly path: string;
  readonly connection: ConnectionInfo;
  /** Removes the file and its folder. */
  remove(): void;
}

/**
 * Writes a connection file into a new folder that only the user can read.
 *
 * @param transport `ipc` uses socket files in that folder, so no port can be taken meanwhile (where its path is too long for
 *   sockets, `tcp` is used); `tcp` uses free loopback ports
 */
export async function createConnectionFile(transport: ConnectionInfo['transport']): Promise<ConnectionFile> {
  const folder = makePrivateFolder();
  if (Buffer.byteLength(join(folder, 'kernel-0')) > longestSocketPath) transport = 'tcp';
  const ports = transport === 'tcp' ? await freePorts(channels.length) : channels.map((_, index) => index + 1);
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  const connection: ConnectionInfo = {
    transport,
    ip: transport === 'tcp' ? '127.0.0.1' : join(folder, 'kernel'),
    ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
    key: randomBytes(32).toString('hex'),
    signature_scheme: 'hmac-sha256',
    kernel_name: 'tensorcell',
  };
  const path = join(folder, 'connection.json');
  writeFileSync(path, JSON.stringify(connection, null, 2), { mode: 0o600 });
  return { path, connection, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Systems take no longer path for a socket file (104 bytes on macOS, 108 on Linux, the last one a zero). */
const longestSocketPath = 103;

/** A new folder that only the user can read: where temporary files go, or should that be missing, wherever one can be made. */
function makePrivateFolder(): string {
  const places = [tmpdir(), '/tmp', '/var/tmp', '.'];
  for (const place of places) {
    try {
      return mkdtempSync(join(resolve(place), 'tensorcell-'));
    } catch {
      continue;
    }
  }
  throw new Error(
    `No folder for temporary files: none can be made in ${places.join(', ')}. Set TMPDIR to one of yours.`,
  );
}

/** Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere). */
const portRange = { first: 10_000, last: 32_000 };

/**
 * Ports that are free now, all different. None is of the ephemeral range: a client that retries until its kernel listens
 * would some day be given the very port that it connects to, connect to itself, and keep the kernel from it.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(portRange.first, portRange.last);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
