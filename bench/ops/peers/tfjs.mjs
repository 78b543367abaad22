// TensorFlow.js on the backend named on the command line: reads lines "CASE MILLISECONDS", answers the microseconds of a call.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { measure } from '../calls.mjs';

// Registered by hand: the packages would greet on standard output.
console.log = console.info = console.warn = () => undefined;
const require = createRequire(import.meta.url);
const backend = process.argv[2];
const tf = require('@tensorflow/tfjs-core');
if (backend === 'wasm') {
  const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(require.resolve('@tensorflow/tfjs-backend-wasm/package.json').replace(/package\.json$/, 'dist/'));
} else require('@tensorflow/tfjs-backend-cpu');
await tf.setBackend(backend);
await tf.ready();

const cases = JSON.parse(readFileSync(new URL('../cases.json', import.meta.url), 'utf8'));
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
answer({ name: `TensorFlow.js ${tf.version_core} ${backend}` });
for await (const line of createInterface({ input: process.stdin })) {
  const [index, milliseconds] = line.split(' ').map(Number);
  let microseconds = null;
  try {
    microseconds = await measure(tf, cases[index], milliseconds);
  } catch {
    // A kernel that this backend does not have.
  }
  answer({ microseconds });
}
