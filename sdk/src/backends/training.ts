/** How this process has trained, for the record of a run. */
import { describeLoaded } from './activate.js';

export const TRAINING_MODES = ['traced', 'eager'] as const;
/** `traced`: the step ran as one graph; `eager`: operation by operation. */
export type TrainingMode = (typeof TRAINING_MODES)[number];

// on the process, not on this module: foldlab may be loaded twice
const KEY = Symbol.for('foldlab.training');
type Place = { [KEY]?: TrainingMode };

/** Called by whoever compiles or falls back; `null` when a unit begins. */
export function noteTraining(mode: TrainingMode | null): void {
  const place = globalThis as Place;
  if (mode) place[KEY] = mode;
  else delete place[KEY];
}

/**
 * The backend that this process uses, and how compiled steps ran on it since the last `noteTraining(null)`: `tensorflow (traced)`,
 * `tensorflow (eager)`, plain `tensorflow` where no step was compiled, `wasm`, `cpu`, `none`.
 */
export function describeTraining(): string {
  const name = describeLoaded();
  const mode = (globalThis as Place)[KEY];
  return mode && name === 'tensorflow' ? `${name} (${mode})` : name;
}
