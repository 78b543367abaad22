/**
 * @file The I/O thread's session with V8's inspector of the main thread, for the debugger in the kernel process. It works
 * while the main thread loops and while it stands at a breakpoint. Nothing of it exists before a debugger asks.
 */
import { Session } from 'node:inspector';
import { type InspectorCommand, debugCalls, debugNotice } from './debug-contract.ts';
import { registerIoCall } from './io-calls.ts';
import { originOf } from './stack.ts';
import type { IoMessage } from './wire.ts';

type Params = Record<string, unknown>;
type Post = (method: string, params: object | undefined, done: (error: Error | null, result?: object) => void) => void;

/** Set by the I/O thread while a session is open, so that the main thread closes it before the process ends. */
export type OpenSessions = Int32Array<SharedArrayBuffer>;

/** The events that the debugger listens to. */
const heard = new Set(['Debugger.paused', 'Debugger.resumed', 'Debugger.scriptParsed', 'Debugger.breakpointResolved']);

/** Where a script is from: Node calls its own from places where nothing that is thrown gets out. */
type Origin = 'node' | 'package' | 'user';
const originOfScript = (url: string): Origin => {
  if (url.startsWith('node:')) return 'node';
  return url.startsWith('file:') && originOf(url) === 'hidden' ? 'package' : 'user';
};

interface CallFrame {
  readonly location: { readonly scriptId: string };
}

/** Stops in Node's own code that a termination walks out of. */
const longestWalk = 40;
/** Of so many attempts to terminate in a row the debugger makes the first half; the rest is for code that it never stops in. */
const attemptsInTurn = 20;

export class DebugBridge {
  readonly #write: (message: IoMessage) => void;
  readonly #terminated: () => void;
  #session: Session | undefined;
  #paused = false;
  /** Between the begin and the end of an interrupt nothing may stop the main thread. */
  #held = false;
  /** Debugger.enable was sent. */
  #enabled = false;
  #open: OpenSessions | undefined;
  /** Of scripts that are not the user's. */
  readonly #origins = new Map<string, Origin>();
  /** Of this interrupt: times it was asked to terminate, and stops on the way. */
  #attempts = 0;
  #walked = 0;
  /** A pause that was asked for may still come, when the interrupt is over already. */
  #draining = false;

  /**
   * @param write to the kernel process
   * @param terminated told when code was, of the interrupt that is under way
   */
  constructor(write: (message: IoMessage) => void, terminated: () => void) {
    this.#write = write;
    this.#terminated = terminated;
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

  /**
   * Terminates what the main thread executes. While V8 debugs, it calls Node's hooks of promises in such a way that what a
   * termination throws in them is lost, and with it every later termination. So the main thread is stopped, walks out of
   * Node's code, and is terminated where it goes on.
   *
   * @returns whether it is the debugger's to do
   */
  terminate(): boolean {
    if (this.#session === undefined || !this.#held) return false;
    if (this.#attempts++ % attemptsInTurn >= attemptsInTurn / 2) return false;
    this.#send('Debugger.setSkipAllPauses', { skip: false });
    this.#send('Debugger.pause', {});
    return true;
  }

  /** The interrupt is over. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#send('Debugger.setSkipAllPauses', { skip: false });
    if (this.#attempts === 0) return;
    this.#attempts = this.#walked = 0;
    // A pause that found nothing to stop waits for the next call: let this be it, and not one in the next cell.
    this.#draining = true;
    const call = { method: 'Runtime.evaluate', params: { expression: '(() => 0)()', silent: true } };
    const drained = (): void => void (this.#draining = false);
    this.#post(call).then(drained, drained);
  }

  /** It stopped while an interrupt is under way, or for one that is over. */
  #endStop(frames: readonly CallFrame[]): void {
    if (this.#draining) return this.#send('Debugger.resume', {});
    const origins = frames.map(({ location }) => this.#origins.get(location.scriptId) ?? 'user');
    if (origins[0] === 'node' && ++this.#walked < longestWalk) return this.#send('Debugger.stepOut', {});
    // Nobody else may be stopped by a breakpoint in the `finally` that follows.
    this.#send('Debugger.setSkipAllPauses', { skip: true });
    const terminateOnResume = origins.includes('user');
    this.#send('Debugger.resume', { terminateOnResume });
    if (terminateOnResume) this.#terminated();
  }

  /** Lets the main thread go on, without a debugger. */
  close(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    this.#paused = this.#held = this.#enabled = this.#draining = false;
    this.#attempts = this.#walked = 0;
    this.#origins.clear();
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
      if (this.#held || this.#draining) return this.#endStop(params.callFrames as CallFrame[]);
      this.#paused = true;
    }
    if (method === 'Debugger.resumed') this.#paused = false;
    if (method !== 'Debugger.scriptParsed') return this.#tell(method, params);
    const { scriptId, url, sourceMapURL } = params as { scriptId: string; url: string; sourceMapURL?: string };
    // Hundreds of scripts are Node's own, which nobody debugs here.
    const origin = originOfScript(url);
    if (origin !== 'user') this.#origins.set(scriptId, origin);
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
