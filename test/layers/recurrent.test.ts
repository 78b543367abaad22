/** @file Recurrent layers against Keras 3 (test/fixtures/layers/recurrent.py), and what only they do. */
import { describeLayerCases } from '../support/layer-cases.ts';

describeLayerCases('recurrent.json');
