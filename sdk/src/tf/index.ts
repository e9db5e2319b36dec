/** Fast training with TensorFlow.js: `import { trainLoop } from 'foldlab/tf'`. */
export { compileStep, type CompiledStep, type StepMode, type StepOptions } from './compileStep.js';
export { trainLoop, type Training } from './trainLoop.js';
export { predict, type OutputActivation, type PredictOptions } from './predict.js';
export { traced } from './traced.js';
export { standardize } from './standardize.js';
export type { Columns, ColumnsLike } from './columns.js';
export type { Batch, BatchSource, Callback, RandomStream, TrainOptions } from './loopOptions.js';
export type { LossName, MetricName, TensorFunction } from './objectives.js';
export type { ModelLike, OptimizerLike, TensorLike, TensorTree, VariableLike } from './types.js';
