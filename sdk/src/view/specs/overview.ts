/** The whole run in one picture: headline, grid with score strip, test grid with ensembles, learning curves, notes. */

import { intervalOf, mainMetric } from '../describe.js';
import { scoreGrid, type ScoreGrid } from '../grid.js';
import type { RunModel } from '../model.js';
import { pooledConfusion } from '../pictures.js';
import { REPETITIONS_PER_BLOCK } from '../table.js';
import { failureLines, headerWords, headlinePhrases, noteLines, oneLine, summaryLine } from '../words.js';
import { evenBlocks, wrapLine } from '../wrap.js';
import { confusionSpec } from './confusion.js';
import { curveMetrics, curvesSpec } from './curves.js';
import { ensemblesSpec } from './ensembles.js';
import { growthSpec } from './growth.js';
import { cellWidth, gridSpec, gridWidth, labelWidth } from './grid.js';
import { notesSpec, type Note } from './notes.js';
import { ratesSpec } from './rates.js';
import { rowsHeight } from './rows.js';
import { stripSpec } from './strip.js';
import { GAP, TONES, standalone, type Spec } from './theme.js';

/** Pixels below a chart for its axis, and above one for its title. */
const BETWEEN = 76;
/** The whole picture's width, as long as the grid leaves room. */
const WIDTH = 720;
/** Pixels of a chart below the grids. */
const CHART_HEIGHT = 140;
const EMPTY: Spec = { width: 1, height: 1, data: { values: [] }, mark: 'point', encoding: {} };
/** Width of one character of the small text, in pixels, on the safe side. */
const CHARACTER = 6.2;

export interface OverviewOptions {
  /** Curves and details below the grids, for a reader who gets one picture only. @default true */
  readonly charts?: boolean;
}

/**
 * One vega-lite specification (of the subset that versions 5 and 6 share) that shows a run at any stage, with every
 * number of its text table as text.
 */
export function overviewSpec(model: RunModel, { charts = true }: OverviewOptions = {}): object {
  const metric = mainMetric(model);
  const validation = scoreGrid(model, 'validation', metric);
  const test = model.hasTest ? scoreGrid(model, 'test', metric) : null;
  const blocks = evenBlocks([...validation.columns.keys()], REPETITIONS_PER_BLOCK);
  // the same cells above and below, so that repetitions stand in columns
  const grids = test ? [validation, test] : [validation];
  const size = {
    cell: Math.max(...grids.map(cellWidth)),
    label: Math.max(...grids.map(labelWidth)),
  };
  const left = Math.max(...blocks.map((block) => gridWidth(validation, { block, ...size })));
  const right = Math.max(250, WIDTH - left - GAP);
  const withChart = (grid: ScoreGrid, chart: Spec): Spec[] =>
    blocks.flatMap((block, i) => [gridSpec(grid, { block, ...size }), i === 0 ? chart : EMPTY]);
  const parts = [
    ...withChart(validation, stripSpec(validation, { width: right, interval: intervalOf(model, metric) })),
    ...(test
      ? withChart(test, ensemblesSpec(model, { width: right, height: rowsHeight(test), metric }))
      : []),
    ...(charts ? chartRow(curvePieces(model), left, right) : []),
    ...(charts ? chartRow(detailPieces(model), left, right) : []),
    ...notesSpec(notesOf(model), left, left + GAP + right),
  ];
  return standalone({
    description: `${oneLine(model.name, 80)}: ${summaryLine(model)}`,
    title: titleOf(model, left + GAP + right),
    // one flat grid with two columns: nested parts would lose the alignment of the rows
    concat: parts,
    columns: 2,
    spacing: { row: BETWEEN, column: GAP },
    bounds: 'flush',
    resolve: { scale: { color: 'independent', shape: 'independent', opacity: 'independent' } },
  });
}

function titleOf(model: RunModel, width: number): Spec {
  const lines = [headerWords(model).join(' · '), summaryLine(model), headlinePhrases(model).join(' · ')];
  return {
    text: oneLine(model.name, 60),
    subtitle: lines.flatMap((line) => (line === '' ? [] : wrapLine(line, Math.floor(width / CHARACTER), ''))),
    fontSize: 15,
    subtitleFontSize: 12,
    subtitleColor: TONES.plain,
    subtitleLineHeight: 17,
    subtitlePadding: 6,
    offset: 16,
  };
}

const notesOf = (model: RunModel): Note[] => [
  ...failureLines(model).map((text): Note => ({ text, tone: 'bad' })),
  ...noteLines(model).map((text): Note => ({ text, tone: 'quiet' })),
];

type Piece = (size: { width: number; height: number }) => Spec;

/** One row of at most two charts; nothing without any. */
function chartRow([first, second]: readonly Piece[], left: number, right: number): Spec[] {
  if (!first) return [];
  return [
    first({ width: left, height: CHART_HEIGHT }),
    second ? second({ width: right, height: CHART_HEIGHT }) : EMPTY,
  ];
}

const curvePieces = (model: RunModel): Piece[] =>
  curveMetrics(model)
    .slice(0, 2)
    .map((metric) => (size) => curvesSpec(model, metric, size));

/** What errors are made, and how well scores rank or what members bring: the two that say most of a run. The report has all. */
function detailPieces(model: RunModel): Piece[] {
  const confusion = pooledConfusion(model, { part: 'validation' });
  const kind = (['roc', 'precisionRecall'] as const).find((each) =>
    model.pictures.some((picture) => picture.kind === each),
  );
  const part = model.pictures.some((each) => each.kind === kind && each.part === 'test')
    ? 'test'
    : 'validation';
  const pieces: Piece[] = [];
  if (confusion) pieces.push((size) => confusionSpec(confusion, size));
  if (kind) pieces.push((size) => ratesSpec(model, { kind, part, ...size }));
  if (model.merits.length > 0) pieces.push((size) => growthSpec(model.merits, size));
  return pieces.slice(0, 2);
}
