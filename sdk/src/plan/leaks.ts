/**
 * Leaks: rows, or what belongs to them, that are on both sides of a split. Looked for before anything is trained.
 */
import type { Rows, SampleId } from '../contract.js';
import { levelsOf } from './cut/levels.js';

export const LEAK_KINDS = [
  'rows',
  'groups',
  'duplicates',
  'testIds',
  'testGroups',
  'testDuplicates',
] as const;
export type LeakKind = (typeof LEAK_KINDS)[number];

export interface Leak {
  readonly kind: LeakKind;
  /** An error spoils every score; a warning may be meant (equal rows can be different samples). */
  readonly severity: 'error' | 'warning';
  /** The first fold that has it; null where it concerns the test set. */
  readonly cvIndex: number | null;
  /** How many rows or groups. */
  readonly count: number;
  /** What leaks, the rule and the fix, as one line. */
  readonly message: string;
}

/** One side of the evaluation: the development set or the test set. */
export interface LeakRows {
  /** The data set's own; null where rows are counted only. */
  readonly ids: ArrayLike<SampleId> | null;
  readonly groups: ArrayLike<string | number> | null;
  /** A hash of each row's content, without id, label and group. */
  readonly hashes: ArrayLike<string> | null;
}

const SHOWN = 5;

/**
 * @param folds of one repetition, as positions
 * @returns the worst first; one entry for each kind and fold at most
 */
export function findLeaks(
  folds: readonly Rows[],
  development: LeakRows,
  test: LeakRows | null = null,
): Leak[] {
  const rows = folds.reduce((most, fold) => Math.max(most, last(fold.train), last(fold.validation)), -1) + 1;
  // one mark per row (or group): the number of the last fold that trained on it
  const seen = new Int32Array(rows).fill(-1);
  const groups = development.groups && levelsOf(development.groups).of;
  const seenGroups = new Int32Array(rows).fill(-1);
  const leaks = folds.flatMap((fold, cvIndex) => [
    ...sharedRows(fold, cvIndex, development.ids, seen),
    ...(groups ? sharedGroups(fold, cvIndex, development, groups, seenGroups) : []),
  ]);
  leaks.push(...duplicates(folds, development.hashes));
  if (test) leaks.push(...againstTest(development, test));
  return leaks.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

const last = (rows: readonly number[]) => rows.reduce((most, row) => Math.max(most, row), -1);

function sharedRows(
  { train, validation }: Rows,
  cvIndex: number,
  ids: LeakRows['ids'],
  seen: Int32Array,
): Leak[] {
  for (const row of train) seen[row] = cvIndex;
  const both = validation.filter((row) => seen[row] === cvIndex);
  if (both.length === 0) return [];
  const names = both.map((row) => ids?.[row] ?? row);
  return [
    {
      kind: 'rows',
      severity: 'error',
      cvIndex,
      count: both.length,
      message: `Fold ${cvIndex} validates on ${amount(both.length, 'row')} that it trains on (${list(names)}): a score on seen rows says nothing; take them out of one part`,
    },
  ];
}

function sharedGroups(
  { train, validation }: Rows,
  cvIndex: number,
  { ids, groups }: LeakRows,
  levels: Int32Array,
  seen: Int32Array,
): Leak[] {
  for (const row of train) seen[levels[row]!] = cvIndex;
  const rowsOfBoth = validation.filter((row) => seen[levels[row]!] === cvIndex);
  const both = new Set(rowsOfBoth.map((row) => groups![row]!));
  if (both.size === 0) return [];
  const rows = rowsOfBoth.length;
  return [
    {
      kind: 'groups',
      severity: 'error',
      cvIndex,
      count: both.size,
      message:
        `Fold ${cvIndex} trains and validates on rows of the same ${both.size === 1 ? 'group' : `${both.size} groups`} (${list([...both])}; ` +
        `${amount(rows, 'validation row')}: ${list(rowsOfBoth.map((row) => ids?.[row] ?? row))}): rows of a group are alike, so the score flatters; use splits: groupKFold() or another splitter with "group" in its name`,
    },
  ];
}

function duplicates(folds: readonly Rows[], hashes: LeakRows['hashes']): Leak[] {
  if (!hashes) return [];
  let rows = 0;
  let first: number | null = null;
  const examples: number[] = [];
  folds.forEach(({ train, validation }, cvIndex) => {
    const trained = new Set(train.map((row) => hashes[row]!));
    const both = validation.filter((row) => trained.has(hashes[row]!));
    if (both.length === 0) return;
    rows += both.length;
    first ??= cvIndex;
    examples.push(...both.slice(0, SHOWN - examples.length));
  });
  if (rows === 0) return [];
  return [
    {
      kind: 'duplicates',
      severity: 'warning',
      cvIndex: first,
      count: rows,
      message:
        `${amount(rows, 'validation row')} (counted over the folds; rows ${examples.join(', ')}${rows > examples.length ? ', …' : ''}) ` +
        'have an exact copy among the training rows of their fold: the score is partly one of memory; leave copies out, or give equal rows one group and use groupKFold()',
    },
  ];
}

function againstTest(development: LeakRows, test: LeakRows): Leak[] {
  const leaks: Leak[] = [];
  const add = (kind: LeakKind, severity: Leak['severity'], count: number, message: string) =>
    leaks.push({ kind, severity, cvIndex: null, count, message });
  if (development.ids && test.ids && !(arePositions(development.ids) && arePositions(test.ids))) {
    const both = inBoth(development.ids, test.ids);
    if (both.size > 0) {
      add(
        'testIds',
        'error',
        both.size,
        `The test set holds ${amount(both.size, 'id')} of the development set (${list([...both])}): the test score would be one on seen rows; take them out of one set`,
      );
    }
  }
  if (development.groups && test.groups) {
    const both = inBoth(development.groups, test.groups);
    if (both.size > 0) {
      add(
        'testGroups',
        'error',
        both.size,
        `The test set has rows of ${amount(both.size, 'group')} of the development set (${list([...both])}; ${namesOf(test, (row) => both.has(test.groups![row]!))}): keep each group in one set`,
      );
    }
  }
  if (development.hashes && test.hashes) {
    const known = new Set(Array.from(development.hashes));
    const { hashes } = test;
    const rows = Array.from(hashes).filter((hash) => known.has(hash)).length;
    if (rows > 0) {
      add(
        'testDuplicates',
        'warning',
        rows,
        `${amount(rows, 'test row')} have an exact copy in the development set (${namesOf(test, (row) => known.has(hashes[row]!))}): the test score is partly one of memory; leave the copies out`,
      );
    }
  }
  return leaks;
}

/** "test rows 3, 7, …". */
function namesOf({ ids, groups, hashes }: LeakRows, isMeant: (row: number) => boolean): string {
  const count = (groups ?? hashes)!.length;
  const rows = Array.from({ length: count }, (_, row) => row).filter(isMeant);
  return `test ${rows.length === 1 ? 'row' : 'rows'} ${list(rows.map((row) => ids?.[row] ?? row))}`;
}

/** 0, 1, 2, …: they count rows and name nothing, so equal ones of two sets are not the same sample. */
function arePositions(ids: ArrayLike<SampleId>): boolean {
  for (let row = 0; row < ids.length; row++) if (ids[row] !== row) return false;
  return true;
}

function inBoth<T>(a: ArrayLike<T>, b: ArrayLike<T>): Set<T> {
  const first = new Set(Array.from(a));
  return new Set(Array.from(b).filter((value) => first.has(value)));
}

const amount = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function list(names: readonly unknown[]): string {
  const shown = names
    .slice(0, SHOWN)
    .map((name) => (typeof name === 'string' ? JSON.stringify(name) : String(name)));
  return shown.join(', ') + (names.length > SHOWN ? ', …' : '');
}
