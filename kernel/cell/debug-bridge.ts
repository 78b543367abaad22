/**
 * @file The I/O thread's session with V8's inspector of the main thread, for the debugger in the kernel process. It works
 * while the main thread loops and while it stands at a breakpoint. Nothing of it exists before a debugger asks.
 */
import { Session } from 'node:inspector';
import { type InspectorCommand, debugCalls, debugNotice } from './debug-contract.ts';
import { registerIoCall } from './io-calls.ts';
import type { IoMessage } from './wire.ts';

type Params = Record<string, unknown>;
type Post = (method: string, params: object | undefined, done: (error: Error | null, result?: object) => void) => void;

/** Set by the I/O thread while a session is open, so that the main thread closes it before the process ends. */
export type OpenSessions = Int32Array<SharedArrayBuffer>;

/** The events that the debugger listens to. */
const heard = new Set(['Debugger.paused', 'Debugger.resumed', 'Debugger.scriptParsed', 'Debugger.breakpointResolved']);

export class DebugBridge {
  readonly #write: (message: IoMessage) => void;
  #session: Session | undefined;
  #paused = false;
  /** Between the begin and the end of an interrupt nothing may stop the main thread. */
  #held = false;
  /** Debugger.enable was sent. */
  #enabled = false;
  #open: OpenSessions | undefined;

  /** @param write to the kernel process */
  constructor(write: (message: IoMessage) => void) {
    this.#write = write;
    registerIoCall(debugCalls.open, () => this.#connect());
    registerIoCall(debugCalls.post, (command) => this.#post(command as InspectorCommand));
    registerIoCall(debugCalls.close, () => this.close());
  }

  /** From now on the main thread is told through `open` whether it has to wait with its end. */
  announce(open: OpenSessions): void {
    this.#open = open;
    this.#tellMainThread();
  }

  /**
   * An interrupt begins: whoever stands at a breakpoint is terminated, and nobody stops at one any more.
   *
   * @returns whether something was terminated
   */
  hold(): boolean {
    if (this.#session === undefined || !this.#enabled || this.#held) return false;
    this.#held = true;
    this.#send('Debugger.setSkipAllPauses', { skip: true });
    if (!this.#paused) return false;
    this.#send('Debugger.resume', { terminateOnResume: true });
    return true;
  }

  /** The interrupt is over. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#send('Debugger.setSkipAllPauses', { skip: false });
  }

  /** Lets the main thread go on, without a debugger. */
  close(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    this.#paused = this.#held = this.#enabled = false;
    this.#tellMainThread();
  }

  #connect(): void {
    if (this.#session !== undefined) return;
    this.#session = new Session();
    this.#session.connectToMainThread();
    this.#session.on('inspectorNotification', (event) => this.#hear(event as { method: string; params: Params }));
    this.#tellMainThread();
  }

  #hear({ method, params }: { method: string; params: Params }): void {
    if (!heard.has(method)) return;
    if (method === 'Debugger.paused') {
      this.#paused = true;
      // It stopped while the interrupt was on its way here.
      if (this.#held) return this.#send('Debugger.resume', { terminateOnResume: true });
    }
    if (method === 'Debugger.resumed') this.#paused = false;
    if (method !== 'Debugger.scriptParsed') return this.#tell(method, params);
    const { scriptId, url, sourceMapURL } = params as { scriptId: string; url: string; sourceMapURL?: string };
    // Hundreds of scripts are Node's own, which nobody debugs here.
    if (url === '' || url.startsWith('node:')) return;
    // A map may be megabytes, and those of libraries are not read.
    this.#tell(method, url.includes('/node_modules/') ? { scriptId, url } : { scriptId, url, sourceMapURL });
  }

  #tell(method: string, params: Params): void {
    this.#write({ notice: debugNotice, argument: { method, params } });
  }

  /** Posts what nobody waits for; it fails where the session is closed meanwhile, and then it is not needed. */
  #send(method: string, params: object): void {
    this.#post({ method, params }).catch(() => undefined);
  }

  #post({ method, params }: InspectorCommand): Promise<unknown> {
    const session = this.#session;
    if (session === undefined) throw new Error('No debugger session is open in the cell process.');
    if (method === 'Debugger.enable') this.#enabled = true;
    if (method === 'Debugger.disable') this.#enabled = false;
    return new Promise((resolve, reject) => {
      (session.post as Post).call(session, method, params, (error, result) => {
        if (error === null) resolve(result);
        else reject(new Error(error.message));
      });
    });
  }

  #tellMainThread(): void {
    if (this.#open === undefined) return;
    Atomics.store(this.#open, 0, this.#session === undefined ? 0 : 1);
    Atomics.notify(this.#open, 0);
  }
}
