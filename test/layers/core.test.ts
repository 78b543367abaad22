/** @file Core layers, and layers that merge, against Keras 3 (test/fixtures/layers/core.py). */
import { describeLayerCases } from '../support/layer-cases.ts';

describeLayerCases('core.json');
