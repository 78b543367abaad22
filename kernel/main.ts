/** @file The kernel process: `node main.js CONNECTION_FILE`, as the kernelspec starts it. */
import { startKernel } from './session/start.ts';

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
  console.error('usage: node main.js CONNECTION_FILE');
  process.exitCode = 2;
} else {
  try {
    await startKernel(connectionFile);
  } catch (error) {
    console.error(`tensorcell: the kernel cannot start with ${connectionFile}:`, error);
    process.exit(1);
  }
}
