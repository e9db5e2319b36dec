/** The fold × repetition grid as text and numbers: what the table prints, the picture draws and the report lists. */

import {
  ensembleMethods,
  foldIndexes,
  gainOf,
  mainMetric,
  groupedSpread,
  memberMean,
  repetitionIndexes,
  valueOf,
  weightOf,
} from './describe.js';
import type { RunModel, UnitModel } from './model.js';
import { MISSING, formatMetric, formatSigned } from './numbers.js';
import { say } from './say.js';
import { columnName, foldName, oneLine, statusWord } from './words.js';

export const CELL_KINDS = ['score', 'mean', 'partial', 'waiting', 'running', 'failed'] as const;
/** `score`: a unit's own number; `mean`: of all its parts; `partial`: of those that are in; else no number. */
export type CellKind = (typeof CELL_KINDS)[number];

export interface GridCell {
  readonly kind: CellKind;
  readonly text: string;
  /** `null` where there is no number. May be NaN. */
  readonly value: number | null;
}

export const ROW_KINDS = ['fold', 'mean', 'outOfFold', 'members', 'ensemble', 'gain'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export interface GridRow {
  readonly kind: RowKind;
  readonly label: string;
  /** The fold of a `fold` row, else `null`. */
  readonly cvIndex: number | null;
  /** One per repetition. */
  readonly cells: readonly GridCell[];
  /** Over the repetitions. */
  readonly mean: GridCell;
}

export interface ScoreGrid {
  readonly part: 'validation' | 'test';
  readonly metric: string;
  /** "validation accuracy". */
  readonly title: string;
  readonly repetitions: readonly number[];
  /** "rep 0", … */
  readonly columns: readonly string[];
  /** Head of the last column: "mean"; "so far" while units are missing, "partial" when they stay so. */
  readonly meanName: string;
  /** Whether units are missing in the mean of all. */
  readonly isPartial: boolean;
  readonly rows: readonly GridRow[];
}

const NONE: GridCell = { kind: 'waiting', text: MISSING, value: null };

/**
 * The grid of one part and metric (default: the main one). Below the folds: their mean and the out-of-fold score
 * (validation), or the mean of the members, the ensembles and their gain (test).
 */
export function scoreGrid(
  model: RunModel,
  part: 'validation' | 'test',
  metric: string | null = mainMetric(model),
): ScoreGrid {
  const repetitions = repetitionIndexes(model);
  const folds = foldIndexes(model);
  const units = new Map(model.units.map((unit) => [`${unit.repIndex}/${unit.cvIndex}`, unit]));
  const row = (
    kind: RowKind,
    label: string,
    cells: readonly GridCell[],
    cvIndex: number | null = null,
    format?: (value: number) => string,
  ): GridRow => ({
    kind,
    label,
    cvIndex,
    cells,
    mean: meanOf(cells, format, (column) => weightOf(model, { cvIndex: cvIndex ?? 0, repIndex: column })),
  });

  const foldRows = folds.map((cvIndex) =>
    row(
      'fold',
      foldName(model, cvIndex),
      repetitions.map((repIndex) => unitCell(units.get(`${repIndex}/${cvIndex}`), part, metric)),
      cvIndex,
    ),
  );
  // over all units, not over row means: with gaps the two differ
  const all = meanOfAll(model, part, metric) ?? meanOf(foldRows.flatMap((each) => each.cells));
  const gap = model.status === 'running' ? say('so far') : say('partial');
  const meanName = all.kind === 'mean' ? say('mean') : gap;
  const columnMeans = repetitions.map((repIndex, column) =>
    meanOf(
      foldRows.map((each) => each.cells[column]!),
      formatMetric,
      (row) => weightOf(model, { cvIndex: folds[row]!, repIndex }),
    ),
  );
  const below =
    part === 'validation'
      ? [{ ...row('mean', meanName, columnMeans), mean: all }, ...outOfFoldRows(model, metric, row)]
      : [
          { ...row('members', say('member mean'), memberMeans(model, metric, columnMeans)), mean: all },
          ...ensembleRows(model, metric, row),
        ];
  return {
    part,
    metric: metric ?? 'score',
    title:
      part === 'test'
        ? say('test %1', oneLine(metric ?? 'score', 30))
        : say('validation %1', oneLine(metric ?? 'score', 30)),
    isPartial: all.kind !== 'mean',
    repetitions,
    columns: repetitions.map((repIndex) => columnName(model, repIndex)),
    meanName,
    rows: [...foldRows, ...below],
  };
}

type MakeRow = (
  kind: RowKind,
  label: string,
  cells: readonly GridCell[],
  cvIndex?: number | null,
  format?: (value: number) => string,
) => GridRow;

function outOfFoldRows(model: RunModel, metric: string | null, row: MakeRow): GridRow[] {
  const cells = repetitionIndexes(model).map((repIndex) =>
    meanCell(valueOf(model.outOfFold.find((each) => each.repIndex === repIndex)?.metrics, metric)),
  );
  return cells.some((cell) => cell.value !== null) ? [row('outOfFold', say('out of fold'), cells)] : [];
}

/** With an ensemble: of its own members, which is what its gain compares with. */
function memberMeans(model: RunModel, metric: string | null, columnMeans: readonly GridCell[]): GridCell[] {
  const method = ensembleMethods(model)[0];
  return repetitionIndexes(model).map((repIndex, column) => {
    const own = model.ensembles.find((each) => each.repIndex === repIndex && each.method === method);
    const score = own ? memberMean(model, own, metric) : null;
    return score === null ? columnMeans[column]! : meanCell(score);
  });
}

function ensembleRows(model: RunModel, metric: string | null, row: MakeRow): GridRow[] {
  const methods = ensembleMethods(model);
  return (methods.length > 0 ? methods : ['mean']).flatMap((method) => {
    const ensembles = repetitionIndexes(model).map((repIndex) =>
      model.ensembles.find((each) => each.repIndex === repIndex && each.method === method),
    );
    const scores = ensembles.map((ensemble): GridCell => {
      const cell = meanCell(ensemble ? valueOf(ensemble.test, metric) : null);
      return ensemble?.survivorsOnly ? { ...cell, text: `${cell.text}*` } : cell;
    });
    const gains = ensembles.map((ensemble) =>
      meanCell(ensemble ? gainOf(model, ensemble, metric) : null, formatSigned),
    );
    const suffix = methods.length > 1 || (methods[0] ?? 'mean') !== 'mean' ? ` (${oneLine(method, 12)})` : '';
    return [
      row('ensemble', `${say('ensemble')}${suffix}`, scores),
      row('gain', methods.length > 1 ? `${say('gain')}${suffix}` : say('gain'), gains, null, formatSigned),
    ];
  });
}

function meanCell(value: number | null, format = formatMetric): GridCell {
  return value === null ? NONE : { kind: 'mean', text: format(value), value };
}

/** The mean of the numbers that are there; `partial` when some are not. A NaN among them makes it NaN. */
function meanOf(
  cells: readonly GridCell[],
  format = formatMetric,
  weight: (at: number) => number = () => 1,
): GridCell {
  let sum = 0;
  let weights = 0;
  let missing = false;
  cells.forEach(({ value }, at) => {
    if (value === null) missing = true;
    else {
      sum += weight(at) * value;
      weights += weight(at);
    }
  });
  if (weights === 0) return NONE;
  const value = sum / weights;
  return { kind: missing ? 'partial' : 'mean', text: format(value), value };
}

/** Of a grouped run, over its units; null for others. */
function meanOfAll(model: RunModel, part: 'validation' | 'test', metric: string | null): GridCell | null {
  const found = groupedSpread(model, part, metric);
  if (!found) return null;
  const { mean: value, n, expected } = found;
  return { kind: n < expected ? 'partial' : 'mean', text: formatMetric(value), value };
}

/** A number as soon as it is known, else the status in a word. */
function unitCell(unit: UnitModel | undefined, part: 'validation' | 'test', metric: string | null): GridCell {
  if (!unit) return NONE;
  const value = valueOf(unit[part], metric);
  if (value !== null) return { kind: 'score', text: formatMetric(value), value };
  const none = (kind: CellKind, text: string): GridCell => ({ kind, text, value: null });
  switch (unit.status) {
    case 'failed':
      return none('failed', statusWord('failed'));
    case 'cancelled':
      return none('waiting', statusWord('cancelled', unit.cutOff));
    case 'running':
      if (part === 'test')
        return unit.phase === 'test'
          ? none('running', statusWord('running'))
          : none('waiting', statusWord('queued'));
      return none(
        'running',
        unit.phase === 'test' ? MISSING : oneLine(unit.phase, 8) || statusWord('running'),
      );
    case 'queued':
      return none('waiting', statusWord('queued'));
    default:
      // done, but without this metric
      return NONE;
  }
}
