/** What inferFunc may return, brought into one checked shape. */
import type { SampleId } from '../contract.js';
import { scoreTable } from './scoreTable.js';

export interface NormalizedPredictions {
  readonly ids: SampleId[];
  /** Row-major `[rows, classes]`; row i belongs to `ids[i]`. */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  /** 1 when there was one number per row rather than a row of one. */
  readonly rank: 1 | 2;
  /** One true value per row, where inferFunc gave them. */
  readonly targets: (number | string | boolean)[] | null;
  /** How many scores are NaN or infinite: allowed, to be said. */
  readonly nonFinite: number;
}

const TARGET_TYPES = ['number', 'string', 'boolean'];

/**
 * Checks what inferFunc returned and copies it: scores `[rows][classes]`, `[rows]`, `{ data, shape }`, a typed array with
 * `shape`, or a typed array with one value per id.
 *
 * @param context names the unit in messages: "fold 2, repetition 0, test"
 * @throws TypeError when something has another kind or shape
 * @throws RangeError when counts do not match or an id occurs twice
 */
export function normalizePredictions(value: unknown, context: string): NormalizedPredictions {
  const failed = `Cannot use the predictions of ${context}`;
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `${failed}: inferFunc must return { ids, scores, targets? }; found ${value === null ? 'null' : typeof value}`,
    );
  }
  const { ids, scores, targets } = value as { ids?: unknown; scores?: unknown; targets?: unknown };
  const names = checkIds(ids, failed);
  const table = scoreTable(scores, names.length, failed);
  let nonFinite = 0;
  for (const score of table.scores) if (!Number.isFinite(score)) nonFinite++;
  return { ids: names, ...table, targets: checkTargets(targets, names.length, failed), nonFinite };
}

/**
 * Checks that predictions are about exactly the samples asked for, in any order.
 *
 * @throws RangeError that names the first few missing and unknown ids
 */
export function checkRows(
  predictions: { readonly ids: readonly SampleId[] },
  expectedIds: ArrayLike<SampleId>,
  context: string,
): void {
  const missing = new Set<SampleId>();
  for (let i = 0; i < expectedIds.length; i++) missing.add(expectedIds[i]!);
  const unknown = predictions.ids.filter((id) => !missing.delete(id));
  if (missing.size === 0 && unknown.length === 0) return;
  const parts = [
    missing.size > 0 ? `${missing.size} are missing (${listIds(missing)})` : '',
    unknown.length > 0 ? `${unknown.length} were not asked for (${listIds(unknown)})` : '',
  ].filter(Boolean);
  throw new RangeError(
    `Cannot use the predictions of ${context}: ids must be those of the ${expectedIds.length} samples to predict; ` +
      `${parts.join(' and ')}`,
  );
}

/** The first five ids, for messages. */
export function listIds(ids: Iterable<SampleId>): string {
  const all = [...ids];
  const shown = all.slice(0, 5).map((id) => (typeof id === 'string' ? JSON.stringify(id) : String(id)));
  return shown.join(', ') + (all.length > 5 ? ', …' : '');
}

function checkIds(ids: unknown, failed: string): SampleId[] {
  if (!isArrayLike(ids)) {
    throw new TypeError(
      `${failed}: ids must be an array with the id of each row; found ${ids === null ? 'null' : typeof ids}, ` +
        'return { ids, scores }',
    );
  }
  if (ids.length === 0) throw new RangeError(`${failed}: there must be at least one row; ids is empty`);
  const names = Array.from(ids) as SampleId[];
  names.forEach((id, row) => {
    if (typeof id !== 'string' && !Number.isFinite(id)) {
      throw new TypeError(
        `${failed}: ids must be strings or finite numbers; the id of row ${row} is ${String(id)} (${typeof id})`,
      );
    }
  });
  if (new Set(names).size < names.length) {
    const seen = new Set<SampleId>();
    const twice = new Set(names.filter((id) => seen.size === seen.add(id).size));
    throw new RangeError(
      `${failed}: each id may occur once; ${twice.size} occur more often (${listIds(twice)})`,
    );
  }
  return names;
}

function checkTargets(targets: unknown, rows: number, failed: string): (number | string | boolean)[] | null {
  if (targets === undefined || targets === null) return null;
  if (!isArrayLike(targets)) {
    throw new TypeError(
      `${failed}: targets must be an array with the true value of each row; found ${typeof targets}`,
    );
  }
  if (targets.length !== rows) {
    throw new RangeError(
      `${failed}: targets and ids must have the same length; found ${targets.length} targets and ${rows} ids`,
    );
  }
  const values = Array.from(targets) as (number | string | boolean)[];
  values.forEach((target, row) => {
    if (!TARGET_TYPES.includes(typeof target)) {
      throw new TypeError(
        `${failed}: targets must be numbers, strings or booleans; the target of row ${row} is ` +
          `${target === null ? 'null' : Array.isArray(target) ? 'an array' : typeof target}`,
      );
    }
  });
  return values;
}

const isArrayLike = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
