import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientComms, endOfInput, type ExecuteResult, type InputQuestion } from '../../kernel/client/index.ts';
import { failure, printed, result, sleep, startKernel, traceback, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.dispose());

/** Runs a cell and answers its questions in turn. */
async function answering(code: string, ...lines: string[]): Promise<ExecuteResult & { questions: InputQuestion[] }> {
  const questions: InputQuestion[] = [];
  const executed = await kernel.client.execute(code, {
    onInput: (question) => {
      questions.push(question);
      return lines[questions.length - 1] ?? 'an answer too many';
    },
  });
  return { ...executed, questions };
}

describe('functions that block', () => {
  it('prompt gives the line', async () => {
    const executed = await answering(`prompt('Name:') + '!'`, 'Ada');
    expect(result(executed)).toBe(`'Ada!'`);
    expect(executed.questions).toEqual([{ prompt: 'Name:', password: false }]);
  });

  it('prompt gives its default for an empty line, and null at the end of the input', async () => {
    const executed = await answering(
      `[prompt('a', 'x'), prompt('b', 'x'), prompt('c'), prompt('d')]`,
      '',
      'y',
      '',
      endOfInput,
    );
    expect(result(executed)).toBe(`[ 'x', 'y', '', null ]`);
    expect(executed.questions[0].prompt).toBe('a [x] ');
  });

  it('prompt.password hides what is typed', async () => {
    const executed = await answering(`prompt.password('Key: ')`, 'secret');
    expect(result(executed)).toBe(`'secret'`);
    expect(executed.questions).toEqual([{ prompt: 'Key: ', password: true }]);
  });

  it.each([
    ['y', 'true'],
    ['Yes', 'true'],
    ['', 'false'],
    ['no', 'false'],
    [endOfInput, 'false'],
  ])('confirm takes %j for %s', async (line, expected) => {
    const executed = await answering(`confirm('Delete?')`, line);
    expect(result(executed)).toBe(expected);
    expect(executed.questions[0].prompt).toBe('Delete? [y/N] ');
  });

  it('alert waits for Enter and gives nothing', async () => {
    const executed = await answering(`alert('Done')`, '');
    expect(result(executed)).toBeUndefined();
    expect(executed.questions[0].prompt).toBe('Done [Enter] ');
  });

  it('ask while a function of the cell is in the middle of its work', async () => {
    const code = `function total() { let sum = 0; for (let line = prompt('n'); line; line = prompt('n')) sum += Number(line); return sum }\ntotal()`;
    expect(result(await answering(code, '1', '20', ''))).toBe('21');
  });
});

describe('input', () => {
  it('is awaited, and other code runs meanwhile', async () => {
    const code = `const order: string[] = []\nqueueMicrotask(() => order.push('microtask'))\norder.push(await input('Name: '))\norder`;
    const executed = await answering(code, 'Ada');
    expect(result(executed)).toBe(`[ 'microtask', 'Ada' ]`);
    expect(executed.questions).toEqual([{ prompt: 'Name: ', password: false }]);
  });

  it('has a variant for passwords', async () => {
    const executed = await answering(`await input.password('Key: ')`, 'secret');
    expect(executed.questions).toEqual([{ prompt: 'Key: ', password: true }]);
  });

  it('asks one question after the other', async () => {
    const executed = await answering(`await Promise.all([input('a'), input('b')])`, '1', '2');
    expect(result(executed)).toBe(`[ '1', '2' ]`);
  });

  it('throws at the end of the input', async () => {
    const executed = await answering(`await input()`, endOfInput);
    expect(failure(executed)).toBe('EOFError: input() found the end of the input.');
  });

  it('asks after what was printed before', async () => {
    const seen: string[] = [];
    await kernel.client.execute(`console.log('first')\nprompt('second')`, {
      onMessage: ({ header }) => void (header.msg_type === 'stream' && seen.push('stream')),
      onInput: async () => {
        // iopub and stdin are two sockets: the text was sent earlier, and may come later.
        for (const patience = Date.now() + 30_000; seen.length === 0 && Date.now() < patience;) await sleep(10);
        seen.push('question');
        return '';
      },
    });
    expect(seen).toEqual(['stream', 'question']);
  });

  it('is typed: a line is a string', async () => {
    expect(failure(await answering(`const n: number = await input('n')`))).toMatch(/TypeScriptError: TS2322/);
    expect(failure(await answering(`const n: string = prompt('n')`))).toMatch(/TS2322.*null/);
    expect(failure(await answering(`input.secret()`))).toMatch(/TS2339/);
  });
});

describe('where nobody can be asked', () => {
  it.each(['prompt()', 'confirm()', 'alert()', `await (globalThis as any).input()`])(
    '%s fails at once',
    async (code) => {
      const executed = await kernel.client.execute(code, { allowStdin: false });
      expect(failure(executed)).toMatch(
        /^StdinNotImplementedError: \w+\(\) was called, but this front end does not allow input/,
      );
      expect(traceback(executed)).toContain(code);
    },
  );

  it('a timer that asks after its cell fails in words', async () => {
    await answering(
      `const asked = new Promise((resolve) => setTimeout(() => (globalThis as any).input('late').catch(resolve), 50)); void 0`,
    );
    const late = await kernel.client.execute(`String(await asked)`);
    expect(result(late)).toMatch(/StdinNotImplementedError: input\(\) was called, but its cell is over/);
  });

  it('a handler of a widget fails in words', async () => {
    const comms = new ClientComms(kernel.client);
    await answering(
      `const asker = new widgets.Button(); asker.onClick(async () => console.log(await input('who').catch(String))); asker`,
    );
    const button = comms
      .opened('jupyter.widget')
      .find(({ opening }) => JSON.stringify(opening!.content).includes('ButtonModel'))!;
    const caused = await button.send({ method: 'custom', content: { event: 'click' } });
    comms.dispose();
    expect(caused.map(({ content }) => content.text ?? '').join('')).toContain(
      'input() was called, but it runs for a widget or comm',
    );
  });

  it('a question that is open when its cell ends is given up, and the next cell can ask', async () => {
    const left = await kernel.client.execute(`const open = (globalThis as any).input('open').catch(String); void 0`, {
      onInput: () => new Promise<string>(() => {}),
    });
    expect(left.reply.status).toBe('ok');
    const next = await answering(`[await open, prompt('next')]`, 'here');
    expect(result(next)).toBe(`[ 'InputCancelled: input() was not answered before its cell ended.', 'here' ]`);
  });
});

describe('interrupts', () => {
  it('end a question that calls back, in silence', async () => {
    const said: unknown[] = [];
    const stop = kernel.client.onIopub(
      ({ header, content }) => header.msg_type === 'stream' && said.push(content.text),
    );
    const code = `import readline from 'node:readline'
await new Promise((resolve) => readline.createInterface(process.stdin).question('stop me', resolve))`;
    const stopped = await kernel.client.execute(code, {
      onInput: () => {
        void kernel.client.interrupt();
        return new Promise<string>(() => {});
      },
    });
    expect(failure(stopped)).toMatch(/^Interrupted/);
    // What the question's end causes comes before the next cell has run.
    await answering(`await new Promise((resolve) => setTimeout(resolve, 50))`);
    stop();
    expect(said).toEqual([]);
  });

  it('of the main shell leave a question of a subshell open', async () => {
    const control = { channel: 'control' } as const;
    const { subshell_id } = await kernel.client.request('create_subshell_request', {}, control);
    let answer: (line: string) => void = () => {};
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const inside = kernel.client.execute(`await input('inside')`, {
      subshell: String(subshell_id),
      onInput: () => {
        asked();
        return new Promise<string>((resolve) => (answer = resolve));
      },
    });
    await isAsked;
    const begun = kernel.client.nextIopub(({ content }) => String(content.text).includes('begun'), 30_000);
    const main = kernel.client.execute(`console.log('begun'); await new Promise(() => {})`);
    await begun;
    await kernel.client.interrupt();
    expect(failure(await main)).toMatch(/^Interrupted/);
    answer('still here');
    expect(result(await inside)).toBe(`'still here'`);
    await kernel.client.request('delete_subshell_request', { subshell_id }, control);
  });

  it.each([
    ['a prompt', `const kept = 1\nprompt('stop me')`],
    ['an input', `const kept = 1\nawait (globalThis as any).input('stop me')`],
    [
      'an input in a function',
      `const kept = 1\nasync function f() { return await (globalThis as any).input('stop me') }\nawait f()`,
    ],
  ])('end %s; the state is kept, and the next cell can ask', async (_name, code) => {
    let late: (line: string) => void = () => {};
    const stopped = await kernel.client.execute(code, {
      onInput: () => {
        void kernel.client.interrupt();
        return new Promise<string>((resolve) => (late = resolve));
      },
    });
    expect(failure(stopped)).toMatch(/^Interrupted/);
    const next = kernel.client.execute(`kept + String(prompt('again'))`, {
      onInput: () => {
        // The line for the field that the front end still shows is not the answer to this question.
        late('stale');
        return 'fresh';
      },
    });
    expect(result(await next)).toBe(`'1fresh'`);
  });
});

describe('process.stdin', () => {
  it('is read line by line', async () => {
    const code = `const seen: string[] = []\nfor await (const chunk of process.stdin) { seen.push(String(chunk)); if (seen.length === 2) break }\nseen`;
    const executed = await answering(code, 'one', 'two');
    expect(result(executed)).toBe(`[ 'one\\n', 'two\\n' ]`);
    expect(executed.questions).toHaveLength(2);
  });

  it('can be read again, and ends', async () => {
    const code = `let text = ''\nfor await (const chunk of process.stdin) text += chunk\ntext`;
    expect(result(await answering(code, 'a', endOfInput))).toBe(`'a\\n'`);
    expect(result(await answering(code.replace('let ', ''), 'b', endOfInput))).toBe(`'b\\n'`);
  });

  it('asks nothing where nobody listens', async () => {
    const executed = await answering(`process.stdin.once('data', () => {}); process.stdin.pause(); process.stdin.fd`);
    expect(executed.questions).toEqual([]);
    expect(result(executed)).toBe('0');
  });

  it('fails where the front end does not allow input', async () => {
    const code = `for await (const chunk of process.stdin) console.log(chunk)`;
    expect(failure(await kernel.client.execute(code, { allowStdin: false }))).toMatch(
      /^StdinNotImplementedError: process.stdin/,
    );
  });
});

describe('readline', () => {
  it('asks the question of readline/promises, once', async () => {
    const code = `import * as readline from 'node:readline/promises'
const rl = readline.createInterface({ input: process.stdin, output: process.stdout })
const name = await rl.question('Who? ')
await new Promise((resolve) => setTimeout(resolve, 100))
const age = await rl.question('How old? ')
rl.close()
name + age`;
    const executed = await answering(code, 'Ada', '36');
    expect(result(executed)).toBe(`'Ada36'`);
    expect(executed.questions.map(({ prompt }) => prompt)).toEqual(['Who? ', 'How old? ']);
  });

  it('calls back', async () => {
    const code = `import readline from 'readline'
const rl2 = readline.createInterface(process.stdin, process.stdout)
await new Promise<string>((resolve) => rl2.question('Who? ', (name) => { rl2.close(); resolve(name) }))`;
    const executed = await answering(code, 'Grace');
    expect(result(executed)).toBe(`'Grace'`);
    expect(executed.questions).toHaveLength(1);
  });

  it('gives a promise by way of promisify', async () => {
    const code = `import readline from 'node:readline'
import { promisify } from 'node:util'
const rl6 = readline.createInterface({ input: process.stdin })
const asked = promisify(rl6.question).bind(rl6) as unknown as (query: string) => Promise<string>
const answered = await asked('Who? ')
rl6.close()
answered`;
    expect(result(await answering(code, 'Edsger'))).toBe(`'Edsger'`);
  });

  it('gives lines until it is closed', async () => {
    const code = `import readline from 'node:readline'
const rl3 = readline.createInterface({ input: process.stdin })
const lines: string[] = []
for await (const line of rl3) { if (line === 'quit') break; lines.push(line) }
lines`;
    const executed = await answering(code, 'a', 'b', 'quit');
    expect(result(executed)).toBe(`[ 'a', 'b' ]`);
    expect(executed.questions).toHaveLength(3);
  });

  it('shows its prompt in the field', async () => {
    const code = `import readline from 'node:readline'
const rl4 = readline.createInterface({ input: process.stdin, prompt: '> ' })
const said: string[] = []
rl4.on('line', (line) => { said.push(line); if (line === 'bye') rl4.close(); else rl4.prompt() })
rl4.prompt()
await new Promise<void>((resolve) => rl4.on('close', resolve))
said`;
    const executed = await answering(code, 'hello', 'bye');
    expect(result(executed)).toBe(`[ 'hello', 'bye' ]`);
    expect(executed.questions.map(({ prompt }) => prompt)).toEqual(['> ', '> ']);
    expect(printed(executed)).toBe('');
  });

  it('ends with the input', async () => {
    const code = `import readline from 'node:readline'
const all: string[] = []
for await (const line of readline.createInterface({ input: process.stdin })) all.push(line)
all`;
    expect(result(await answering(code, 'x', endOfInput))).toBe(`[ 'x' ]`);
  });

  it('gives a question up when its signal says so', async () => {
    const code = `import * as rlp from 'node:readline/promises'
const rl5 = rlp.createInterface({ input: process.stdin })
const gaveUp = await rl5.question('Slow? ', { signal: AbortSignal.timeout(50) }).catch((error: Error) => error.name)
rl5.close()
gaveUp + prompt('next')`;
    const executed = await kernel.client.execute(code, {
      onInput: ({ prompt }) => (prompt === 'next' ? '!' : new Promise<string>(() => {})),
    });
    expect(result(executed)).toBe(`'AbortError!'`);
  });

  it('reads files as ever', async () => {
    const code = `import { Readable } from 'node:stream'
import readline from 'node:readline'
const read: string[] = []
for await (const line of readline.createInterface({ input: Readable.from(['a\\nb\\n']) })) read.push(line)
read`;
    expect(result(await answering(code))).toBe(`[ 'a', 'b' ]`);
  });

  it('fails where the front end does not allow input', async () => {
    const code = `import * as rlq from 'node:readline/promises'
await rlq.createInterface({ input: process.stdin }).question('Who? ')`;
    expect(failure(await kernel.client.execute(code, { allowStdin: false }))).toMatch(
      /^StdinNotImplementedError: rl.question\(\)/,
    );
  });
});

describe('the names', () => {
  it('may be a name of the cell itself', async () => {
    expect(result(await answering(`const input = 4\nconst prompt = 5\ninput + prompt`))).toBe('9');
    expect(result(await answering(`input * 2`))).toBe('8');
  });
});
