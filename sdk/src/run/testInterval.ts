/** How the ensembles of a run, as they are, would do on new rows. */
import type {
  EnsembleOver,
  MetricFunc,
  SampleId,
  ScoreInterval,
  StoredPredictions,
  TestIntervalOptions,
} from '../contract.js';
import { isRowMetric, rowInterval } from '../jobs/rowIntervals.js';
import { metrics } from '../metrics/index.js';
import { markVotes } from '../metrics/table.js';
import { createRandGen } from '../plan/seeds.js';
import { bootstrapSteps } from '../stats/bootstrap.js';
import { inTurns } from './inTurns.js';

/** Which group a test row belongs to; null where the test set has no groups. */
export type TestGroups = ReadonlyMap<SampleId, string | number> | null;

/** One ensemble. */
export interface TestedEnsemble {
  /** For messages: "ensemble, repetition 1". */
  readonly name: string;
  /** What evalFunc reports. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly read: () => Promise<StoredPredictions>;
}

export interface TestIntervalFacts {
  /** How a message begins. */
  readonly failed: string;
  readonly method: string;
  readonly over: EnsembleOver;
  /** One or more of this method. */
  readonly ensembles: readonly TestedEnsemble[];
  readonly groups: TestGroups;
}

/** One ensemble's predictions, in the order of the first one's ids. */
interface Scored {
  readonly scores: number[][];
  readonly targets: any[];
}

/** Numbers that differ by no more than their last digits. */
const SAME = 1e-9;

export async function testInterval(
  { failed, method, over, ensembles, groups }: TestIntervalFacts,
  metric: string | MetricFunc | undefined,
  options: TestIntervalOptions = {},
): Promise<ScoreInterval> {
  const name = nameOf(metric, ensembles[0]!, failed);
  const score = typeof metric === 'function' ? metric : (metrics[name as keyof typeof metrics] as MetricFunc);
  const { ids, tables } = align(await Promise.all(ensembles.map((each) => each.read())), failed);
  const scoreOf = ({ scores, targets }: Scored, rows: Iterable<number>): number => {
    const at = [...rows];
    const some = at.map((row) => scores[row]!);
    return score(
      method === 'vote' ? markVotes(some) : some,
      at.map((row) => targets[row]!),
    );
  };
  if (typeof metric !== 'function') {
    tables.forEach((table, i) => checkSame(name, scoreOf(table, table.scores.keys()), ensembles[i]!, failed));
  }
  const { level, resamples, seed = 0 } = options;
  // one predictor's independent rows: what there is a formula for needs no drawing
  if (
    tables.length === 1 &&
    !groups &&
    resamples === undefined &&
    typeof metric !== 'function' &&
    isRowMetric(name)
  ) {
    const interval = rowInterval(name, tables[0]!, { level });
    if (interval) return interval;
  }
  const randGen = createRandGen(seed);
  return inTurns(
    bootstrapSteps({
      n: ids.length,
      statistic: (rows) => tables.reduce((sum, table) => sum + scoreOf(table, rows), 0) / tables.length,
      draw: (n) => randGen.int(n),
      groups: groups && ids.map((id) => groups.get(id)!),
      level,
      resamples,
      metric: tables.length > 1 ? `mean ${name}` : name,
      of:
        tables.length > 1
          ? `these ${tables.length} ensembles${over === 'fold' ? ', one of each fold,' : ''}`
          : 'this ensemble',
    }),
  );
}

function nameOf(metric: string | MetricFunc | undefined, first: TestedEnsemble, failed: string): string {
  if (typeof metric === 'function') return metric.name || 'score';
  const own = Object.keys(first.metrics);
  const name = metric ?? own.find((each) => each in metrics);
  if (name !== undefined && name in metrics && own.includes(name)) return name;
  throw new RangeError(
    `${failed}: the metric must be scored anew on drawn rows; ${name === undefined ? 'none' : `'${name}' is not one`} of evalFunc's (${own.join(', ') || 'none'}) ` +
      'that foldlab has too; give a function: testInterval((scores, targets) => …)',
  );
}

/** evalFunc may mean something else by the same name. */
function checkSame(name: string, found: number, ensemble: TestedEnsemble, failed: string): void {
  const reported = ensemble.metrics[name]!;
  if (Object.is(found, reported) || Math.abs(found - reported) <= SAME) return;
  throw new RangeError(
    `${failed}: metrics.${name} must be what evalFunc calls ${name}; of the ${ensemble.name} it is ${found}, evalFunc said ${reported}; ` +
      'give evalFunc’s own: testInterval((scores, targets) => …)',
  );
}

/** All ensembles' rows in the order of the first one, so that a drawn row is the same row in each. */
function align(
  predictions: readonly StoredPredictions[],
  failed: string,
): { ids: readonly SampleId[]; tables: Scored[] } {
  const { ids } = predictions[0]!;
  const tables = predictions.map(({ ids: own, scores, targets }): Scored => {
    if (!targets) throw new RangeError(`${failed}: it needs targets; return them from inferFunc`);
    const rowOf = new Map(own.map((id, row) => [id, row]));
    const order = ids.map((id) => rowOf.get(id) ?? -1);
    if (own.length !== ids.length || order.includes(-1))
      throw new RangeError(`${failed}: all repetitions must have predicted the same rows, and they did not`);
    return { scores: order.map((row) => scores[row]!), targets: order.map((row) => targets[row] as unknown) };
  });
  return { ids, tables };
}
