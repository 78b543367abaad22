import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../kernel/protocol/message.ts';
import { printed, startKernel, type TestKernel } from './real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

const run = (code: string, onMessage?: (message: Message) => void) =>
  kernel.client.execute(code, { timeout: 60_000, onMessage });
const last = (messages: readonly Message[]) => messages.at(-1)!.content.execution_state;

describe('output', () => {
  it('of 20,000 lines is complete, in order, joined, and all before idle', async () => {
    const cell = await run('for (let line = 0; line < 20_000; line++) console.log(`line ${line}`)');
    expect(printed(cell)).toBe(Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(''));
    expect(last(cell.messages)).toBe('idle');
    expect(cell.messages.length).toBeLessThan(500);
  });

  it('of one line of 5 MB is complete', async () => {
    const text = printed(await run('process.stdout.write("é".repeat(2_500_000) + "\\n")'));
    expect(text).toHaveLength(2_500_001);
    expect(/^é*\n$/.test(text)).toBe(true);
  });

  it('of 20,000 lines after an await comes before idle too', async () => {
    const cell = await run(
      'await Promise.resolve()\nfor (let line = 0; line < 20_000; line++) console.log(line)\nawait null',
    );
    expect(printed(cell).split('\n')).toHaveLength(20_001);
  });

  it('of a busy loop is seen while it runs', async () => {
    let seenAt = 0;
    const cell = await run(
      'console.log("begin")\nfor (const t = Date.now(); Date.now() - t < 1_000; );\nconsole.log(Date.now())',
      (message) => {
        if (message.content.text === 'begin\n') seenAt = Date.now();
      },
    );
    const endedAt = Number(/\d{10,}/.exec(printed(cell))?.[0]);
    expect(seenAt).toBeGreaterThan(0);
    expect(seenAt).toBeLessThan(endedAt);
  });

  it('keeps the order of stdout, stderr and displays', async () => {
    const cell = await run(
      'console.log("1"); console.error("2"); console.log("3"); display.html("<b>4</b>"); console.log("5"); "6"',
    );
    const order = cell.outputs.map((output) => {
      if (output.output_type === 'stream') return output.text.trim();
      if (output.output_type === 'error') return output.evalue;
      return String(output.data['text/html'] ?? output.data['text/plain']).replace(/<\/?b>|'/g, '');
    });
    expect(order).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('of native code and of children that inherit the pipes is captured', async () => {
    const cell = await run(
      'import { spawnSync } from "node:child_process"\nimport { writeSync } from "node:fs"\nwriteSync(1, "by descriptor\\n")\n' +
        'void spawnSync("echo", ["from a child"], { stdio: "inherit" })\nvoid spawnSync("sh", ["-c", "echo child error >&2"], { stdio: "inherit" })',
    );
    expect(printed(cell)).toContain('by descriptor\n');
    expect(printed(cell)).toContain('from a child\n');
    expect(printed(cell, 'stderr')).toContain('child error\n');
    expect(last(cell.messages)).toBe('idle');
  });

  it('that is late belongs to the cell that started it', async () => {
    const late = kernel.client.nextIopub(({ content }) => String(content.text).includes('from the timer'), 10_000);
    const first = await run('void setTimeout(() => console.log("from the timer"), 150)');
    const second = await run('await new Promise((resolve) => setTimeout(resolve, 400)); console.log("own")');
    expect((await late).parent_header.msg_id).toBe(first.messages[0].parent_header.msg_id);
    expect(printed(second)).toBe('own\n');
  });

  it('of a silent cell stays silent', async () => {
    const cell = await kernel.client.execute('console.log("x"); display.html("y"); 1', { silent: true });
    expect(cell.messages.map(({ header }) => header.msg_type)).toEqual(['status', 'status']);
  });

  it('is replaced by clearOutput and by updates of a display', async () => {
    const cleared = await run('console.log("old"); clearOutput(); console.log("new")');
    expect(printed(cleared)).toBe('new\n');
    const updated = await run('const handle = display.html("<i>0</i>"); void handle.update("<i>1</i>")');
    expect(updated.reply.status).toBe('ok');
    expect(updated.messages.map(({ header }) => header.msg_type)).toContain('update_display_data');
  });

  it('of every kind has the parent header of its cell', async () => {
    const cell = await run('console.log("a"); display.html("b"); clearOutput({ wait: true }); "c"');
    const parents = new Set(cell.messages.map(({ parent_header }) => parent_header.msg_id));
    expect(parents.size).toBe(1);
    expect(cell.messages.map(({ header }) => header.msg_type)).toEqual([
      'status',
      'execute_input',
      'stream',
      'display_data',
      'clear_output',
      'execute_result',
      'status',
    ]);
  });
});
