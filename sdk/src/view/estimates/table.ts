/** Estimates as text: what a terminal shows and what a notebook falls back to. */
import { TABLE_COLUMNS } from '../table.js';
import { wrapLine } from '../wrap.js';
import type { EstimatesModel } from './model.js';
import { answerOf, headsOf, rowsOf, sentencesOf, sizeOf, titleOf } from './words.js';

/** At most 100 columns. */
export function estimatesTable(model: EstimatesModel): string {
  const lines = [headsOf(model), ...rowsOf(model).map(({ name, cells }) => [name, ...cells])];
  const widths = lines[0]!.map((_, column) =>
    lines.reduce((most, line) => Math.max(most, [...line[column]!].length), 0),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]! + 2)))
      .join('')
      .trimEnd();
  return [
    ...wrapLine(`${titleOf(model)} · ${sizeOf(model)}`, TABLE_COLUMNS),
    ...wrapLine(answerOf(model), TABLE_COLUMNS),
    '',
    ...lines.map(line),
    '',
    ...sentencesOf(model).flatMap((sentence) => wrapLine(sentence, TABLE_COLUMNS)),
  ].join('\n');
}
