/** Ensembles of fold models, from checked predictions. */
export type { EnsembleMember } from './align.js';
export { combine, ENSEMBLE_METHODS, ensembleName, type EnsembleMethod } from './combine.js';
export { meanEnsemble, type EnsemblePredictions } from './mean.js';
export { checkRows, normalizePredictions, type NormalizedPredictions } from './predictions.js';
