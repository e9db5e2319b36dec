/** Rows of every repetition and fold, by whichever splitter. */
import type { Rows, SampleId } from '../../contract.js';
import { DatasetError } from '../../errors.js';
import { kFoldOrder } from '../kFold.js';
import { predefinedSplits } from '../predefinedSplits.js';
import { randomState } from '../randomState.js';
import { SPLITTER_KINDS, type Splitter } from '../splitters.js';
import { groupKFold } from './groupKFold.js';
import { leaveOneOut, leavePGroupsOut } from './leaveOut.js';
import type { Label } from './levels.js';
import { groupShuffleSplit, shuffleSplit, stratifiedShuffleSplit } from './shuffleSplit.js';
import { stratifiedGroupKFold } from './stratifiedGroupKFold.js';
import { stratifiedKFold } from './stratifiedKFold.js';
import { timeSeriesSplit } from './timeSeriesSplit.js';

/** What a splitter may look at. */
export interface SplitData {
  /** Number of rows. */
  readonly n: number;
  readonly ids?: ArrayLike<SampleId> | null;
  readonly labels?: ArrayLike<Label> | null;
  readonly groups?: ArrayLike<string | number> | null;
}

export interface CutOptions {
  /** The run's. Needed where the splitter has none of its own. */
  readonly numFolds?: number | null;
  /** Default 1. */
  readonly numRepetitions?: number;
}

export interface CutSplits {
  /** `[repetition][fold]`; one array for all repetitions where they are cut alike. */
  readonly repetitions: readonly (readonly Rows[])[];
  /** What is not as it should be, to be said once. */
  readonly notes: readonly string[];
}

/**
 * Cuts the rows. Rows are ascending, but for Monte Carlo splits, which keep the order drawn as scikit-learn does.
 *
 * @throws DatasetError when the splitter needs labels or groups and the data set has none, or not one per row
 * @throws RangeError when numbers do not fit the data
 * @throws TypeError for an unknown splitter
 */
export function cutSplits(splitter: Splitter, data: SplitData, options: CutOptions = {}): CutSplits {
  const { n } = data;
  const { numRepetitions = 1 } = options;
  const alike = (folds: readonly Rows[], notes: readonly string[] = []): CutSplits => ({
    repetitions: Array.from({ length: numRepetitions }, () => folds),
    notes,
  });
  const count = (own: number | null) => foldCount(splitter.kind, own, options.numFolds ?? null);
  const labels = () => column(data.labels, 'labels', splitter.kind, n);
  const groups = () => column(data.groups, 'groups', splitter.kind, n);

  switch (splitter.kind) {
    case 'kFold': {
      const random = splitter.shuffle ? randomState(splitter.seed) : null;
      return alike(kFoldOrder(n, count(splitter.numFolds), random));
    }
    case 'stratifiedKFold': {
      const random = splitter.shuffle ? randomState(splitter.seed) : null;
      const k = count(splitter.numFolds);
      const { folds, notes } = stratifiedKFold(labels(), k, random);
      return alike(folds, notes);
    }
    case 'groupKFold': {
      const random = splitter.shuffle ? randomState(splitter.seed) : null;
      return alike(groupKFold(groups(), count(splitter.numFolds), random));
    }
    case 'stratifiedGroupKFold': {
      const random = splitter.shuffle ? randomState(splitter.seed) : null;
      const { folds, notes } = stratifiedGroupKFold(labels(), groups(), count(splitter.numFolds), random);
      return alike(folds, notes);
    }
    case 'repeatedKFold': {
      // one stream for all repetitions: repetition r does not depend on how many there are
      const random = randomState(splitter.seed);
      const k = count(splitter.numFolds);
      return {
        repetitions: Array.from({ length: numRepetitions }, () => kFoldOrder(n, k, random)),
        notes: [],
      };
    }
    case 'repeatedStratifiedKFold': {
      const random = randomState(splitter.seed);
      const k = count(splitter.numFolds);
      const cuts = Array.from({ length: numRepetitions }, () => stratifiedKFold(labels(), k, random));
      return { repetitions: cuts.map((cut) => cut.folds), notes: cuts[0]?.notes ?? [] };
    }
    case 'shuffleSplit':
    case 'stratifiedShuffleSplit':
    case 'groupShuffleSplit': {
      const random = randomState(splitter.seed);
      const { validationSize, trainSize } = splitter;
      const draw = {
        numSplits: count(splitter.numSplits),
        validationSize,
        trainSize,
        defaultSize: splitter.kind === 'groupShuffleSplit' ? 0.2 : 0.1,
      };
      if (splitter.kind === 'shuffleSplit') return alike(shuffleSplit(n, draw, random));
      if (splitter.kind === 'groupShuffleSplit') return alike(groupShuffleSplit(groups(), draw, random));
      return alike(stratifiedShuffleSplit(labels(), draw, random));
    }
    case 'leaveOneOut':
      return alike(matching(leaveOneOut(n), splitter.kind, options.numFolds));
    case 'leaveOneGroupOut':
    case 'leavePGroupsOut':
      return alike(matching(leavePGroupsOut(groups(), splitter.leave), splitter.kind, options.numFolds));
    case 'timeSeriesSplit':
      return alike(timeSeriesSplit(n, { ...splitter, numSplits: count(splitter.numSplits) }));
    case 'predefined': {
      const ids = data.ids ?? Array.from({ length: n }, (_, i) => i);
      const { sampleIds } = splitter;
      return alike(predefinedSplits(sampleIds, ids, options.numFolds ?? sampleIds?.length));
    }
    default:
      throw new TypeError(
        `Cannot use splits: it must be made by one of ${SPLITTER_KINDS.join(', ')}; found ${JSON.stringify(splitter)?.slice(0, 60)}`,
      );
  }
}

/** The splitter's own count, else the run's; both given must agree. */
function foldCount(kind: string, own: number | null, numFolds: number | null): number {
  const k = own ?? numFolds ?? 5;
  const least = kind.endsWith('KFold') || kind === 'kFold' ? 2 : 1;
  if (!Number.isInteger(k) || k < least) {
    throw new RangeError(
      `Cannot cut by ${kind}: the number of folds must be a whole number of at least ${least}; current value is ${k}, use 5 or so`,
    );
  }
  if (own !== null && numFolds !== null && own !== numFolds) {
    throw new RangeError(
      `Cannot cut by ${kind}: its own number of folds is ${own}, numFolds is ${numFolds}; leave one of them out`,
    );
  }
  return k;
}

/** A splitter whose data decide the number of folds. */
function matching(folds: Rows[], kind: string, numFolds: number | null | undefined): Rows[] {
  if (numFolds !== null && numFolds !== undefined && numFolds !== folds.length) {
    throw new RangeError(
      `Cannot cut by ${kind}: it makes ${folds.length} folds of this data set, numFolds is ${numFolds}; ` +
        'leave numFolds out (numFoldsUsed runs the first ones)',
    );
  }
  return folds;
}

function column<T extends Label>(
  values: ArrayLike<T> | null | undefined,
  name: 'labels' | 'groups',
  kind: string,
  n: number,
): ArrayLike<T> {
  if (!values) {
    throw new DatasetError(
      `Cannot cut by ${kind}: the data set must have ${name}, one per row; it has none, return them beside length`,
    );
  }
  if (values.length !== n) {
    throw new DatasetError(
      `Cannot cut by ${kind}: the data set must have one of ${name} per row; it has ${n} rows and ${values.length} ${name}`,
    );
  }
  return values;
}
