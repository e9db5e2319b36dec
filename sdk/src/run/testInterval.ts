/** How the ensembles of a run, as they are, would do on new rows: a bootstrap over the test rows. */
import type {
  EnsembleResult,
  MetricFunc,
  SampleId,
  ScoreInterval,
  StoredPredictions,
  TestIntervalOptions,
} from '../contract.js';
import { metrics } from '../metrics/index.js';
import { markVotes } from '../metrics/table.js';
import { createRandGen } from '../plan/seeds.js';
import { bootstrap } from '../stats/bootstrap.js';

/** Which group a test row belongs to; null where the test set has no groups. */
export type TestGroups = ReadonlyMap<SampleId, string | number> | null;

export interface TestIntervalFacts {
  readonly run: string;
  /** Of all methods, in the order of the repetitions. */
  readonly ensembles: readonly EnsembleResult[];
  readonly read: (ensemble: EnsembleResult) => Promise<StoredPredictions>;
  readonly groups: TestGroups;
}

/** One ensemble's predictions, in the order of the first one's ids. */
interface Scored {
  readonly scores: readonly number[][];
  readonly targets: readonly (number | string | boolean)[];
}

/** Numbers that differ by no more than their last digits. */
const SAME = 1e-9;

export async function testInterval(
  facts: TestIntervalFacts,
  metric: string | MetricFunc | undefined,
  options: TestIntervalOptions = {},
): Promise<ScoreInterval> {
  const { run, ensembles, groups } = facts;
  const failed = `Cannot give an interval on the test rows of run '${run}'`;
  const method = options.method ?? ensembles[0]?.method;
  const chosen = ensembles.filter((ensemble) => ensemble.method === method);
  if (chosen.length === 0) {
    const known = [...new Set(ensembles.map((ensemble) => ensemble.method))];
    throw new RangeError(
      `${failed}: it needs ensembles that were scored on a test set; ` +
        (known.length > 0 ? `there are none by '${method}', only by ${known.join(', ')}` : 'there are none'),
    );
  }
  const name = nameOf(metric, chosen[0]!, failed);
  const score = typeof metric === 'function' ? metric : (metrics[name as keyof typeof metrics] as MetricFunc);
  const { ids, tables } = align(await Promise.all(chosen.map(facts.read)), failed);
  const scoreOf = ({ scores, targets }: Scored, rows: Iterable<number>): number => {
    const at = [...rows];
    const some = at.map((row) => scores[row]!);
    return score(
      method === 'vote' ? markVotes(some) : some,
      at.map((row) => targets[row]!),
    );
  };
  if (typeof metric !== 'function') {
    tables.forEach((table, i) => checkSame(name, scoreOf(table, table.scores.keys()), chosen[i]!, failed));
  }
  const { level, resamples, seed = 0 } = options;
  const randGen = createRandGen(seed);
  return bootstrap({
    n: ids.length,
    statistic: (rows) => tables.reduce((sum, table) => sum + scoreOf(table, rows), 0) / tables.length,
    draw: (n) => randGen.int(n),
    groups: groups && ids.map((id) => groups.get(id)!),
    level,
    resamples,
    metric: tables.length > 1 ? `mean ${name}` : name,
    of: tables.length > 1 ? `these ${tables.length} ensembles` : 'this ensemble',
  });
}

function nameOf(metric: string | MetricFunc | undefined, first: EnsembleResult, failed: string): string {
  if (typeof metric === 'function') return metric.name || 'score';
  const computable = (name: string) => name in metrics && typeof first.test.metrics[name] === 'number';
  const name = metric ?? Object.keys(first.test.metrics).find(computable);
  if (name !== undefined && computable(name)) return name;
  const own = Object.keys(first.test.metrics);
  throw new RangeError(
    `${failed}: the metric must be scored anew on drawn rows; ${name === undefined ? 'none' : `'${name}' is not one`} of evalFunc's (${own.join(', ') || 'none'}) ` +
      'that foldlab has too; give a function: testInterval((scores, targets) => …)',
  );
}

/** evalFunc may mean something else by the same name. */
function checkSame(name: string, found: number, { repIndex, test }: EnsembleResult, failed: string): void {
  const reported = test.metrics[name]!;
  if (Object.is(found, reported) || Math.abs(found - reported) <= SAME) return;
  throw new RangeError(
    `${failed}: metrics.${name} must be what evalFunc calls ${name}; on repetition ${repIndex} it is ${found}, evalFunc said ${reported}; ` +
      'give evalFunc’s own: testInterval((scores, targets) => …)',
  );
}

/** All repetitions' rows in the order of the first one, so that a drawn row is the same row in each. */
function align(
  predictions: readonly StoredPredictions[],
  failed: string,
): { ids: readonly SampleId[]; tables: Scored[] } {
  const { ids } = predictions[0]!;
  const tables = predictions.map(({ ids: own, scores, targets }) => {
    if (!targets) throw new RangeError(`${failed}: it needs targets; return them from inferFunc`);
    const rowOf = new Map(own.map((id, row) => [id, row]));
    const order = ids.map((id) => rowOf.get(id) ?? -1);
    if (own.length !== ids.length || order.includes(-1))
      throw new RangeError(`${failed}: all repetitions must have predicted the same rows, and they did not`);
    return { scores: order.map((row) => scores[row]!), targets: order.map((row) => targets[row]!) };
  });
  return { ids, tables };
}
