/** @file The file that TensorBoard reads; the writer loads this module, and the libraries it needs, with its first event. */
import { appendFile, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Event } from './event.ts';
import { encodeEvent } from './messages.ts';
import { frameRecord } from './records.ts';

/** Files of one process in one folder are told apart by it. */
let files = 0;

export class EventFile {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** A new file in a folder, which is made. */
  static async create(folder: string, suffix: string): Promise<EventFile> {
    await mkdir(folder, { recursive: true });
    const wallTime = Date.now() / 1000;
    const seconds = String(Math.floor(wallTime)).padStart(10, '0');
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}${suffix}`;
    const file = new EventFile(join(folder, name));
    await file.append([{ wallTime, step: 0n, content: { fileVersion: 'brain.Event:2' } }]);
    return file;
  }

  async append(events: readonly Event[]): Promise<void> {
    await appendFile(this.path, Buffer.concat(events.map((event) => frameRecord(encodeEvent(event)))));
  }
}
