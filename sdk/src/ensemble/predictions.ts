/** What inferFunc may return, brought into one checked shape. */
import { SCORE_KINDS, type SampleId, type ScoreKind } from '../contract.js';
import { scoreTable, type ScoreTable } from './scoreTable.js';

/** A row's true value; of several labels or quantities per row, one number for each column of scores. */
export type PlainTarget = number | string | boolean;
export type Target = PlainTarget | readonly number[];

/** Whether each row has one target rather than one for each label. */
export const isPlain = (targets: readonly Target[] | null): targets is readonly PlainTarget[] =>
  targets !== null && typeof targets[0] !== 'object';

export interface NormalizedPredictions {
  readonly ids: SampleId[];
  /** Row-major `[rows, classes]`; row i belongs to `ids[i]`. */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  /** 1 when there was one number per row rather than a row of one. */
  readonly rank: 1 | 2;
  /** One per row, where inferFunc gave them. */
  readonly targets: Target[] | null;
  /** What scores are, where that was declared. */
  readonly kind?: ScoreKind;
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
 * @throws RangeError when counts do not match, an id occurs twice, or scores are not of the kind that is declared
 */
export function normalizePredictions(value: unknown, context: string): NormalizedPredictions {
  const failed = `Cannot use the predictions of ${context}`;
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `${failed}: inferFunc must return { ids, scores, targets? }; found ${value === null ? 'null' : typeof value}`,
    );
  }
  const { ids, scores, targets, kind } = value as Record<'ids' | 'scores' | 'targets' | 'kind', unknown>;
  const names = checkIds(ids, failed);
  const table = scoreTable(scores, names.length, failed);
  let nonFinite = 0;
  for (const score of table.scores) if (!Number.isFinite(score)) nonFinite++;
  const declared = checkKind(kind, table, failed);
  return {
    ids: names,
    ...table,
    targets: checkTargets(targets, table, declared, failed),
    nonFinite,
    ...(declared ? { kind: declared } : {}),
  };
}

/** float32 softmax may end a little outside [0, 1]. */
const SLACK = 1e-6;

function checkKind(kind: unknown, { scores, classes }: ScoreTable, failed: string): ScoreKind | undefined {
  if (kind === undefined || kind === null) return undefined;
  if (!(SCORE_KINDS as readonly unknown[]).includes(kind)) {
    throw new TypeError(
      `${failed}: kind must be one of ${SCORE_KINDS.join(', ')}; current value is ${JSON.stringify(kind)}, leave it out to have it guessed`,
    );
  }
  const odd = kind === 'probability' ? scores.findIndex((p) => p < -SLACK || p > 1 + SLACK) : -1;
  if (odd >= 0) {
    throw new RangeError(
      `${failed}: scores of kind 'probability' must be from 0 to 1; row ${Math.floor(odd / classes)}, column ${odd % classes} is ${scores[odd]}, ` +
        "apply softmax or sigmoid, or declare kind: 'logit'",
    );
  }
  return kind as ScoreKind;
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
    missing.size > 0
      ? `${missing.size} ${missing.size === 1 ? 'is' : 'are'} missing (${listIds(missing)})`
      : '',
    unknown.length > 0
      ? `${unknown.length} ${unknown.length === 1 ? 'was' : 'were'} not asked for (${listIds(unknown)})`
      : '',
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

function checkTargets(
  targets: unknown,
  { rows, classes }: ScoreTable,
  kind: ScoreKind | undefined,
  failed: string,
): Target[] | null {
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
  const values = Array.from(targets);
  if (values.length > 0 && kind !== undefined && values.every(isArrayLike))
    return values.map((target, row) => targetRow(target, row, classes, kind, failed));
  values.forEach((target, row) => {
    if (!TARGET_TYPES.includes(typeof target)) {
      const rowsOfThem = isArrayLike(target)
        ? "; for one class per row give its number, for labels or quantities by themselves a row of each, and declare kind: 'probability', 'logit' or 'value'"
        : '';
      throw new TypeError(
        `${failed}: targets must be numbers, strings or booleans; the target of row ${row} is ` +
          `${target === null ? 'null' : isArrayLike(target) ? 'an array' : typeof target}${rowsOfThem}`,
      );
    }
  });
  return values as Target[];
}

/** The targets of one row's columns; labels are 0 and 1. */
function targetRow(
  target: ArrayLike<unknown>,
  row: number,
  classes: number,
  kind: ScoreKind,
  failed: string,
): number[] {
  if (target.length !== classes) {
    throw new RangeError(
      `${failed}: a row of targets must have one for each of the ${classes} columns of scores; row ${row} has ${target.length}`,
    );
  }
  return Array.from(target, (value, column) => {
    const number = typeof value === 'boolean' ? Number(value) : value;
    const fits = typeof number === 'number' && (kind === 'value' || number === 0 || number === 1);
    if (!fits) {
      throw new RangeError(
        `${failed}: a row of targets must hold ${kind === 'value' ? 'numbers' : '0 or 1 for each label'}; row ${row}, column ${column} is ${String(value)}`,
      );
    }
    return number as number;
  });
}

const isArrayLike = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
