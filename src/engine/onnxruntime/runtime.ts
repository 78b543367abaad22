/** @file What one-op sessions and graphs of one device share: the library, the tensors' memory, options of sessions. */
import type { OrtApi, Pointer } from './api.ts';
import type { Provider } from './builder.ts';
import type { TensorMemory } from './memory.ts';
import type { OnnxModel } from './model.ts';
import { Session } from './session.ts';

export class Runtime {
  readonly api: OrtApi;
  readonly memory: TensorMemory;
  readonly provider: Provider;
  private readonly options: Pointer | undefined;
  private readonly inspect: ((session: Session) => void) | undefined;

  /**
   * @param options of sessions; left out, those of the CPU
   * @param inspect sees each new session: where its nodes run
   */
  constructor(
    api: OrtApi,
    memory: TensorMemory,
    provider: Provider,
    options?: Pointer,
    inspect?: (session: Session) => void,
  ) {
    this.api = api;
    this.memory = memory;
    this.provider = provider;
    this.options = options;
    this.inspect = inspect;
  }

  createSession(model: OnnxModel): Session {
    const session = new Session(this.api, model, this.options);
    this.inspect?.(session);
    return session;
  }
}
