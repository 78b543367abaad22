import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/command-line.ts';
import { describeWith, missingPython } from '../support/installation.ts';
import { isAlive } from '../support/process-tree.ts';
import { jupyterWithKernel, python, pythonTyped } from './jupyter.ts';

const patience = 120_000;

describeWith('jupyter_client', missingPython('jupyter_client'), () => {
  test('lists the kernel with what front ends look for in a kernelspec', async () => {
    const env = await jupyterWithKernel();
    const listed = await python(['-m', 'jupyter_client.kernelspecapp', 'list', '--json'], { env });
    const { kernelspecs } = JSON.parse(listed) as { kernelspecs: Record<string, { spec: object }> };
    // VS Code and JupyterLab show the debugger by metadata.debugger, choose the language by `language`, and interrupt by mode.
    expect(kernelspecs.tensorcell.spec).toMatchObject({
      display_name: 'TypeScript (TensorCell)',
      language: 'typescript',
      interrupt_mode: 'message',
      metadata: { debugger: true },
    });
  });

  test('runs a file (jupyter run)', { timeout: patience }, async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cell.ts'), 'const x: number = 20;\nconsole.log("from a file");\nx + 1');
    const args = ['-m', 'jupyter_client.runapp', '--kernel=tensorcell', 'cell.ts'];
    const said = await python(args, { cwd: folder, env: await jupyterWithKernel() });
    expect(said).toContain('from a file\n21');
  });
});

describeWith('jupyter console', missingPython('jupyter_console'), () => {
  test('runs lines, shows values and errors, asks for input', { timeout: patience }, async () => {
    const args = ['-m', 'jupyter_console', '--kernel', 'tensorcell', '--simple-prompt'];
    const lines = [
      'const a: number = 20',
      'a + 1',
      'console.log("printed")',
      'const wrong: string = a',
      'const name: string = await input("Who? ")',
      'Ada',
      '`Hello ${name}`',
    ];
    const said = await pythonTyped(args, `${lines.join('\n')}\n`, { env: await jupyterWithKernel() });
    expect(said).toContain('TensorCell');
    expect(said).toMatch(/Out\[2\]: 21/);
    expect(said).toContain('printed');
    expect(said).toMatch(/TS2322: Type 'number' is not assignable to type 'string'/);
    expect(said).toContain('Who? ');
    expect(said).toMatch(/Hello Ada/);
  });
});

describeWith('jupyter console', missingPython('jupyter_console'), () => {
  test('closes on exit, and shuts the kernel down', { timeout: patience }, async () => {
    const args = ['-m', 'jupyter_console', '--kernel', 'tensorcell', '--simple-prompt'];
    const said = await pythonTyped(args, 'process.pid\nexit\n"not run"\n', { env: await jupyterWithKernel() });
    const pid = Number(/Out\[1\]: (\d+)/.exec(said)?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect(said).toContain('Shutting down kernel');
    expect(said).not.toContain('not run');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  });
});

describeWith('qtconsole', missingPython('qtconsole', 'PyQt5'), () => {
  test('runs, fails, interrupts, inspects and completes', { timeout: patience }, async () => {
    const env = await jupyterWithKernel();
    const said = await python([join(import.meta.dirname, 'python', 'drive_qtconsole.py')], { env });
    expect(said).toMatch(/Out\[1\]: 42/);
    expect(said).toContain("Type 'number' is not assignable to type 'string'");
    expect(said).toMatch(/Interrupted/);
    expect(said).toMatch(/answer\.toFixed\s*$/);
  });
});
