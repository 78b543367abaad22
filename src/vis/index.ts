/** @file Pictures: `tf.vis.*`. */
export type { ChartData, DataRow, FieldOptions, XYColumns } from './chart-data.ts';
export {
  type BarOptions,
  type ChartOptions,
  type HistogramOptions,
  type XYOptions,
  bar,
  histogram,
  line,
  scatter,
} from './charts.ts';
export { type AttentionOptions, attention } from './attention.ts';
export type { ScoreInput } from './binary-scores.ts';
export {
  type CalibrationOptions,
  type ClassifierPlotOptions,
  CurvePlot,
  type NamedCurve,
  calibration,
  precisionRecall,
  roc,
} from './classifier-plots.ts';
export { ConfusionMatrix, type ConfusionMatrixOptions, confusionCounts, confusionMatrix } from './confusion-matrix.ts';
export { ModelDiagram, type ModelDiagramOptions, modelDiagram } from './diagram.ts';
export { type EmbeddingOptions, EmbeddingPlot, embedding } from './embedding.ts';
export { type FeaturesAndPredictions, GradCam, type GradCamOptions, gradCam } from './grad-cam.ts';
export { GradientNorms, gradientNorms } from './gradient-norms.ts';
export { GraphDiagram, graphDiagram } from './graph-diagram.ts';
export { type HeatmapOptions, heatmap } from './heatmap.ts';
export { type HistoryData, type HistoryOptions, history } from './history.ts';
export { type ImageOptions, Picture, type PixelOptions, image } from './image.ts';
export type { CaptionOptions } from './image-captions.ts';
export { ImageGrid, type ImageGridOptions, imageGrid } from './image-grid.ts';
export { type LayerHistogramOptions, activationHistograms, weightHistograms } from './layer-histograms.ts';
export { type LearningRateOptions, type LearningRateSource, type ScheduleLike, learningRate } from './learning-rate.ts';
export type {
  LayerDescription,
  ModelDescription,
  PartialShape,
  Shapes,
  TensorSource,
  WeightCount,
} from './model-description.ts';
export type { NumericInput } from './numbers.ts';
export { type PrincipalComponents, pca } from './pca.ts';
export { type ProgressView, type ProgressViewOptions, createProgressView } from './progress.ts';
export { showRagged } from './ragged.ts';
export { type Drawable, type PictureFileOptions, save } from './saving.ts';
export { type SummaryOptions, SummaryTable, summaryTable } from './summary.ts';
export { Table, type TableOptions, type TableRecord, table } from './table.ts';
export { showTensor } from './tensor.ts';
export type { CalibrationBin, CalibrationNumbers, PrecisionRecallNumbers, RocNumbers } from './threshold-curves.ts';
export { Plot, type VegaSpecification, vega } from './vega.ts';
export { type TSNEOptions, tsne } from './tsne.ts';
