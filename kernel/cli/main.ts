#!/usr/bin/env node
/** @file The command line: `tensorcell install, uninstall, run, doctor, setup, kernel`. A command's code is loaded when it is used. */
import { Command, Option } from 'commander';
import color from 'picocolors';
import { Failure } from './failure.ts';
import { defaultDisplayName, defaultName } from './kernelspec.ts';
import { packageVersion } from './package.ts';
import type { InstallOptions, UninstallOptions } from './install.ts';
import type { RunOptions } from './run.ts';
import type { SetupOptions } from './setup-tensorflow.ts';

/** Relative paths mean nothing in a folder that was removed. */
const folderIsGone = (error: unknown): Failure | undefined =>
  (error as { syscall?: unknown } | undefined)?.syscall === 'uv_cwd'
    ? new Failure('The current folder does not exist any more: go to another one with `cd`.')
    : undefined;

/** `--html notebook.ipynb` names no page, whose name is optional, but the notebook. */
const notebookFirst = (args: readonly string[]): string[] => {
  const at = args.findIndex((arg, i) => arg === '--html' && /\.ipynb$/i.test(args[i + 1] ?? ''));
  return at === -1 ? [...args] : [...args.slice(0, at), args[at + 1], '--html', ...args.slice(at + 2)];
};

const collected = (value: string, earlier: string[] = []): string[] => [...earlier, value];

const program = new Command('tensorcell')
  .description('TypeScript notebooks with tensors inside: a Jupyter kernel, and a runner that needs no Jupyter.')
  .version(packageVersion)
  .showHelpAfterError('(tensorcell --help lists the commands)')
  .showSuggestionAfterError();

const withPlace = (command: Command): Command =>
  command
    .option('--user', "the user's own Jupyter folder (the default)")
    .option('--sys-prefix', 'the active Python environment (virtual environment, Conda, or the python3 on the PATH)')
    .option('--prefix <folder>', 'this folder, for example /usr/local')
    .option('--name <name>', "the kernel's name", defaultName);

withPlace(program.command('install').description('Install the kernel for JupyterLab, Notebook, VS Code, nbconvert'))
  .option('--display-name <text>', 'the name that front ends show', defaultDisplayName)
  .option('--env <name=value>', "a variable for the kernel's environment; may be given again", collected)
  .action(async (options: InstallOptions) => {
    const { install } = await import('./install.ts');
    install(options);
  });

withPlace(program.command('uninstall').description('Remove the kernel from where install put it')).action(
  async (options: UninstallOptions) => {
    const { uninstall } = await import('./install.ts');
    uninstall(options);
  },
);

program
  .command('run')
  .description('Run a notebook from its first cell to its last, and save it with its outputs')
  .argument('<notebook>', 'an .ipynb file')
  .option('-o, --output <file>', 'where the executed notebook goes (default: NOTEBOOK.out.ipynb beside it)')
  .option('--inplace', 'write the outputs into the notebook itself')
  .option('--html [file]', 'also write one self-contained page (default: beside the executed notebook)')
  .option(
    '-p, --parameter <name=value>',
    'set a variable after the cell tagged "parameters"; JSON values keep their type',
    collected,
  )
  .option('--timeout <seconds>', 'interrupt a cell that runs longer')
  .option('--allow-errors', 'go on after a failing cell')
  .option('--cwd <folder>', "the cells' working folder (default: the notebook's own)")
  .addOption(new Option('--quiet', 'no progress on the terminal').conflicts('stream'))
  .option('--stream', "show the cells' text output while they run")
  .action(async (notebook: string, options: RunOptions) => {
    const { run } = await import('./run.ts');
    process.exitCode = await run(notebook, options);
  });

program
  .command('doctor')
  .description('Check what a notebook needs here: Node, the engine and its devices, TypeScript, Jupyter')
  .action(async () => {
    const { doctor } = await import('./doctor.ts');
    process.exitCode = await doctor();
  });

program
  .command('setup')
  .description('Build what packages do not bring along')
  .command('tensorflow')
  .description("Build @tensorflow/tfjs-node(-gpu) against an installed Python TensorFlow's libraries (Linux)")
  .option('--python <command>', 'the Python that has TensorFlow', 'python3')
  .option('--gpu', 'for CUDA (the default where there is an NVIDIA driver)')
  .option('--no-gpu', 'for the CPU')
  .option('--copy', 'copy the libraries (some 800 MB), so that the Python environment may go away')
  .action(async (options: SetupOptions) => {
    const { setupTensorFlow } = await import('./setup-tensorflow.ts');
    setupTensorFlow(options);
  });

program
  .command('kernel')
  .description('Run the kernel for a connection file; front ends call this')
  .argument('<connection-file>', 'the JSON file that a front end wrote')
  .action(async (connectionFile: string) => {
    const { startKernel } = await import('../session/start.ts');
    await startKernel(connectionFile);
  });

// Whoever read our output may be gone (`| head`): what is left to do is done all the same.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

try {
  await program.parseAsync(notebookFirst(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  const failure = error instanceof Failure ? error : folderIsGone(error);
  console.error(`${color.red('tensorcell:')} ${failure?.message ?? (error as Error)?.stack ?? String(error)}`);
  process.exitCode = failure?.exitCode ?? 1;
}
