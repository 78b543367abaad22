/** @file `tensorcell doctor`: what a notebook needs on this machine, what is there, and how to get what is missing. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import color from 'picocolors';
import { launchKernel } from '../client/index.ts';
import { dataFolders, findPythonPrefix, thisMachine } from './jupyter-paths.ts';
import { findKernelspecs, missingPaths } from './kernelspec.ts';
import { findPythonTensorFlow, hasAddon, hasNvidiaDriver, packageFolder, packageFor } from './setup-tensorflow.ts';
import { installCommand, packageRoot, packageVersion } from './package.ts';

/** One thing that was looked at. Only a `problem` keeps notebooks from running; an `absent` thing is an extra. */
export interface Finding {
  readonly state: 'fine' | 'absent' | 'problem';
  readonly what: string;
  readonly detail: string;
  /** How to get what is missing. */
  readonly advice?: string;
}

const require = createRequire(import.meta.url);

/** The folder of an npm package and its version, or undefined where it is not installed. */
function findPackage(name: string): { folder: string; version: string } | undefined {
  try {
    const manifest = require.resolve(`${name}/package.json`);
    return {
      folder: dirname(manifest),
      version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
    };
  } catch {
    return undefined;
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0];

function checkNode(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  return {
    state: fine ? 'fine' : 'problem',
    what: 'Node.js',
    detail: `${process.versions.node}, ${process.platform} ${process.arch}`,
    advice: fine ? undefined : 'TensorCell needs Node.js 20.19 or later: https://nodejs.org',
  };
}

async function checkWire(): Promise<Finding> {
  const what = 'ZeroMQ';
  try {
    const { version } = await import('zeromq');
    return { state: 'fine', what, detail: version };
  } catch (error) {
    return {
      state: 'problem',
      what,
      detail: reason(error),
      advice: `Install the package again: ${installCommand()}`,
    };
  }
}

function checkTypeScript(): Finding {
  const what = 'TypeScript server';
  const found = findPackage('typescript7');
  const advice = `Install the package again, optional dependencies included: ${installCommand('--include=optional')}`;
  if (!found) return { state: 'problem', what, detail: 'the package typescript7 is not installed', advice };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(found.folder, 'lib', 'tsc.js'), '--version'], {
    encoding: 'utf8',
    cwd: packageRoot, // the folder that this runs in may be gone
  });
  if (status === 0) return { state: 'fine', what, detail: stdout.trim().replace(/^Version /, '') };
  return { state: 'problem', what, detail: stderr.trim().split('\n')[0] || `ended with status ${status}`, advice };
}

/** Multiplies two matrices on the engine: the library is found, it loads, and it computes. */
async function checkEngine(): Promise<Finding> {
  const what = 'Engine';
  try {
    const tf = await import('../../src/index.ts');
    const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]));
    const values = [...product.dataSync()];
    const { name, device } = tf.engine();
    if (values.join() !== '19,22,43,50') {
      return {
        state: 'problem',
        what,
        detail: `${name} on ${device} multiplies wrongly: it gave ${values.join(', ')}`,
      };
    }
    return { state: 'fine', what, detail: `${name} on ${device}` };
  } catch (error) {
    return { state: 'problem', what, detail: (error as Error).message };
  }
}

/** Runs a typed cell as front ends do it: the processes, their sockets and temporary files, the check of its types. */
async function checkCell(): Promise<Finding> {
  const what = 'A cell';
  let log = '';
  try {
    const begun = performance.now();
    const kernel = await launchKernel({ cwd: packageRoot, onLog: (text) => (log += text) });
    try {
      const { reply, outputs } = await kernel.client.execute('const a: number = 41;\na + 1', {
        storeHistory: false,
        timeout: 60_000,
      });
      if (reply.status === 'error') throw new Error(`${reply.ename}: ${reply.evalue}`);
      const [output] = outputs;
      const shown = output?.output_type === 'execute_result' ? output.data['text/plain'] : undefined;
      if (shown !== '42') throw new Error(`41 + 1 came to ${String(shown)}`);
    } finally {
      await kernel.stop();
    }
    return {
      state: 'fine',
      what,
      detail: `ran, ${((performance.now() - begun) / 1000).toFixed(1)} s after its kernel was started`,
    };
  } catch (error) {
    const said = log.trim() === '' ? '' : `; the kernel says: ${log.trim().split('\n').at(-1)}`;
    const advice = `Where nothing above is wrong: are temporary files possible (TMPDIR)? Else install the package again: ${installCommand()}`;
    return { state: 'problem', what, detail: `${reason(error)}${said}`, advice };
  }
}

/** Every device, and which one is used; GPUs of software are named, as they explain why none is. */
async function checkDevices(): Promise<Finding[]> {
  const what = 'Device';
  try {
    const tf = await import('../../src/index.ts');
    const used = tf.getDevice();
    return tf.listDevices().map(({ name, description, memory, software }): Finding => {
      const size = memory === null ? '' : `, ${(memory / 2 ** 30).toFixed(1)} GiB`;
      const note = name === used ? ' (in use)' : software ? ' (software: used only by name)' : '';
      return { state: 'fine', what, detail: `${name}  ${description}${size}${note}` };
    });
  } catch (error) {
    return [{ state: 'problem', what, detail: reason(error) }];
  }
}

/** TensorFlow under tfjs-node: an extra, worth a build where CUDA is, or where there is no ONNX Runtime. */
function checkTensorFlow(): Finding {
  const gpu = hasNvidiaDriver();
  const what = gpu ? 'TensorFlow for CUDA' : 'TensorFlow';
  const name = packageFor(gpu);
  const folder = packageFolder(name);
  if (folder && hasAddon(folder)) return { state: 'fine', what, detail: name };
  const detail = folder ? `${name} has no native library` : `the optional package ${name} is not installed`;
  const python = process.platform === 'linux' ? findPythonTensorFlow() : undefined;
  if (python) {
    const why = gpu ? 'so that the GPU computes through CUDA 12' : 'which adds the device tfjs/tensorflow';
    const advice = `TensorFlow ${python.version} of ${python.python} can be used for it, ${why}: npx tensorcell setup tensorflow`;
    return { state: 'absent', what, detail, advice };
  }
  const advice = gpu
    ? "For this NVIDIA GPU: pip install 'tensorflow[and-cuda]', then npx tensorcell setup tensorflow"
    : 'Not needed: it is another engine for the CPU, with pip install tensorflow and npx tensorcell setup tensorflow';
  return { state: 'absent', what, detail, advice };
}

function checkJupyter(): Finding {
  const what = 'Jupyter';
  const { status, stdout } = spawnSync('jupyter', ['--version'], { encoding: 'utf8' });
  if (status !== 0) {
    const advice =
      'Not needed for `tensorcell run`. To edit notebooks: pip install jupyterlab, or VS Code with its Jupyter extension.';
    return { state: 'absent', what, detail: 'no jupyter on the PATH', advice };
  }
  const parts = [...stdout.matchAll(/^(jupyterlab|notebook|jupyter_server|nbclient|nbconvert)\s*: (\d\S*)/gm)];
  return { state: 'fine', what, detail: parts.map(([, name, version]) => `${name} ${version}`).join(', ') || 'found' };
}

function checkKernelspecs(): Finding[] {
  const what = 'Kernel';
  const machine = thisMachine();
  const found = findKernelspecs(dataFolders(machine, findPythonPrefix(machine)));
  if (found.length === 0) {
    return [
      { state: 'absent', what, detail: 'not installed for Jupyter', advice: 'Install it: npx tensorcell install' },
    ];
  }
  return found.map((installed): Finding => {
    const { name, folder, spec } = installed;
    const gone = missingPaths(installed);
    if (gone.length === 0) return { state: 'fine', what, detail: `${spec.display_name} ('${name}') in ${folder}` };
    const advice = `Install it again: npx tensorcell install --name ${name}`;
    return { state: 'problem', what, detail: `${folder} names ${gone.join(' and ')}, which is gone`, advice };
  });
}

/** Looks at everything, in the order in which a user would mend it. */
export const diagnose = async (): Promise<Finding[]> => [
  checkNode(),
  await checkWire(),
  checkTypeScript(),
  await checkEngine(),
  ...(await checkDevices()),
  await checkCell(),
  checkTensorFlow(),
  checkJupyter(),
  ...checkKernelspecs(),
];

const marks: Readonly<Record<Finding['state'], string>> = {
  fine: color.green('ok     '),
  absent: color.yellow('absent '),
  problem: color.red('problem'),
};

/** Prints what was found; the exit code is 1 where something keeps notebooks from running. */
export async function doctor(): Promise<number> {
  console.log(`TensorCell ${packageVersion} in ${packageRoot}\n`);
  const findings = await diagnose();
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { state, what, detail, advice } of findings) {
    console.log(`${marks[state]}  ${what.padEnd(width)}  ${detail}`);
    if (advice) console.log(color.dim(`${' '.repeat(width + 11)}${advice}`));
  }
  const problems = findings.filter(({ state }) => state === 'problem').length;
  const verdict =
    problems === 0 ? 'Notebooks run here.' : `${problems} ${problems === 1 ? 'problem' : 'problems'} to mend.`;
  console.log(`\n${problems === 0 ? color.green(verdict) : color.red(verdict)}`);
  return problems === 0 ? 0 : 1;
}
