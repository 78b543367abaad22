// An hour of cells through one kernel, whose memory must be flat: npm run soak [-- MINUTES]. The tests run a minute of it.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const [minutes = '60'] = process.argv.slice(2);
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/abuse/soak.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TENSORCELL_SOAK_MINUTES: minutes },
});
process.exitCode = status ?? 1;
