/** @file A native session: one model, its names and its slots for operands. */
import type { OrtApi, Pointer } from './api.ts';
import { type OnnxModel, writeModel } from './model.ts';
import { CStrings, PointerArray } from './pointers.ts';

export class Session {
  private readonly api: OrtApi;
  private handle: Pointer;
  private readonly inputNames: CStrings;
  private readonly outputNames: CStrings;
  private readonly inputCount: number;
  private readonly outputCount: number;
  private readonly inputSlots: PointerArray;
  private readonly outputSlots: PointerArray;
  private running = 0;
  private disposed = false;

  /** @param options of the execution provider; left out, the CPU */
  constructor(api: OrtApi, model: OnnxModel, options?: Pointer) {
    this.api = api;
    this.handle = api.createSession(writeModel(model), options);
    this.inputCount = model.inputs.length;
    this.outputCount = model.outputs.length;
    this.inputNames = new CStrings(
      model.inputs.map(({ name }) => name),
      api.addressOf,
    );
    this.outputNames = new CStrings(
      model.outputs.map(({ name }) => name),
      api.addressOf,
    );
    this.inputSlots = new PointerArray(api.addressOf, this.inputCount);
    this.outputSlots = new PointerArray(api.addressOf, this.outputCount);
  }

  /** Of the native session. */
  get address(): Pointer {
    return this.handle;
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
      inputNames.address,
      inputSlots.address,
      this.inputCount,
      outputNames.address,
      this.outputCount,
      outputSlots.address,
    );
  }

  /** Runs on another thread. The operands must stay alive until the promise settles. */
  async runAsync(inputs: readonly Pointer[], outputs: readonly Pointer[]): Promise<void> {
    const inputSlots = new PointerArray(this.api.addressOf, inputs.length);
    const outputSlots = new PointerArray(this.api.addressOf, outputs.length);
    inputs.forEach((value, i) => inputSlots.set(i, value));
    outputs.forEach((value, i) => outputSlots.set(i, value));
    this.running++;
    try {
      await this.api.runAsync(
        this.handle,
        this.inputNames.address,
        inputSlots.address,
        inputs.length,
        this.outputNames.address,
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
