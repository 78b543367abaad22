/** Input through Jupyter's own client library, whose replies do not say which question they answer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { describeWith, missingPython, systemPython } from '../support/installation.ts';

describeWith('jupyter_client', missingPython('jupyter_client'), () => {
  it('is asked, and refuses where it does not allow input', { timeout: 120_000 }, () => {
    const data = mkdtempSync(join(tmpdir(), 'jupyter-data-'));
    try {
      const folder = join(data, 'kernels', 'asking');
      mkdirSync(folder, { recursive: true });
      const argv = [process.execPath, join(inject('dist'), 'kernel', 'main.js'), '{connection_file}'];
      const spec = { argv, display_name: 'asking', language: 'typescript', interrupt_mode: 'message' };
      writeFileSync(join(folder, 'kernel.json'), JSON.stringify(spec));
      const env = { ...process.env, JUPYTER_DATA_DIR: data, JUPYTER_RUNTIME_DIR: join(data, 'runtime') };
      const script = join(import.meta.dirname, 'jupyter_input.py');
      const { stdout, stderr } = spawnSync(systemPython, [script, 'asking'], { cwd: data, encoding: 'utf8', env });
      expect(stdout, stderr).not.toBe('');
      expect(JSON.parse(stdout)).toEqual({
        prompt: { status: 'ok', ename: null, text: 'hello Ada\n' },
        password: { status: 'ok', ename: null, text: '6\n' },
        refused: { status: 'error', ename: 'StdinNotImplementedError', text: '' },
        after: { status: 'ok', ename: null, text: 'alive\n' },
        asked: [
          { prompt: 'Name: ', password: false },
          { prompt: 'Key: ', password: true },
        ],
      });
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
