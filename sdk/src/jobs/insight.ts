/** What combined predictions tell beside their scores: what members bring, and which rows are hard. */
import type { Score, ScoreKind } from '../contract.js';
import type { EnsembleMember } from '../ensemble/align.js';
import { classCounts } from '../ensemble/classCounts.js';
import { hardestRows, type RowScores } from '../ensemble/hardest.js';
import { meanEnsemble } from '../ensemble/mean.js';
import { memberMerits, ordersWithin } from '../ensemble/merits.js';
import { isPlain, type PlainTarget, type Target } from '../ensemble/predictions.js';
import { metrics } from '../metrics/index.js';
import { predictionKind } from '../metrics/predictionKind.js';
import { toTable } from '../metrics/table.js';
import { createRandGen } from '../plan/seeds.js';
import type { PredictionTable } from '../store/predictions.js';
import { spellNumber, type MeritsRecord, type OutOfFoldJob, type OutOfFoldOutcome } from './messages.js';
import type { Workshop } from './workshop.js';

type Targets = readonly PlainTarget[];
type Metric = (scores: Parameters<typeof metrics.accuracy>[0], targets: Targets) => number;

/** Scores of all repetitions together that are looked at for hard rows. */
const MOST_SCORES = 4 * 2 ** 20;
/** Metrics that sort the rows, once for each class; about ten times as slow as one that only looks at them. */
const SORTING: readonly string[] = ['auroc', 'auprc', 'roc', 'precisionRecall'];
const costOf = (name: string): number => (SORTING.includes(name) ? 10 : 1);
/** Numbers that differ by no more than their last digits. */
const SAME = 1e-9;

/**
 * By the first metric of evalFunc's that foldlab computes to the same number, in time, else accuracy or RMSE. Null where there is
 * nothing to say; never an error: the ensemble is done.
 */
export function meritsOf(
  members: readonly EnsembleMember[],
  score: Score,
  seed: number,
): MeritsRecord | null {
  try {
    const kind = kindOf(members);
    if (kind === null) return null;
    const name = metricOf(members, score) ?? (kind === 'class' ? 'accuracy' : 'rmse');
    const { int } = createRandGen(seed);
    const metric = metrics[name] as Metric;
    const found = memberMerits(members, { kind, metric, cost: costOf(name), draw: int });
    if (!found) return null;
    const { growth, gains, disagreement, ...rest } = found;
    return {
      ...rest,
      kind,
      metric: name,
      mean: growth.map((point) => spellNumber(point.mean)),
      low: growth.map((point) => spellNumber(point.min)),
      high: growth.map((point) => spellNumber(point.max)),
      gains: gains.map(spellNumber),
      disagreement: disagreement.map((row) => row.map(spellNumber)),
    };
  } catch {
    // predictions that fit no metric
    return null;
  }
}

/** Class counts of the folds, and the rows that are hardest over this and the other complete repetitions. */
export async function rowsInsight(
  job: OutOfFoldJob,
  tables: readonly PredictionTable[],
  pooled: readonly Target[],
  workshop: Workshop,
): Promise<Pick<OutOfFoldOutcome, 'classes' | 'hardest'>> {
  if (!isPlain(pooled)) return {};
  let at = 0;
  const own = tables.map((table) => ({ ...table, targets: pooled.slice(at, (at += table.rows)) }));
  const kind = kindOf(own);
  const classes = kind === 'value' ? null : classCounts(own);
  if (kind === null) return classes ? { classes } : {};
  const targetOf = new Map(own.flatMap(({ ids, targets }) => ids.map((id, row) => [id, targets[row]!])));
  let scores = own.reduce((sum, table) => sum + table.scores.length, 0);
  const all: RowScores[] = [...own];
  const others: string[] = [];
  for (const { key, members } of job.others) {
    const found = [];
    for (const { predictions } of members) found.push(await workshop.predictions(predictions));
    scores += found.reduce((sum, table) => sum + table.scores.length, 0);
    if (scores > MOST_SCORES) break;
    // targets from the data set's labels, where predictions have none
    all.push(
      ...found.map((table) => ({
        ...table,
        targets: isPlain(table.targets) ? table.targets : table.ids.map((id) => targetOf.get(id)!),
      })),
    );
    others.push(key);
  }
  const { hardest, ...counts } = hardestRows(all, kind);
  const rows = hardest.map((row) => ({ ...row, size: spellNumber(row.size) }));
  return { ...(classes ? { classes } : {}), hardest: { ...counts, others, hardest: rows } };
}

function kindOf(
  tables: readonly (Omit<RowScores, 'targets'> & {
    readonly targets: readonly Target[] | null;
    readonly kind?: ScoreKind;
  })[],
): 'class' | 'value' | null {
  const kinds = new Set(
    tables.map(({ scores, rows, classes, targets, kind }) =>
      isPlain(targets)
        ? predictionKind(
            toTable('their kind', { data: scores, shape: [rows, classes] }, targets),
            targets,
            kind,
          )
        : null,
    ),
  );
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? kind : null;
}

function metricOf(members: readonly EnsembleMember[], score: Score): keyof typeof metrics | null {
  const { scores: data, targets } = meanEnsemble(members);
  if (!isPlain(targets)) return null;
  const { rows, classes } = members[0]!;
  const mean = { data, shape: classes === 1 ? [rows] : [rows, classes] };
  for (const [name, reported] of Object.entries(score.metrics)) {
    if (!Object.hasOwn(metrics, name) || ordersWithin(members.length, data.length, costOf(name)) === 0)
      continue;
    const mine = (metrics[name as keyof typeof metrics] as Metric)(mean, targets);
    if (Math.abs(mine - reported) <= SAME) return name as keyof typeof metrics;
  }
  return null;
}
