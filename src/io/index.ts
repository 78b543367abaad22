/** @file Files of models: loading them, and `tf.io`. */
import './port.ts';

export { type ModelFromConfigOptions } from './model-json.ts';
export { loadModel, modelFromJSON, modelFromYAML } from './saving.ts';
export { type LoadLayersOptions, loadLayersModel } from './tfjs/layers-model.ts';
export { type GraphInputs, GraphModel, loadGraphModel, type TensorInfo } from './tfjs/graph-model.ts';
export type { LoadWeightsOptions, SaveOptions, SaveWeightsOptions } from '../models/saving-port.ts';
