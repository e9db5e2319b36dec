/** Statistics of scores. Pure, and free of node: views use them in a browser too. */
import { bootstrap } from './bootstrap.js';
import { compareFolds, holm, mcnemar } from './compare.js';
import { delong, delongCompare } from './delong.js';
import { foldInterval } from './foldInterval.js';
import { meanRoc } from './meanRoc.js';
import { repetitionInterval } from './repetitionInterval.js';
import { varianceParts } from './varianceParts.js';
import { wilson } from './wilson.js';

export const stats = {
  bootstrap,
  compareFolds,
  delong,
  delongCompare,
  foldInterval,
  holm,
  mcnemar,
  meanRoc,
  repetitionInterval,
  varianceParts,
  wilson,
} as const;

export type { BootstrapOptions } from './bootstrap.js';
export type { Comparison, FoldComparison, PairCounts } from './compare.js';
export type { DelongComparison, DelongOptions } from './delong.js';
export type { FoldIntervalOptions, FoldSize, Resampling, UnitScore } from './foldInterval.js';
export type { ScoreInterval } from './interval.js';
export type { RocBand } from './meanRoc.js';
export type { RepetitionIntervalOptions } from './repetitionInterval.js';
export type { VarianceOptions, VariancePart, VarianceParts } from './varianceParts.js';
export type { ProportionOptions } from './wilson.js';
