// A peer in another process: one line with a request in, one line with the milliseconds of each step out.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The Python named by TENSORCELL_PEER_PYTHON, or python3, if it has `module`; else why it is not measured. */
export function findPython(module) {
  const python = process.env.TENSORCELL_PEER_PYTHON ?? 'python3';
  const { status } = spawnSync(python, [
    '-c',
    `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`,
  ]);
  return status === 0
    ? { python }
    : { missing: `${python} has no module ${module}; set TENSORCELL_PEER_PYTHON to one that has it` };
}

/** Starts `script` and waits until it has named itself. */
export async function startPeer(python, script) {
  const child = spawn(python, [fileURLToPath(new URL(script, import.meta.url))], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended early.`);
    return JSON.parse(value);
  };
  const { name } = await answer();
  return {
    name,
    async steps(model, optimizer, count) {
      child.stdin.write(`${model} ${optimizer} ${count}\n`);
      return answer();
    },
    stop: () => child.kill(),
  };
}
