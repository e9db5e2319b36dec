/** Statistics of scores. Pure, and free of node: views use them in a browser too. */
import { delong, delongCompare } from './delong.js';
import { foldInterval } from './foldInterval.js';
import { meanRoc } from './meanRoc.js';
import { repetitionInterval } from './repetitionInterval.js';
import { wilson } from './wilson.js';

export const stats = { delong, delongCompare, foldInterval, meanRoc, repetitionInterval, wilson } as const;

export type { DelongComparison, DelongOptions } from './delong.js';
export type { FoldIntervalOptions, FoldSize, Resampling, UnitScore } from './foldInterval.js';
export type { ScoreInterval } from './interval.js';
export type { RocBand } from './meanRoc.js';
export type { RepetitionIntervalOptions } from './repetitionInterval.js';
export type { ProportionOptions } from './wilson.js';
