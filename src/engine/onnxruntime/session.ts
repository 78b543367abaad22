/** @file A native session: one model, its names and its slots for operands. */
import type { OrtApi, Pointer } from './api.ts';
import { type OnnxModel, writeModel } from './model.ts';

const twoTo32 = 2 ** 32;

/** An array of pointers in native memory. */
class PointerArray {
  readonly address: Pointer;
  /** Low and high halves: writing numbers this way needs no BigInt. Every platform supported is little-endian. */
  private readonly halves: Uint32Array<ArrayBuffer>;

  constructor(api: OrtApi, length: number) {
    this.halves = new Uint32Array(Math.max(2, 2 * length));
    this.address = api.addressOf(this.halves.buffer);
  }

  set(index: number, pointer: Pointer): void {
    this.halves[2 * index] = pointer % twoTo32;
    this.halves[2 * index + 1] = pointer / twoTo32;
  }
}

/** NUL-terminated strings with an array of pointers to them. */
class NameArray {
  readonly array: PointerArray;
  /** Referenced as long as the pointers are. */
  private readonly text: Uint8Array<ArrayBuffer>;

  constructor(api: OrtApi, names: readonly string[]) {
    this.text = new TextEncoder().encode(names.map((name) => `${name}\0`).join('') || '\0') as Uint8Array<ArrayBuffer>;
    this.text = this.text.slice();
    this.array = new PointerArray(api, names.length);
    let address = api.addressOf(this.text.buffer);
    names.forEach((name, i) => {
      this.array.set(i, address);
      address += name.length + 1;
    });
  }
}

export class Session {
  private readonly api: OrtApi;
  private handle: Pointer;
  private readonly inputNames: NameArray;
  private readonly outputNames: NameArray;
  private readonly inputCount: number;
  private readonly outputCount: number;
  private readonly inputSlots: PointerArray;
  private readonly outputSlots: PointerArray;
  private running = 0;
  private disposed = false;

  constructor(api: OrtApi, model: OnnxModel) {
    this.api = api;
    this.handle = api.createSession(writeModel(model));
    this.inputCount = model.inputs.length;
    this.outputCount = model.outputs.length;
    this.inputNames = new NameArray(
      api,
      model.inputs.map(({ name }) => name),
    );
    this.outputNames = new NameArray(
      api,
      model.outputs.map(({ name }) => name),
    );
    this.inputSlots = new PointerArray(api, this.inputCount);
    this.outputSlots = new PointerArray(api, this.outputCount);
  }

  setInput(index: number, value: Pointer): void {
    this.inputSlots.set(index, value);
  }

  setOutput(index: number, value: Pointer): void {
    this.outputSlots.set(index, value);
  }

  /** Runs on the operands in the slots. */
  run(): void {
    const { handle, inputNames, inputSlots, outputNames, outputSlots } = this;
    this.api.run(
      handle,
      inputNames.array.address,
      inputSlots.address,
      this.inputCount,
      outputNames.array.address,
      this.outputCount,
      outputSlots.address,
    );
  }

  /** Runs on another thread. The operands must stay alive until the promise settles. */
  async runAsync(inputs: readonly Pointer[], outputs: readonly Pointer[]): Promise<void> {
    const inputSlots = new PointerArray(this.api, inputs.length);
    const outputSlots = new PointerArray(this.api, outputs.length);
    inputs.forEach((value, i) => inputSlots.set(i, value));
    outputs.forEach((value, i) => outputSlots.set(i, value));
    this.running++;
    try {
      await this.api.runAsync(
        this.handle,
        this.inputNames.array.address,
        inputSlots.address,
        inputs.length,
        this.outputNames.array.address,
        outputs.length,
        outputSlots.address,
      );
    } finally {
      this.running--;
      // The slots are touched after the run, so that they are alive during it.
      inputSlots.set(0, 0);
      outputSlots.set(0, 0);
      this.releaseWhenIdle();
    }
  }

  /** Releases the session, after the runs that are under way. */
  dispose(): void {
    this.disposed = true;
    this.releaseWhenIdle();
  }

  private releaseWhenIdle(): void {
    if (!this.disposed || this.running > 0 || this.handle === 0) return;
    this.api.releaseSession(this.handle);
    this.handle = 0;
  }
}
