/** Fast training with TensorFlow.js: `import { trainLoop } from 'foldlab/tf'`. */
export { compileStep, type CompiledStep, type StepMode, type StepOptions } from './compileStep.js';
export type { ModelLike, OptimizerLike, TensorLike, TensorTree, VariableLike } from './types.js';
