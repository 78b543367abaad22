/** @file Effects on the host: lines that a graph prints, and assertions that end it. */
import type { MessageParams, ObserveParams, PrintParams } from '../../primitives/primitives.ts';
import { formatElements, formatFacts } from '../../tensor/format.ts';
import { AssertionError } from '../../tensor/errors.ts';
import type { TypedArray } from '../../tensor/dtype.ts';
import { decodeText, stringsOf } from '../../tensor/string-storage.ts';
import type { EngineValue } from '../engine.ts';

/** Elements with what is said of them: of a complex operand real and imaginary parts in turns. */
function elementsOf(tensors: readonly EngineValue[]): { data: TypedArray | string[]; dtype: EngineValue['dtype'] } {
  const [first, second] = tensors;
  if (first.dtype === 'string') return { data: stringsOf(first.storage).map(decodeText), dtype: 'string' };
  const data = first.storage.readSync();
  if (second === undefined) return { data, dtype: first.dtype };
  const imaginary = second.storage.readSync() as Float32Array;
  const pairs = new Float32Array(2 * data.length);
  data.forEach((re, i) => {
    pairs[2 * i] = Number(re);
    pairs[2 * i + 1] = imaginary[i];
  });
  return { data: pairs, dtype: 'complex64' };
}

/** The message with its operands written out. */
function message(
  inputs: readonly EngineValue[],
  { text, parts, summarize }: MessageParams,
  style: PrintParams['style'] = 'elements',
): string {
  let place = 0;
  const operands = parts.map((count) => {
    const { shape } = inputs[place];
    const { data, dtype } = elementsOf(inputs.slice(place, (place += count)));
    if (style === 'elements') return formatElements(data, dtype, shape, '', summarize);
    return `${formatFacts(dtype, shape, style === 'verbose')}\n    ${formatElements(data, dtype, shape, '    ')}`;
  });
  return text[0] + operands.map((operand, i) => operand + text[i + 1]).join('');
}

export function print(inputs: readonly EngineValue[], params: PrintParams): void {
  const line = message(inputs, params, params.style);
  if (params.stream === 'stderr') console.error(line);
  else console.log(line);
}

/** @throws AssertionError where the first operand, the condition, is false */
export function assert([condition, ...operands]: readonly EngineValue[], params: MessageParams): void {
  if (Number(condition.storage.readSync()[0]) === 0) throw new AssertionError(message(operands, params));
}

export function observe(inputs: readonly EngineValue[], { observer }: ObserveParams): void {
  observer(
    inputs.map(({ dtype, shape, storage }) => ({
      dtype,
      shape,
      elements: dtype === 'string' ? stringsOf(storage) : storage.readSync(),
    })),
  );
}
