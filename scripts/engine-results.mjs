/**
 * @file Writes docs/engines.md: what of the conformance suite (test/engine/conformance.ts) each device of this machine passes, and
 * how much of it the device computes itself. Run it with `node scripts/engine-results.mjs`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const suites = ['primitives', 'webgpu', 'tfjs-wasm', 'tfjs-cpu', 'tfjs-node'].map(
  (name) => `test/engine/${name}.test.ts`,
);
const folder = mkdtempSync(join(tmpdir(), 'engine-results-'));
const report = join(folder, 'report.jsonl');
writeFileSync(report, '');

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', ...suites], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, TENSORCELL_CONFORMANCE: report },
});
/** One line for each primitive and dtype that passed: `{ device, primitive, dtype, fallbacks }`. */
const lines = readFileSync(report, 'utf8')
  .trim()
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
rmSync(folder, { recursive: true });

const devices = [...new Set(lines.map(({ device }) => device))].sort();
const reference = lines.filter(({ device }) => device === 'cpu:0');
if (reference.length === 0) throw new Error('The suite did not run on cpu:0.');
const primitives = [...new Set(reference.map(({ primitive }) => primitive))].sort();

function cell(device, primitive) {
  const wanted = reference.filter((line) => line.primitive === primitive);
  const passed = lines.filter((line) => line.device === device && line.primitive === primitive);
  const own = passed.filter(({ fallbacks }) => fallbacks.length === 0).length;
  const failed = wanted.length - passed.length;
  const parts = [
    own > 0 || passed.length === 0 ? String(own) : '',
    passed.length > own ? `(${passed.length - own})` : '',
  ];
  return `${parts.filter(Boolean).join(' ')}${failed > 0 ? ` **${failed} failed**` : ''}`;
}

function total(device) {
  const passed = lines.filter((line) => line.device === device);
  const own = passed.filter(({ fallbacks }) => fallbacks.length === 0).length;
  return `| \`${device}\` | ${passed.length} of ${reference.length} | ${own} |`;
}

const text = `<!-- Written by scripts/engine-results.mjs; do not edit. -->

# Engines

Every primitive is tried on every dtype that it takes, eagerly and compiled, against plain implementations in float64. A device
passes where its results agree within the dtype's tolerance; shaders' functions may differ by a hundred times as much.

| device | pairs of primitive and dtype that pass | of these wholly on the device |
| --- | --- | --- |
${devices.map(total).join('\n')}

What a device has no kernel for, it leaves to the CPU (for \`tfjs/wasm\` also to TensorFlow.js's kernels in JavaScript);
\`tf.device.fallbacks()\` lists it. float64 and int64 exist on \`cpu:0\` alone; float16 on a GPU needs one that has it, which GPUs of
software have not.

## By primitive

How many dtypes pass on the device; in parentheses those for which the CPU helped.

| primitive | ${devices.map((device) => `\`${device}\``).join(' | ')} |
| --- | ${devices.map(() => '---').join(' | ')} |
${primitives.map((primitive) => `| ${primitive} | ${devices.map((device) => cell(device, primitive)).join(' | ')} |`).join('\n')}
`;
mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs', 'engines.md'), text);
console.log(`docs/engines.md: ${devices.join(', ')}; vitest ended with status ${status}`);
process.exitCode = status ?? 1;
