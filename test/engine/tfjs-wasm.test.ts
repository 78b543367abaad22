/** @file The conformance suite on TensorFlow.js in WebAssembly. */
import { conformance } from './conformance.ts';

conformance('tfjs/wasm:0');
