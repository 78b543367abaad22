/** @file The conformance suite on the CPU. */
import { conformance } from './conformance.ts';

conformance('cpu:0');
