// Builds the JupyterLab front end into build/: `npm run build`.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
process.env.NODE_ENV ??= 'production';
const { rspack } = require('@rspack/core');
const compiler = rspack(require('./rspack.config.cjs'));
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString({ preset: 'errors-only' }));
    process.exitCode = 1;
  }
  compiler.close(() => {});
});
