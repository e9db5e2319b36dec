/** What a run's combined predictions tell beside their scores, small enough for a view. */
import type { MeritsRecord, Spelled } from '../jobs/messages.js';
import type { ClassCountsModel, HardestModel, MeritsModel } from '../view/model.js';
import { inOrder } from './ensembleRecord.js';
import type { RunRecord } from './record.js';

/** Members of a matrix of disagreements; of more only the rest is shown. */
const MOST_PAIRED = 12;
const MOST_MEMBERS = 100;
const MOST_REPETITIONS = 20;
const DIGITS = 5;
const TEXT = 60;

/** Of the ensembles by the first method: it is the mean of all members, whatever that method is. */
export function toMerits({ ensembles }: RunRecord): MeritsModel[] {
  return inOrder(ensembles)
    .flatMap(({ repIndex, merits }) =>
      merits && merits.members.length <= MOST_MEMBERS ? [{ repIndex, ...shortened(merits) }] : [],
    )
    .slice(0, MOST_REPETITIONS);
}

function shortened(merits: MeritsRecord): Omit<MeritsModel, 'repIndex'> {
  const { kind, metric, rows, orders, members } = merits;
  const short = (values: readonly Spelled[]): Spelled[] => values.map(rounded);
  return {
    kind,
    metric,
    rows,
    orders,
    mean: short(merits.mean),
    low: short(merits.low),
    high: short(merits.high),
    members,
    gains: short(merits.gains),
    disagreement: members.length > MOST_PAIRED ? [] : merits.disagreement.map((row) => short(row)),
  };
}

const rounded = (value: Spelled): Spelled =>
  typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value;

/** One table where all repetitions hold out the same rows. */
export function toClassCounts(record: RunRecord): ClassCountsModel[] {
  const found = [...record.outOfFold]
    .sort((a, b) => a.repIndex - b.repIndex)
    .flatMap(({ repIndex, outcome: { classes } }) => (classes ? [{ repIndex, classes }] : []));
  const [first] = found;
  const folds = [...Array(record.numFolds).keys()];
  const model = (repIndex: number | null, { labels, counts }: NonNullable<typeof first>['classes']) => ({
    repIndex,
    labels: labels.map((label) => label.slice(0, TEXT)),
    folds,
    counts,
  });
  if (!first || first.classes.counts.length !== record.numFolds) return [];
  const text = JSON.stringify(first.classes);
  if (found.every(({ classes }) => JSON.stringify(classes) === text)) return [model(null, first.classes)];
  return found.slice(0, MOST_REPETITIONS).map(({ repIndex, classes }) => model(repIndex, classes));
}

/** The one over most repetitions of those that are of the attempts that count now. */
export function toHardest({ outOfFold }: RunRecord): HardestModel | null {
  const keys = new Set(outOfFold.map(({ key }) => key));
  const found = outOfFold
    .flatMap(({ outcome }) => outcome.hardest ?? [])
    .filter(({ others }) => others.every((key) => keys.has(key)))
    .sort((a, b) => b.others.length - a.others.length)[0];
  if (!found) return null;
  const { kind, rows, wrongRows, others, hardest } = found;
  const text = (value: string): string => value.slice(0, TEXT);
  return {
    kind,
    repetitions: others.length + 1,
    rows,
    wrongRows,
    hardest: hardest.map(({ id, target, said, wrong, of, size }) => ({
      id: text(id),
      target: text(target),
      said: text(said),
      wrong,
      of,
      size: rounded(size),
    })),
  };
}
