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

/** `shown` in the page's language. */
type Column = readonly [name: string, numeric: boolean, shown: string];
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
    heads: columns.map(([, , shown]) => shown),
    numeric: columns.map(([, numeric]) => numeric),
    rows,
  };
}

function growthTable({ merits }: RunModel): UnitTable {
  return tableOf(
    [
      ['members', true, say('members')],
      ['repetition', true, say('repetition')],
      ['metric', false, say('metric')],
      ['test rows', true, say('test rows')],
      ['mean', true, say('mean')],
      ['lowest order', true, say('lowest order')],
      ['highest order', true, say('highest order')],
      ['orders', true, say('orders')],
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
      ['fold', false, say('fold')],
      ['repetition', true, say('repetition')],
      ['metric', false, say('metric')],
      ['all less without it', true, say('all less without it')],
      ...folds.map((fold): Column => [
        `disagreement with fold ${fold}`,
        true,
        say('disagreement with fold %1', fold),
      ]),
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
      ['fold', false, say('fold')],
      ['repetition', false, say('repetition')],
      ...labels.map((label): Column => [
        `class ${oneLine(label, 40)}`,
        true,
        say('class %1', oneLine(label, 40)),
      ]),
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
      ['id', false, say('id')],
      ['truth', false, say('truth')],
      classes ? ['predicted', false, say('predicted')] : ['mean prediction', false, say('mean prediction')],
      ...(classes ? ([['wrong', true, say('wrong')]] as Column[]) : []),
      ['predictions', true, say('predictions')],
      classes
        ? ['mean score of wrong', true, say('mean score of wrong')]
        : ['mean absolute error', true, say('mean absolute error')],
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
