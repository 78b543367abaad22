// The kernels under comparison: how each is started, and what it can be asked.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The built package under test; TENSORCELL_DIST names another than dist/. */
export const dist = resolve(here, '..', '..', process.env.TENSORCELL_DIST ?? 'dist');

/** Folder with deno and tslab: BENCH_PEERS, or this folder's node_modules, installed when missing. */
export function peersFolder() {
  if (process.env.BENCH_PEERS) return process.env.BENCH_PEERS;
  const folder = join(here, 'node_modules');
  if (!existsSync(join(folder, 'tslab'))) {
    console.error('Installing deno and tslab into bench/kernel/node_modules ...');
    spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
  }
  return folder;
}

/** Every kernel that is here; the first is ours. */
export function findKernels() {
  const peers = peersFolder();
  const python = '/usr/bin/python3';
  const typescript = {
    print: (lines) => `for (let i = 0; i < ${lines}; i++) console.log(\`line \${i}\`)`,
    complete: 'Math.a',
    inspect: 'Math.max',
  };
  const kernels = [
    {
      name: 'tensorcell',
      command: [process.execPath, join(dist, 'kernel', 'main.js'), '{connection_file}'],
      ...typescript,
      // Values and types that change from cell to cell, so that no answer can be kept from the time before.
      tensors: (n) => `const t${n} = tf.tensor([[1, ${n}], [3, 4]]).matMul(tf.ones([2, 2])); t${n}.sum().dataSync()[0]`,
    },
    {
      name: 'deno',
      // The binary itself, as Deno's own kernelspec has it: the package's bin.cjs would add a start of Node.
      needs: join(peers, 'deno', 'deno'),
      command: [join(peers, 'deno', 'deno'), 'jupyter', '--kernel', '--conn', '{connection_file}'],
      ...typescript,
    },
    {
      name: 'tslab',
      needs: join(peers, 'tslab', 'package.json'),
      command: [process.execPath, join(peers, 'tslab', 'bin', 'tslab'), 'kernel', '--config-path', '{connection_file}'],
      ...typescript,
    },
    {
      name: 'ipykernel',
      needs: python,
      present: () => spawnSync(python, ['-c', 'import ipykernel_launcher']).status === 0,
      command: [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
      print: (lines) => `for i in range(${lines}): print(f'line {i}')`,
      complete: 'str.ca',
      inspect: 'str.upper',
    },
  ];
  return kernels.filter(({ needs, present }) => (!needs || existsSync(needs)) && (present?.() ?? true));
}
