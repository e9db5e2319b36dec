/** The run as a text table: what a terminal shows and what a notebook falls back to. */

import { mainMetric } from './describe.js';
import { scoreGrid, type ScoreGrid } from './grid.js';
import type { RunModel } from './model.js';
import { failureLines, headerWords, noteLines, oneLine, summaryLine } from './words.js';
import { evenBlocks, wrapLine } from './wrap.js';

/** No line is longer than this. */
export const TABLE_COLUMNS = 100;
/** More repetitions than this continue in a block below. */
export const REPETITIONS_PER_BLOCK = 8;

/**
 * The run in words and numbers, at most 100 columns wide: header, validation grid, test grid with the ensembles,
 * summary, failures, notices. Readable at every stage; means of what is in so far are headed "so far".
 */
export function runTable(model: RunModel): string {
  const header = [oneLine(model.name, 48), ...headerWords(model)].join(' · ');
  const blocks = [
    wrapLine(header, TABLE_COLUMNS),
    ...gridBlocks(model),
    [summaryLine(model)],
    failureLines(model),
    noteLines(model),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) =>
      lines.flatMap((line) => (line.length > TABLE_COLUMNS ? wrapLine(line, TABLE_COLUMNS) : [line])),
    )
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The grids alone, each a list of lines: for a live display that has its own header. */
export function gridBlocks(model: RunModel): string[][] {
  const parts = model.hasTest ? (['validation', 'test'] as const) : (['validation'] as const);
  const metric = mainMetric(model);
  return parts.flatMap((part) => gridLines(scoreGrid(model, part, metric)));
}

/** A loop: a call takes no more than some 100,000 arguments, and a run may have more units. */
const longest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, text.length), 0);

/** One grid; with many repetitions several blocks with the same rows, the mean in the last. */
function gridLines(grid: ScoreGrid): string[][] {
  const label = longest([grid.title, ...grid.rows.map((row) => row.label)]);
  const texts = grid.rows.flatMap((row) => [...row.cells, row.mean].map((each) => each.text));
  const cell = 2 + longest([...grid.columns, grid.meanName, ...texts]);
  const room = Math.floor((TABLE_COLUMNS - label) / cell) - 1;
  const blocks = evenBlocks([...grid.columns.keys()], Math.min(REPETITIONS_PER_BLOCK, room));
  return blocks.map((columns, block) => {
    const last = block === blocks.length - 1;
    const line = (first: string, cells: readonly string[]): string =>
      (first.padEnd(label) + cells.map((text) => text.padStart(cell)).join('')).trimEnd();
    return [
      line(grid.title, [...columns.map((c) => grid.columns[c]!), ...(last ? [grid.meanName] : [])]),
      ...grid.rows.map((row) =>
        line(row.label, [...columns.map((c) => row.cells[c]!.text), ...(last ? [row.mean.text] : [])]),
      ),
    ];
  });
}
