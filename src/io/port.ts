/** @file Opens models' door to saving. */
import { installSaving, type SaveResult } from '../models/saving-port.ts';
import { loadWeightsFile, modelToJSON, modelToYAML, saveModelFile, saveWeightsFile } from './saving.ts';
import { assignNamed, saveLayersModel } from './tfjs/layers-model.ts';

installSaving({
  async save(model, target, options): Promise<SaveResult> {
    if (typeof target !== 'string' || /^[a-z]{2,}:\/\//.test(target)) return saveLayersModel(model, target, options);
    await saveModelFile(model, target, options);
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  },
  saveWeights: saveWeightsFile,
  async loadWeights(model, source, options) {
    if (typeof source === 'string') return loadWeightsFile(model, source, options);
    assignNamed(model, source, 'loadWeights', !options.skipMismatch);
  },
  toJSON: modelToJSON,
  toYAML: modelToYAML,
});
