/** @file The door through which models save: the floor above, which knows files and formats, opens it. */
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Model } from './model.ts';

/** What `model.save` may be told. */
export interface SaveOptions {
  /** Replaces a file that exists; default true. */
  overwrite?: boolean;
  /** Saves how the model is compiled, and the optimizer's state; default true, but false in TensorFlow.js's form. */
  includeOptimizer?: boolean;
  /** In TensorFlow.js's form: leaves out weights that are not trained. Default false. */
  trainableOnly?: boolean;
}

/** What `model.saveWeights` may be told. */
export interface SaveWeightsOptions {
  /** Replaces a file that exists; default true. */
  overwrite?: boolean;
}

/** What `model.loadWeights` may be told. */
export interface LoadWeightsOptions {
  /** In HDF5 files of the old layout: takes weights by the names of layers, not by their order. Default false. */
  byName?: boolean;
  /** Warns of weights that do not fit, and leaves them; default false: they are an error. */
  skipMismatch?: boolean;
}

/** What TensorFlow.js's form consists of. */
export interface ModelArtifacts {
  /** Layers and how they are joined, or the nodes of a graph. */
  modelTopology?: object | ArrayBuffer;
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
  /** Names, shapes and dtypes of the weights, in the order in which their bytes follow each other. */
  weightSpecs?: readonly WeightEntry[];
  weightData?: ArrayBuffer | readonly ArrayBuffer[];
  trainingConfig?: object;
  signature?: object;
  userDefinedMetadata?: Record<string, unknown>;
  modelInitializer?: object;
  initializerSignature?: object;
}

/** One weight of TensorFlow.js's form. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool' | 'string' | 'complex64' | (string & {});
  /** The elements are of a narrower type: integers i that stand for i * scale + min, or halves. */
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
  readonly group?: string;
}

/** What was written, and when. */
export interface ModelArtifactsInfo {
  readonly dateSaved: Date;
  readonly modelTopologyType: 'JSON' | 'GraphDef';
  readonly modelTopologyBytes?: number;
  readonly weightSpecsBytes?: number;
  readonly weightDataBytes?: number;
}

/** What saving gives. */
export interface SaveResult {
  readonly modelArtifactsInfo: ModelArtifactsInfo;
  readonly errors?: readonly unknown[];
  readonly responses?: readonly unknown[];
}

/** Where a model is saved to, other than a path: an IOHandler of TensorFlow.js. */
export interface SaveHandler {
  save?(artifacts: ModelArtifacts): Promise<SaveResult> | SaveResult;
}

/** How models are saved. */
export interface SavingPort {
  save(model: Model, target: string | SaveHandler, options: SaveOptions): Promise<SaveResult>;
  saveWeights(model: Model, path: string, options: SaveWeightsOptions): Promise<void>;
  loadWeights(
    model: Model,
    source: string | Readonly<Record<string, Tensor>>,
    options: LoadWeightsOptions,
  ): Promise<void>;
  toJSON(model: Model): string;
  toYAML(model: Model): Promise<string>;
}

let current: SavingPort | null = null;

/** @internal Opens the door. */
export const installSaving = (port: SavingPort): void => {
  current = port;
};

/** @internal How models are saved. @throws ArgumentError where nothing that knows formats is loaded */
export function saving(): SavingPort {
  if (!current) throw new ArgumentError('Saving is not loaded; import the library by its main module, tensorcell.');
  return current;
}
