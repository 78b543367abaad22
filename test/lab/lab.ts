/** @file Starts a JupyterLab with our kernel installed into it, and a Chromium that looks at it. */
import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { commandLine, repository, systemPython } from '../support/installation.ts';

const here = import.meta.dirname;

/** Debian's Chromium; CHROMIUM names another. */
export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** What `npm ci && npm run build` in this folder makes. */
export const frontEnd = join(here, 'build', 'static', 'main.js');

export interface Lab {
  readonly url: string;
  readonly token: string;
  /** The folder that the file browser shows. */
  readonly folder: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Jupyter server: what Python runs, and what its options are called. */
export interface ServerProgram {
  readonly args: readonly string[];
  readonly application: string;
  readonly folderOption: string;
}

const labProgram: ServerProgram = {
  args: [join(here, 'lab_server.py')],
  application: 'ServerApp',
  folderOption: 'root_dir',
};

/** The classic Notebook, version 6. */
export const classicProgram: ServerProgram = {
  args: ['-m', 'notebook'],
  application: 'NotebookApp',
  folderOption: 'notebook_dir',
};

/** Starts a server with a state of its own, in which `tensorcell install` was run and these notebooks are. */
export async function startLab(
  notebooks: Readonly<Record<string, object>>,
  files: readonly string[],
  { args, application, folderOption }: ServerProgram = labProgram,
): Promise<Lab> {
  const home = mkdtempSync(join(tmpdir(), 'tensorcell-lab-'));
  const folder = join(home, 'work');
  mkdirSync(folder);
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, notebook] of Object.entries(notebooks)) writeFileSync(join(folder, name), JSON.stringify(notebook));
  for (const file of files) copyFileSync(file, join(folder, basename(file)));

  const env = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: home,
    LAB_STATE: join(home, 'state'),
    JUPYTER_CONFIG_DIR: join(home, 'config'),
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    JUPYTER_NO_CONFIG: '1',
  };
  execFileSync(process.execPath, [commandLine, 'install', '--user'], { env });

  const port = await freePort();
  const token = 'lab-test';
  const server = spawn(
    systemPython,
    [
      ...args,
      '--no-browser',
      '--allow-root',
      `--${application}.ip=127.0.0.1`,
      `--${application}.port=${port}`,
      `--${application}.port_retries=0`,
      `--${application}.token=${token}`,
      `--${application}.${folderOption}=${folder}`,
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (data) => (log += String(data)));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM');
    const timer = setTimeout(() => server.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };

  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + 40_000; ; await sleep(200)) {
    const answer = await fetch(`${url}/api`).catch(() => undefined);
    if (answer?.ok) return { url, token, folder, stop };
    if (Date.now() > deadline || server.exitCode !== null) {
      await stop();
      throw new Error(`The Jupyter server did not start:\n${log}`);
    }
  }
}

/** A headless Chromium that reaches nothing but this machine. */
export async function startBrowser(): Promise<Browser> {
  const playwright = await import('playwright-core');
  return playwright.chromium.launch({
    executablePath: chromium,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
}

/** A notebook of ours with these code cells. */
export const makeNotebook = (...sources: string[]): object => ({
  cells: sources.map((source, index) => ({
    id: `cell-${index}`,
    cell_type: 'code',
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  })),
  metadata: { kernelspec: { name: 'tensorcell', display_name: 'TypeScript (TensorCell)', language: 'typescript' } },
  nbformat: 4,
  nbformat_minor: 5,
});
