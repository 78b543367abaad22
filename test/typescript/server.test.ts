/** @file A server that dies or hangs. */
import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { Notebook } from './notebook.ts';

/** Children of this process that are TypeScript servers for a folder, from /proc. */
function serversOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const isServer = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--lsp');
        return isServer && environment.includes(`TENSORCELL_TEST=${folder}`);
      } catch {
        return false; // it ended meanwhile
      }
    });
}

let notebook: Notebook;
afterEach(async () => {
  delete process.env.TENSORCELL_TEST;
  await notebook.close();
  vi.restoreAllMocks();
});

async function start(timeLimit?: number): Promise<number> {
  notebook = new Notebook({ ...(timeLimit && { timeLimit }) });
  process.env.TENSORCELL_TEST = notebook.folder;
  await notebook.service.start();
  await notebook.run('const x = 1; interface Point { a: string }');
  await notebook.check('x'); // after this the server has nothing left to do
  const [server, ...others] = serversOf(notebook.folder);
  expect(others).toEqual([]);
  return server;
}

it.runIf(process.platform === 'linux')(
  'a new server takes the place of one that died, and knows the cells',
  async () => {
    process.kill(await start(), 'SIGKILL');
    expect(await notebook.check('const p: Point = { a: x }')).toEqual([
      "1:20 2322 Type 'number' is not assignable to type 'string'.",
    ]);
  },
);

it.runIf(process.platform === 'linux')('a question to a dying server is asked again', async () => {
  const server = await start();
  process.kill(server, 'SIGSTOP'); // so that the question waits when the server dies
  const errors = notebook.check('const s: string = x');
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.kill(server, 'SIGKILL');
  expect(await errors).toEqual(["1:7 2322 Type 'number' is not assignable to type 'string'."]);
});

it.runIf(process.platform === 'linux')('a server that hangs is given up, and another one takes its place', async () => {
  const server = await start(1_500);
  process.kill(server, 'SIGSTOP');
  await expect(notebook.check('const s: string = x')).rejects.toThrow('TypeScript did not answer within 1.5 s');
  await vi.waitFor(() => expect(serversOf(notebook.folder)).not.toContain(server), { timeout: 30_000 });
  expect(await notebook.check('const s: string = x')).toHaveLength(1);
});

it('the first answer of a server may take longer than the others', async () => {
  notebook = new Notebook({ timeLimit: 20 });
  expect(await notebook.check('const s: string = 1')).toHaveLength(1);
});
