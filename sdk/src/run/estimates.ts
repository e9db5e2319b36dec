/** Results that are several estimates draw themselves at the end of a cell: every pair of some runs, the parts of a variance. */
import { inspect } from 'node:util';
import type { VarianceParts } from '../contract.js';
import { drawSvg } from '../notebook/drawSvg.js';
import { DISPLAY, FIRST_DISPLAY } from '../notebook/kernel/values.js';
import { withDarkMode } from '../view/darkMode.js';
import { estimatesBundle } from '../view/estimates/bundle.js';
import {
  ESTIMATES_LIMITS as LIMITS,
  ESTIMATES_MODEL_VERSION,
  type EstimatesModel,
  type PairsModel,
  type VarianceModel,
} from '../view/estimates/model.js';
import { estimatesPicture } from '../view/estimates/spec.js';
import { estimatesTable } from '../view/estimates/table.js';
import { toWireNumber } from '../view/numbers.js';
import type { CorrectedComparison } from './compareRuns.js';

/** The plain value; not listed among its fields, how a cell that ends in it shows it. */
export function shownAs<T extends object>(value: T, model: EstimatesModel): T {
  return Object.defineProperties(value, {
    [DISPLAY]: {
      value: async () =>
        estimatesBundle(model, { svg: withDarkMode(await drawSvg(estimatesPicture(model))) }),
    },
    [FIRST_DISPLAY]: { value: () => estimatesBundle(model) },
    [inspect.custom]: { value: () => estimatesTable(model) },
  });
}

const cut = (text: string, most: number): string => text.slice(0, most);

/** For a view: names cut to what it takes. `warning`: a sentence about the scores of some runs; may be ''. */
export function toPairsModel(
  pairs: readonly CorrectedComparison[],
  { numRuns, warning }: { readonly numRuns: number; readonly warning: string },
): PairsModel {
  const [{ metric, test, difference }] = pairs as [CorrectedComparison];
  const without = pairs.filter(({ difference: { low } }) => low === null);
  const notes = [...without.map(({ difference: { says } }) => says), warning];
  return {
    version: ESTIMATES_MODEL_VERSION,
    kind: 'pairs',
    metric: cut(metric, LIMITS.name),
    level: difference.level,
    numRuns,
    numPairs: pairs.length,
    pairs: pairs.slice(0, LIMITS.pairs).map((pair) => ({
      first: cut(pair.first, LIMITS.name),
      second: cut(pair.second, LIMITS.name),
      mean: toWireNumber(pair.difference.mean),
      low: pair.difference.low,
      high: pair.difference.high,
      p: toWireNumber(pair.p),
      pHolm: toWireNumber(pair.pHolm),
    })),
    test: cut(test, LIMITS.name),
    notes: [...new Set(notes.filter(Boolean))].slice(0, LIMITS.notes).map((note) => cut(note, LIMITS.text)),
  };
}

export function toVarianceModel(parts: VarianceParts, metric: string): VarianceModel {
  return {
    version: ESTIMATES_MODEL_VERSION,
    kind: 'variance',
    metric: cut(metric, LIMITS.name),
    level: parts.level,
    folds: parts.folds,
    repetitions: parts.repetitions,
    parts: parts.parts.map(({ name, sd, low, high }) => ({ name, sd, low, high })),
    moreSeeds: parts.moreSeeds,
    says: cut(parts.says, LIMITS.text),
  };
}
