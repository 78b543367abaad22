/** @file The conformance suite on TensorFlow.js in plain JavaScript. */
import { conformance } from './conformance.ts';

conformance('tfjs/cpu:0');
