/** A comparison as text: what a terminal shows and what a notebook falls back to. */
import { TABLE_COLUMNS } from '../table.js';
import { oneLine } from '../text.js';
import { say } from '../say.js';
import { wrapLine } from '../wrap.js';
import type { ComparisonModel } from './model.js';
import { comparisonRows, differenceWords, pairWords, sentences } from './words.js';

const NAME = 20;

/** At most 100 columns. */
export function comparisonTable(model: ComparisonModel): string {
  const heads = [model.metric, model.first, model.second].map((name) => oneLine(name, NAME));
  heads.push(say('difference'));
  const rows = comparisonRows(model).map(({ name, first, second, difference }) => [
    name,
    first,
    second,
    difference,
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...[heads, ...rows].map((row) => [...row[column]!].length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]! + 2)))
      .join('')
      .trimEnd();
  return [
    ...wrapLine(`${pairWords(model)}: ${differenceWords(model)}`, TABLE_COLUMNS),
    '',
    line(heads),
    ...rows.map(line),
    '',
    ...sentences(model).flatMap((sentence) => wrapLine(sentence, TABLE_COLUMNS)),
  ].join('\n');
}
