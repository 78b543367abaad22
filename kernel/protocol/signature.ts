/** @file Signatures of messages: HMAC over the raw frames, compared in constant time, and a memory of those seen. */
import { createHmac, getHashes, timingSafeEqual } from 'node:crypto';

/** Signs and verifies the four JSON frames of a message with the key of the connection file. */
export class Signer {
  readonly #digest: string;
  readonly #key: string;

  /**
   * @param scheme `hmac-` and the name of a digest, such as `hmac-sha256`
   * @param key empty: messages carry an empty signature, and any is accepted
   */
  constructor(scheme: string, key: string) {
    this.#digest = scheme.replace(/^hmac-/, '');
    this.#key = key;
    if (!scheme.startsWith('hmac-') || !getHashes().includes(this.#digest))
      throw new Error(`signature_scheme must be hmac-<digest>, such as hmac-sha256; got ${JSON.stringify(scheme)}.`);
  }

  get enabled(): boolean {
    return this.#key !== '';
  }

  /** Lower-case hexadecimal signature of the frames, as the specification wants it. */
  sign(frames: readonly Uint8Array[]): string {
    if (!this.enabled) return '';
    const hmac = createHmac(this.#digest, this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest('hex');
  }

  verify(signature: Uint8Array, frames: readonly Uint8Array[]): boolean {
    if (!this.enabled) return true;
    const expected = Buffer.from(this.sign(frames));
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }
}

/** Remembers the newest signatures, so that a message that was recorded and sent again is dropped. */
export class ReplayGuard {
  readonly #capacity: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  /** @param capacity how many signatures are surely remembered; at most twice as many are kept */
  constructor(capacity = 32_768) {
    this.#capacity = capacity;
  }

  /** True where the signature is new; from then on it is known. */
  admit(signature: string): boolean {
    if (this.#newer.has(signature) || this.#older.has(signature)) return false;
    this.#newer.add(signature);
    if (this.#newer.size >= this.#capacity) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    return true;
  }
}
