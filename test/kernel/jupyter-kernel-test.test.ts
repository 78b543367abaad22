/** Debian's jupyter_kernel_test, where python3 has it: the kernel as other people's client sees it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';

const python = '/usr/bin/python3';
const installed = spawnSync(python, ['-c', 'import jupyter_kernel_test, jupyter_client']).status === 0;
const name = installed ? 'all 12 cases of jupyter_kernel_test pass' : 'SKIPPED: python3 has no jupyter_kernel_test';

it.skipIf(!installed)(name, { timeout: 120_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'jupyter-data-'));
  try {
    const kernel = 'tensorcell-under-test';
    const folder = join(data, 'kernels', kernel);
    mkdirSync(folder, { recursive: true });
    const main = join(inject('dist'), 'kernel', 'main.js');
    const spec = {
      argv: [process.execPath, main, '{connection_file}'],
      display_name: kernel,
      language: 'typescript',
      interrupt_mode: 'message',
    };
    writeFileSync(join(folder, 'kernel.json'), JSON.stringify(spec));
    const child = spawn(python, [join(import.meta.dirname, 'kernel_test.py')], {
      cwd: data,
      env: {
        ...process.env,
        JUPYTER_DATA_DIR: data,
        JUPYTER_RUNTIME_DIR: join(data, 'runtime'),
        TENSORCELL_KERNEL: kernel,
      },
    });
    let report = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (report += text));
    await new Promise((resolve) => child.once('close', resolve));
    expect(report).toMatch(/Ran 12 tests in [^\n]+\n\nOK\n/);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
