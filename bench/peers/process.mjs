// A peer in another process: one line with a request in, one line of JSON out.
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

/** Starts `script` (a URL) and waits until it has named itself; null where it cannot start. */
export async function startPeer(program, script, ...options) {
  const child = spawn(program, [fileURLToPath(script), ...options], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    return done ? null : JSON.parse(value);
  };
  const named = await answer();
  if (!named) return null;
  return {
    name: named.name,
    async ask(...request) {
      child.stdin.write(`${request.join(' ')}\n`);
      const times = await answer();
      if (!times) throw new Error(`${named.name} ended early, at ${request.join(' ')}.`);
      return times;
    },
    stop: () => child.kill(),
  };
}

export const quantile = (numbers, q) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
};
