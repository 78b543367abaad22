/** @file One-op sessions: made when a primitive first meets such dtypes, ranks or shapes, then kept. */
import type { AbstractValue, DevicePrimitive, PrimitiveParams } from '../../primitives/primitives.ts';
import type { OrtApi, Pointer } from './api.ts';
import { GraphBuilder, makeValue } from './builder.ts';
import type { Lowering } from './lowering.ts';
import { loweringOf } from './lowerings/index.ts';
import { elementTypes } from './model.ts';
import type { Runtime } from './runtime.ts';
import type { Session } from './session.ts';

/** Sessions kept; the one unused longest goes first. Each takes about 0.15 MB. */
const capacity = 1024;

/** int64 numbers in memory that an OrtValue points to. */
interface FedVector {
  readonly numbers: BigInt64Array<ArrayBuffer>;
  readonly value: Pointer;
}

interface Kernel {
  readonly session: Session;
  /** The operands that parameters are fed through; they follow the inputs. */
  readonly vectors: readonly FedVector[];
}

const describe: Record<Lowering<DevicePrimitive>['dependsOn'], (input: AbstractValue) => string> = {
  dtypes: ({ dtype }) => `,${dtype}`,
  ranks: ({ dtype, shape }) => `,${dtype}${shape.length}`,
  shapes: ({ dtype, shape }) => `,${dtype}[${shape.join()}]`,
};

function describeParams(fixed: unknown): string {
  if (typeof fixed !== 'object' || fixed === null) return String(fixed);
  for (const _ in fixed) return JSON.stringify(fixed);
  return '';
}

export class Kernels {
  private readonly api: OrtApi;
  private readonly runtime: Runtime;
  private readonly known = new Map<string, Kernel>();

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.api = runtime.api;
  }

  /** The session for such a call with its parameters set: inputs and outputs have yet to be. */
  prepare<P extends DevicePrimitive>(
    primitive: P,
    inputs: readonly AbstractValue[],
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): Session {
    const lowering = loweringOf(primitive);
    const vectors = lowering.vectors?.(inputs, params);
    const describeInput = describe[lowering.dependsOn];
    let key: string = primitive;
    for (const input of inputs) key += describeInput(input);
    if (lowering.fixed) key += `;${describeParams(lowering.fixed(params))}`;
    else if (!vectors) key += describeParams(params);
    if (vectors) for (const numbers of vectors) key += `;${numbers.length}`;
    if (lowering.variant) key += lowering.variant(inputs, params);

    let kernel = this.known.get(key);
    if (!kernel) {
      kernel = this.make(lowering, { inputs, params, outputs }, vectors ?? []);
      this.known.set(key, kernel);
      if (this.known.size > capacity) this.dropOldest();
    } else if (this.known.size > capacity / 2) {
      this.known.delete(key);
      this.known.set(key, kernel);
    }
    if (vectors)
      vectors.forEach((numbers, i) => {
        const fed = kernel.vectors[i];
        for (let j = 0; j < numbers.length; j++) fed.numbers[j] = BigInt(numbers[j]);
        kernel.session.setInput(inputs.length + i, fed.value);
      });
    return kernel.session;
  }

  private make<P extends DevicePrimitive>(
    lowering: Lowering<P>,
    call: { inputs: readonly AbstractValue[]; params: PrimitiveParams[P]; outputs: readonly AbstractValue[] },
    vectors: readonly (readonly number[])[],
  ): Kernel {
    const builder = new GraphBuilder(this.runtime.provider);
    const names = call.inputs.map(() => builder.fresh('input'));
    const vectorNames = vectors.map(() => builder.fresh('vector'));
    const results = lowering
      .build(builder, {
        params: call.params,
        outputs: call.outputs,
        inputs: call.inputs.map((input, i) => makeValue(input, names[i])),
        vectors: vectorNames,
      })
      .map((result) => builder.plain(result));
    const shaped = lowering.dependsOn === 'shapes';
    const declare = (name: string, { dtype, shape }: AbstractValue) => ({
      name,
      dtype,
      shape: shaped ? shape : undefined,
    });
    const { nodes, constants, outputs } = builder.finish(results);
    const session = this.runtime.createSession({
      nodes,
      constants,
      inputs: [
        ...call.inputs.map((input, i) => declare(names[i], input)),
        ...vectorNames.map((name) => ({ name, dtype: 'int64' as const })),
      ],
      outputs: outputs.map((name, i) => declare(name, call.outputs[i])),
    });
    return { session, vectors: vectors.map((numbers) => this.feed(numbers.length)) };
  }

  private feed(length: number): FedVector {
    const numbers = new BigInt64Array(Math.max(1, length));
    const size = new BigInt64Array([BigInt(length)]);
    const { addressOf } = this.api;
    const value = this.api.createTensor(
      addressOf(numbers.buffer),
      length * 8,
      addressOf(size.buffer),
      1,
      elementTypes.int64,
    );
    return { numbers, value };
  }

  private dropOldest(): void {
    for (const [key, { session, vectors }] of this.known) {
      this.known.delete(key);
      session.dispose();
      for (const { value } of vectors) this.api.releaseValue(value);
      return;
    }
  }
}
