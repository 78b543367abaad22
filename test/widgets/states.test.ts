/** @file What widgets send, beside what Python's ipywidgets sends for the same (test/fixtures/widgets/make.py). */
import { describe, expect, it } from 'vitest';
import { registerWidgetTargets } from '../../kernel/widgets/registry.ts';
import * as widgets from '../../kernel/widgets/index.ts';
import { readFixture } from '../support/fixtures.ts';
import { Models, Recorder, type RecordedMessage, type State } from './recorder.ts';

interface Case {
  readonly class: string;
  readonly options: State;
  /** How many labels the widget holds. */
  readonly children?: number;
  readonly sets?: readonly State[];
  readonly receives?: readonly State[];
}

interface PythonMessage extends Omit<RecordedMessage, 'model'> {
  readonly model: number;
}

interface PythonResult {
  readonly opened: readonly PythonMessage[];
  readonly sets: readonly (readonly PythonMessage[])[];
  readonly receives: readonly (readonly PythonMessage[])[];
}

const cases = readFixture<Case[]>('widgets/cases.json');
const results = readFixture<PythonResult[]>('widgets/states.json');
const recorder = new Recorder();
registerWidgetTargets();

/** Values that JSON lacks. */
const decoders: Readonly<Record<string, (parts: number[]) => unknown>> = {
  $bytes: (bytes) => new Uint8Array(bytes),
  $date: ([year, month, day]) => new Date(year, month - 1, day),
  $naive: ([year, month, day, ...time]) => new Date(year, month - 1, day, ...time),
  $datetime: ([year, month, day, ...time]) => new Date(Date.UTC(year, month - 1, day, ...time)),
  $time: (parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'),
};

const decode = (options: State): State =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const [key, parts] = Object.entries((value ?? {}) as Record<string, number[]>)[0] ?? [];
      return [name, key?.startsWith('$') ? decoders[key](parts) : value];
    }),
  );

const make = ({ class: name, options, children }: Case): widgets.Widget => {
  const type = (widgets as unknown as Record<string, new (...args: unknown[]) => widgets.Widget>)[name];
  if (children === undefined) return new type(decode(options));
  const labels = Array.from({ length: children }, (_, index) => new widgets.Label({ value: String(index) }));
  return new type(labels, decode(options));
};

const named = (message: PythonMessage): RecordedMessage => ({ ...message, model: String(message.model) });
const echoes = (messages: readonly { data: RecordedMessage['data'] }[]) =>
  messages.filter(({ data }) => data.method === 'echo_update').map(({ data }) => data);

describe('like ipywidgets', () => {
  cases.forEach((each, index) => {
    const python = results[index];
    it(`${each.class} ${JSON.stringify(each.options).slice(0, 60)}`, async () => {
      const theirs = new Models();
      theirs.add(python.opened.map(named));
      const last = python.opened.at(-1)!;
      const root = String(last.model);

      recorder.take();
      const widget = make(each);
      const opened = recorder.take();
      expect(opened.every(({ type }) => type === 'comm_open')).toBe(true);
      const { metadata, target, data } = opened.at(-1)!;
      expect({ metadata, target }).toEqual({ metadata: last.metadata, target: last.target });
      expect(data.buffer_paths).toEqual(last.data.buffer_paths);
      expect(opened).toHaveLength(python.opened.length);
      const same = (): void => {
        expect(theirs.whole(root)).toHaveProperty('_model_name', last.data.state?._model_name);
        expect(recorder.models.whole(widget.modelId)).toEqual(theirs.whole(root));
      };
      same();

      for (const [step, change] of (each.sets ?? []).entries()) {
        for (const [name, value] of Object.entries(decode(change))) (widget as unknown as State)[name] = value;
        theirs.add(python.sets[step].map(named));
        same();
      }
      for (const [step, state] of (each.receives ?? []).entries()) {
        recorder.take();
        await recorder.update(widget.modelId, structuredClone(state));
        expect(recorder.errors).toEqual([]);
        expect(echoes(recorder.take())).toEqual(echoes(python.receives[step]));
        theirs.add(python.receives[step].map(named));
        same();
      }
    });
  });
});
