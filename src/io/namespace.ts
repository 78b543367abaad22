/** @file `tf.io`: where models come from and go to, weights as bytes, safetensors. */
export * from '../ops/strings/encoding.ts';
export type { HTTPOptions, IOHandler } from './tfjs/handlers.ts';
export type {
  ModelArtifacts,
  ModelArtifactsInfo,
  SaveHandler,
  SaveResult,
  WeightEntry as WeightsManifestEntry,
} from '../models/saving-port.ts';
export {
  fileSystem,
  fromMemory,
  getLoadHandlers,
  getModelArtifactsInfoForJSON,
  getSaveHandlers,
  http,
  registerLoadRouter,
  registerSaveRouter,
  withSaveHandler,
} from './tfjs/handlers.ts';
export { decodeWeights, encodeWeights } from './tfjs/weights.ts';
export { loadSafetensors, saveSafetensors } from './safetensors-weights.ts';
