/** @file Messages that no client would send: broken, forged, huge, deep, of wrong types. All follow from a seed. */
import { Signer } from '../../kernel/protocol/signature.ts';
import type { Random } from './random.ts';

const delimiter = Buffer.from('<IDS|MSG>');

/** JSON values of every kind, and some that programs stumble over. */
const oddValues: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    2 ** 53,
    1e308,
    '',
    'x',
    ' ',
    '\u0000',
    '\ud800',
    '🧮',
    '__proto__',
    'constructor',
  ],
  ...[
    [],
    [[]],
    ['a', 1],
    {},
    { a: { b: {} } },
    { __proto__: null, constructor: 1 },
    { length: -1 },
    'a'.repeat(20_000),
  ],
];

/** Every request that a client may send without ending the kernel, with contents that would be right. */
const requests: readonly { readonly type: string; readonly content: Record<string, unknown> }[] = [
  { type: 'kernel_info_request', content: {} },
  {
    type: 'execute_request',
    content: {
      ...{ code: '1', silent: false, store_history: true, user_expressions: { a: '1' } },
      ...{ allow_stdin: false, stop_on_error: false },
    },
  },
  { type: 'complete_request', content: { code: 'Math.', cursor_pos: 5 } },
  { type: 'inspect_request', content: { code: 'Math', cursor_pos: 4, detail_level: 0 } },
  { type: 'is_complete_request', content: { code: 'if (1) {' } },
  {
    type: 'history_request',
    content: {
      ...{ hist_access_type: 'tail', output: false, raw: true, n: 3, session: 0, start: 0, stop: 2 },
      ...{ pattern: '*', unique: false },
    },
  },
  { type: 'history_request', content: { hist_access_type: 'range', session: 0, start: 0, stop: 2 } },
  { type: 'history_request', content: { hist_access_type: 'search', pattern: '*1*', n: 3, unique: true } },
  { type: 'comm_info_request', content: { target_name: 'x' } },
  { type: 'comm_open', content: { comm_id: 'c1', target_name: 'nobody', data: {} } },
  { type: 'comm_msg', content: { comm_id: 'c1', data: { method: 'update' } } },
  { type: 'comm_close', content: { comm_id: 'c1', data: {} } },
  { type: 'interrupt_request', content: {} },
  { type: 'usage_request', content: {} },
  { type: 'input_reply', content: { value: 'x', status: 'ok' } },
  { type: 'create_subshell_request', content: {} },
  { type: 'delete_subshell_request', content: { subshell_id: 'none' } },
  { type: 'list_subshell_request', content: {} },
  {
    type: 'debug_request',
    content: { type: 'request', seq: 1, command: 'debugInfo', arguments: { threadId: 1, source: {} } },
  },
  { type: 'no_such_request', content: {} },
  { type: 'constructor', content: {} },
  { type: '__proto__', content: {} },
];

/** Makes hostile messages for a connection whose key it knows; without the key most attacks end at the signature. */
export class HostileMessages {
  readonly #random: Random;
  readonly #signer: Signer;
  #count = 0;
  #recorded: Uint8Array[] | undefined;

  constructor(random: Random, key: string) {
    this.#random = random;
    this.#signer = new Signer('hmac-sha256', key);
  }

  /** The frames of the next message. */
  next(): Uint8Array[] {
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.1) return this.#noise();
    if (kind < 0.2) return this.#truncated();
    if (kind < 0.25) return this.#replayed();
    if (kind < 0.35) return this.#forged();
    if (kind < 0.45) return this.#signedNonsense();
    if (kind < 0.5) return this.#deep();
    if (kind < 0.51) return this.#huge();
    if (kind < 0.6) return this.#oddHeader();
    return this.#oddContent();
  }

  /** A message of the right form, signed. */
  #valid(type: string, content: unknown, header: object = {}): Uint8Array[] {
    const id = `hostile-${this.#count++}`;
    const fields = { msg_id: id, msg_type: type, session: 'hostile', username: 'x', date: '', version: '5.5' };
    return this.#sign([{ ...fields, ...header }, {}, {}, content].map((part) => JSON.stringify(part)));
  }

  #sign(json: readonly string[]): Uint8Array[] {
    const frames = json.map((text) => Buffer.from(text));
    return [delimiter, Buffer.from(this.#signer.sign(frames)), ...frames];
  }

  #request(): Uint8Array[] {
    const { type, content } = this.#random.pick(requests);
    return this.#valid(type, content);
  }

  /** Random bytes, now and then around a delimiter. */
  #noise(): Uint8Array[] {
    const random = this.#random;
    const frames: Uint8Array[] = random.list(random.integer(1, 12), () => random.bytes(random.integer(0, 200)));
    if (random.chance(0.5)) frames.splice(random.integer(0, frames.length), 0, delimiter);
    return frames;
  }

  /** Frames are missing, doubled or cut short. */
  #truncated(): Uint8Array[] {
    const random = this.#random;
    const frames = this.#request();
    const at = random.integer(0, frames.length);
    if (random.chance(0.4)) return frames.slice(0, Math.max(1, at));
    if (random.chance(0.3)) return frames.toSpliced(at, 0, frames[at]);
    return frames.with(at, frames[at].subarray(0, random.integer(0, frames[at].length)));
  }

  #replayed(): Uint8Array[] {
    if (this.#recorded === undefined || this.#random.chance(0.1)) this.#recorded = this.#request();
    return [...this.#recorded];
  }

  /** One bit differs, in the signature or in what it signs. */
  #forged(): Uint8Array[] {
    const frames = this.#request();
    const at = this.#random.integer(1, frames.length);
    const frame = Buffer.from(frames[at]);
    const place = this.#random.integer(0, frame.length);
    frame[place] ^= 1 << this.#random.integer(0, 8);
    return frames.with(at, frame);
  }

  /** Rightly signed frames that are no JSON, or no objects. */
  #signedNonsense(): Uint8Array[] {
    const random = this.#random;
    const texts = ['{"msg_id":"a","msg_type":"kernel_info_request"}', '{}', '{}', '{}'];
    const nonsense = ['', '{', 'null', '[]', '"text"', '12', '{"a":}', '\u0000', '{}{}', 'NaN', '{"a":1e999}'];
    return this.#sign(texts.with(random.integer(0, 4), random.pick(nonsense)));
  }

  /** JSON so deep that a program that recurses runs out of stack. */
  #deep(): Uint8Array[] {
    const random = this.#random;
    const levels = random.pick([100, 5_000, 100_000]);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ]);
    const nested = open.repeat(levels) + (open === '[' ? '' : '1') + close.repeat(levels);
    const id = `deep-${this.#count++}`;
    const { type, content } = random.pick(requests);
    const header = (extra: string): string => `{"msg_id":"${id}","msg_type":"${type}"${extra}}`;
    const name = random.pick([...Object.keys(content), 'other']);
    const fields = JSON.stringify({ ...content, [name]: 0 }).replace(`"${name}":0`, () => `"${name}":${nested}`);
    return random.pick([
      () => this.#sign([header(`,"extra":${nested}`), '{}', '{}', '{}']),
      () => this.#sign([header(''), `{"a":${nested}}`, '{}', '{}']),
      () => this.#sign([header(''), '{}', `{"a":${nested}}`, '{}']),
      () => this.#sign([header(''), '{}', '{}', fields]),
    ])();
  }

  /** Frames of megabytes, unsigned and signed, and many frames. */
  #huge(): Uint8Array[] {
    const random = this.#random;
    const size = random.integer(1, 8) * 1024 * 1024;
    return random.pick([
      () => [delimiter, Buffer.alloc(64), Buffer.alloc(size, 123)],
      () => this.#valid('is_complete_request', { code: ' '.repeat(size) }),
      () => this.#valid('kernel_info_request', { blob: 'x'.repeat(size) }),
      () => [...this.#valid('kernel_info_request', {}), ...random.list(5_000, () => Buffer.alloc(10))],
      () => random.list(5_000, () => Buffer.alloc(10)),
    ])();
  }

  /** A header with a field of another type, or one too many. */
  #oddHeader(): Uint8Array[] {
    const random = this.#random;
    const field = random.pick(['msg_id', 'msg_type', 'session', 'username', 'date', 'version', 'subshell_id', 'more']);
    const { type, content } = random.pick(requests);
    return this.#valid(type, content, { [field]: random.pick(oddValues) });
  }

  /** A request with a field of another type, or without one. */
  #oddContent(): Uint8Array[] {
    const random = this.#random;
    const { type, content } = random.pick(requests);
    const names = Object.keys(content);
    if (names.length === 0) return this.#valid(type, random.pick(oddValues));
    const changed: Record<string, unknown> = { ...content };
    for (let changes = random.integer(1, 3); changes > 0; changes--) {
      const name = random.pick(names);
      if (random.chance(0.2)) Reflect.deleteProperty(changed, name);
      else changed[name] = random.pick(oddValues);
    }
    return this.#valid(type, changed);
  }
}
