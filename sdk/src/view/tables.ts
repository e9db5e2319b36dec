/** Every table of a run: to read without the charts, and to copy. */
import type { RunModel } from './model.js';
import { fromWireNumber } from './numbers.js';
import { say } from './say.js';
import { unitTable, type UnitTable } from './unitTable.js';
import { oneLine } from './words.js';

export const TABLE_NAMES = ['units', 'growth', 'members', 'classes', 'hardest'] as const;
export type TableName = (typeof TABLE_NAMES)[number];

export interface NamedTable {
  readonly name: TableName;
  readonly title: string;
  readonly table: UnitTable;
}

type Column = readonly [name: string, numeric: boolean];
type Cell = string | number | null;

/** Those with something in them; that of the units always. */
export function runTables(model: RunModel): NamedTable[] {
  const tables: NamedTable[] = [
    { name: 'units', title: say('Units'), table: unitTable(model) },
    { name: 'growth', title: say('Ensemble growth'), table: growthTable(model) },
    { name: 'members', title: say('Members'), table: membersTable(model) },
    { name: 'classes', title: say('Class counts'), table: classTable(model) },
    { name: 'hardest', title: say('Hardest examples'), table: hardestTable(model) },
  ];
  return tables.filter(({ name, table }) => name === 'units' || table.rows.length > 0);
}

function tableOf(columns: readonly Column[], rows: readonly (readonly Cell[])[]): UnitTable {
  return {
    columns: columns.map(([name]) => name),
    numeric: columns.map(([, numeric]) => numeric),
    rows,
  };
}

function growthTable({ merits }: RunModel): UnitTable {
  return tableOf(
    [
      ['members', true],
      ['repetition', true],
      ['metric', false],
      ['test rows', true],
      ['mean', true],
      ['lowest order', true],
      ['highest order', true],
      ['orders', true],
    ],
    merits.flatMap(({ repIndex, metric, rows, mean, low, high, orders }) =>
      mean.map((value, i) => [
        i + 1,
        repIndex,
        oneLine(metric, 60),
        rows,
        fromWireNumber(value),
        fromWireNumber(low[i]!),
        fromWireNumber(high[i]!),
        orders,
      ]),
    ),
  );
}

function membersTable({ merits }: RunModel): UnitTable {
  const folds = [
    ...new Set(merits.flatMap(({ members, disagreement }) => (disagreement.length > 0 ? members : []))),
  ];
  return tableOf(
    [
      ['fold', false],
      ['repetition', true],
      ['metric', false],
      ['all less without it', true],
      ...folds.map((fold): Column => [`disagreement with fold ${fold}`, true]),
    ],
    merits.flatMap(({ repIndex, metric, members, gains, disagreement }) =>
      members.map((fold, m) => [
        `fold ${fold}`,
        repIndex,
        oneLine(metric, 60),
        fromWireNumber(gains[m]!),
        ...folds.map((other) => {
          const value = disagreement[m]?.[members.indexOf(other)];
          return value === undefined || other === fold ? null : fromWireNumber(value);
        }),
      ]),
    ),
  );
}

function classTable({ classCounts }: RunModel): UnitTable {
  const labels = [...new Set(classCounts.flatMap((each) => each.labels))];
  return tableOf(
    [
      ['fold', false],
      ['repetition', false],
      ...labels.map((label): Column => [`class ${oneLine(label, 40)}`, true]),
    ],
    classCounts.flatMap((each) =>
      each.folds.map((fold, f) => [
        `fold ${fold}`,
        each.repIndex === null ? 'all' : String(each.repIndex),
        ...labels.map((label) => each.counts[f]![each.labels.indexOf(label)] ?? 0),
      ]),
    ),
  );
}

function hardestTable({ hardest }: RunModel): UnitTable {
  const classes = hardest?.kind === 'class';
  return tableOf(
    [
      ['id', false],
      ['truth', false],
      [classes ? 'predicted' : 'mean prediction', false],
      ...(classes ? ([['wrong', true]] as Column[]) : []),
      ['predictions', true],
      [classes ? 'mean score of wrong' : 'mean absolute error', true],
    ],
    (hardest?.hardest ?? []).map(({ id, target, said, wrong, of, size }) => [
      oneLine(id, 60),
      oneLine(target, 60),
      oneLine(said, 60),
      ...(classes ? [wrong] : []),
      of,
      fromWireNumber(size),
    ]),
  );
}
