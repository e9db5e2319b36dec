/** Everything of a run as one flat table: what a person copies, and what a screen reader reads instead of the charts. */

import { curveMetrics, bestPoint } from './specs/curves.js';
import { unitValues } from './describe.js';
import type { RunModel, WireNumber } from './model.js';
import { fromWireNumber } from './numbers.js';
import { say } from './say.js';
import { foldName, oneLine, repetitionName } from './words.js';

export interface UnitTable {
  readonly columns: readonly string[];
  /** The same in the page's language: `columns` are for copies. */
  readonly heads: readonly string[];
  /** One per unit, then one per ensemble and per out-of-fold score. `null` where there is nothing. */
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Whether the column holds numbers, by position. */
  readonly numeric: readonly boolean[];
}

/** Scores of all metrics in full precision, with status, best epoch, time, GPUs and attempt. */
export function unitTable(model: RunModel): UnitTable {
  const { metrics } = model;
  const noun = model.seedsShared ? 'seed' : 'repetition';
  const parts = model.hasTest ? (['validation', 'test'] as const) : (['validation'] as const);
  const watched = curveMetrics(model).find((name) => /^val/i.test(name)) ?? null;
  const scoreColumns = parts.flatMap((part) => metrics.map((metric) => ({ part, metric })));
  const score = (scores: Readonly<Record<string, WireNumber>> | null, metric: string): number | null =>
    scores && Object.hasOwn(scores, metric) ? fromWireNumber(scores[metric]!) : null;
  const head: [name: string, numeric: boolean, shown: string][] = [
    ['fold', false, say('fold')],
    [noun, true, model.seedsShared ? say('seed') : say('repetition')],
    ['status', false, say('status')],
    ...scoreColumns.map(({ part, metric }): [string, boolean, string] => {
      const name = oneLine(metric, 60);
      return [`${part} ${name}`, true, part === 'test' ? say('test %1', name) : say('validation %1', name)];
    }),
    ...(watched === null ? [] : ([['best epoch', true, say('best epoch')]] as [string, boolean, string][])),
    ['seconds', true, say('seconds')],
    ['GPUs', false, say('GPUs')],
    ['attempt', true, say('attempt')],
    ['counts', true, say('counts')],
  ];
  const units = model.units.map((unit) => {
    const points =
      watched === null ? [] : unitValues(unit, watched).filter(({ value }) => Number.isFinite(value));
    return [
      model.grouping ? foldName(model, unit.cvIndex) : String(unit.cvIndex),
      model.grouping ? repetitionName(model, unit.repIndex) : unit.repIndex,
      unit.cached ? `${unit.status}, cached` : unit.cutOff ? 'cut off' : unit.status,
      ...scoreColumns.map(({ part, metric }) => score(unit[part], metric)),
      ...(watched === null ? [] : [points.length > 0 ? bestPoint(points, watched).epoch : null]),
      unit.seconds,
      unit.gpus.join(' '),
      unit.attempt,
      unit.counts,
    ];
  });
  const rest = (
    name: string,
    repIndex: number,
    note: string,
    scores: (part: string, metric: string) => number | null,
  ) => [
    name,
    repIndex,
    note,
    ...scoreColumns.map(({ part, metric }) => scores(part, metric)),
    ...(watched === null ? [] : [null]),
    null,
    '',
    null,
    null,
  ];
  const ensembles = model.ensembles.map((each) =>
    rest(
      `ensemble (${oneLine(each.method, 20)})`,
      each.repIndex,
      each.survivorsOnly ? `of folds ${each.members.join(' ')}` : 'done',
      (part, metric) => (part === 'test' ? score(each.test, metric) : null),
    ),
  );
  const outOfFold = model.outOfFold.map((each) =>
    rest('out of fold', each.repIndex, `${each.rows} rows`, (part, metric) =>
      part === 'validation' ? score(each.metrics, metric) : null,
    ),
  );
  return {
    columns: head.map(([name]) => name),
    heads: head.map(([, , shown]) => shown),
    numeric: head.map(([, numeric]) => numeric),
    rows: [...units, ...ensembles, ...outOfFold],
  };
}

type Copied = Omit<UnitTable, 'heads'>;

/** Comma-separated values by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe. */
export function toCsv({ columns, rows }: Copied): string {
  const cell = (value: string | number | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A table in Markdown as GitHub reads it. */
export function toMarkdown({ columns, rows, numeric }: Copied): string {
  const cell = (value: string | number | null): string =>
    String(value ?? '').replace(/[\\|<>`*_[\]]/g, '\\$&');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return (
    line(columns.map(cell)) +
    line(numeric.map((each) => (each ? '---:' : ':---'))) +
    rows.map((row) => line(row.map(cell))).join('')
  );
}
