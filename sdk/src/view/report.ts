/** The run as one HTML file that needs nothing else: to keep, to send, to print. */

import { headline, mainMetric } from './describe.js';
import { scoreGrid, type GridRow, type ScoreGrid } from './grid.js';
import { hardestList } from './figures/examples.js';
import { membersSentences } from './figures/members.js';
import { escapeMarkup as esc } from './markup.js';
import type { RunModel, UnitModel, WireNumber } from './model.js';
import { MISSING, formatDuration, formatMetric, fromWireNumber } from './numbers.js';
import { chart, list, page, picture, section, table, tableRow, type DrawnFigure } from './reportPage.js';
import {
  failureLines,
  headerWords,
  headlinePhrases,
  noteLines,
  oneLine,
  repetitionWord,
  statusWord,
  summaryLine,
} from './words.js';

/** A number, and one plain sentence of what its interval means, or why it has none. */
export interface Meaning {
  readonly of: string;
  readonly says: string;
}

export type { DrawnFigure };

export interface ReportOptions {
  readonly model: RunModel;
  /** The drawn overview. It is shown as an image, so that nothing in it can run. */
  readonly svg: string;
  /** Charts of the run, each drawn from its specification: see `reportFigures`. */
  readonly figures?: readonly DrawnFigure[];
  /** What single numbers mean, beside the intervals of the validation scores, which the model has. */
  readonly meanings?: readonly Meaning[];
  /** Settings and environment by name: versions, seeds, the git commit. */
  readonly facts: Readonly<Record<string, string>>;
}

/** One self-contained page: headline, picture, tables of grids, units, out-of-fold scores and facts. */
export function reportHtml({ model, svg, figures = [], meanings = [], facts }: ReportOptions): string {
  const name = oneLine(model.name, 120) || 'run';
  const parts = model.hasTest ? (['validation', 'test'] as const) : (['validation'] as const);
  const body = [
    `<header><h1>${esc(name)}</h1><p>${esc(headerWords(model).join(' · '))}</p>` +
      `<p class="answer">${esc(summaryLine(model))}</p><p>${esc(headlinePhrases(model, headline(model)).join(' · '))}</p></header>`,
    list('Failures', 'bad', failureLines(model)),
    `<figure>${picture(svg, pictureWords(model))}</figure>`,
    section(
      'Scores',
      parts.map((part) => gridTable(scoreGrid(model, part, mainMetric(model)), model)).join('\n'),
    ),
    meaningSection([
      ...model.intervals.map(({ metric, says }) => ({ of: `validation ${metric}`, says })),
      ...meanings,
    ]),
    figures.length === 0
      ? ''
      : section('Charts', `<div class="charts">${figures.map(chart).join('\n')}</div>`),
    list('How to read the charts', 'notes', membersSentences(model)),
    hardestSection(model),
    section('Folds', unitTable(model)),
    ensembleSection(model),
    outOfFoldSection(model),
    // an interval's sentence stands above, beside its number
    list('Notes', 'notes', noteLines({ ...model, intervals: [] })),
    section('Settings and environment', factTable({ ...ownFacts(model), ...facts })),
  ];
  return page(`${name}: ${summaryLine(model)}`, body);
}

function hardestSection(model: RunModel): string {
  const list = hardestList(model);
  if (!list || list.lines.length === 0) return '';
  const rows = list.lines.map(({ id, target, said, often, size }) =>
    tableRow(id, [target, said, often, size]),
  );
  return section(list.title, table(list.says, list.heads, rows));
}

/** What a reader who cannot see the picture is told; the numbers follow as tables. */
function pictureWords(model: RunModel): string {
  const test = model.hasTest ? ', their ensembles on the test set' : '';
  return `Scores by fold and ${repetitionWord(model)}${test}: ${summaryLine(model)}. The tables below hold all numbers.`;
}

function meaningSection(meanings: readonly Meaning[]): string {
  if (meanings.length === 0) return '';
  const entries = meanings.map(({ of, says }) => `<dt>${esc(of)}</dt><dd>${esc(says)}</dd>`);
  return section('What the numbers mean', `<dl>${entries.join('\n')}</dl>`);
}

function gridTable(grid: ScoreGrid, model: RunModel): string {
  const row = (each: GridRow): string =>
    tableRow(
      each.label,
      [...each.cells, each.mean].map((cell) => cell.text),
      each.kind === 'fold' ? '' : 'sum',
    );
  const heads = grid.repetitions.map((repIndex) => `${repetitionWord(model)} ${repIndex}`);
  return table(grid.title, ['', ...heads, grid.meanName], grid.rows.map(row));
}

function metricText(values: Readonly<Record<string, WireNumber>> | null, metric: string): string {
  return values !== null && Object.hasOwn(values, metric)
    ? formatMetric(fromWireNumber(values[metric]!))
    : MISSING;
}

function unitTable(model: RunModel): string {
  const names = model.metrics;
  const row = (unit: UnitModel): string =>
    tableRow(`fold ${unit.cvIndex}, ${repetitionWord(model)} ${unit.repIndex}`, [
      unit.cached ? `${unit.status}, reused` : statusWord(unit.status, unit.cutOff),
      ...names.map((metric) => metricText(unit.validation, metric)),
      ...(model.hasTest ? names.map((metric) => metricText(unit.test, metric)) : []),
      unit.seconds === null ? MISSING : formatDuration(unit.seconds),
      unit.attempt === unit.counts ? String(unit.attempt) : `${unit.attempt} (${unit.counts} counts)`,
    ]);
  return table(
    'All folds, all metrics',
    [
      'unit',
      'status',
      ...names.map((metric) => `validation ${metric}`),
      ...(model.hasTest ? names.map((metric) => `test ${metric}`) : []),
      'time',
      'attempt',
    ],
    model.units.map(row),
  );
}

function ensembleSection(model: RunModel): string {
  if (model.ensembles.length === 0) return '';
  const rows = model.ensembles.map((each) =>
    tableRow(`${repetitionWord(model)} ${each.repIndex}`, [
      each.method,
      each.members.join(', ') + (each.survivorsOnly ? ' (those that finished)' : ''),
      ...model.metrics.map((metric) => metricText(each.test, metric)),
    ]),
  );
  const heads = [
    repetitionWord(model),
    'method',
    'folds',
    ...model.metrics.map((metric) => `test ${metric}`),
  ];
  return section('Ensembles', table('Ensembles on the test set', heads, rows));
}

function outOfFoldSection(model: RunModel): string {
  if (model.outOfFold.length === 0) return '';
  const names = [...new Set(model.outOfFold.flatMap((each) => Object.keys(each.metrics)))];
  const rows = model.outOfFold.map((each) =>
    tableRow(`${repetitionWord(model)} ${each.repIndex}`, [
      String(each.rows),
      ...names.map((metric) => metricText(each.metrics, metric)),
    ]),
  );
  const caption = 'Pooled out-of-fold predictions';
  return section('Out of fold', table(caption, [repetitionWord(model), 'rows', ...names], rows));
}

function ownFacts(model: RunModel): Record<string, string> {
  return {
    run: model.id,
    directory: model.dir,
    started: model.startedAt,
    'wall time': formatDuration(model.seconds),
    'CPU time': formatDuration(model.cpuSeconds),
    backend: model.backend,
  };
}

function factTable(facts: Readonly<Record<string, string>>): string {
  return table(
    'Settings and environment',
    ['name', 'value'],
    Object.entries(facts).map(([name, value]) => tableRow(name, [value], 'fact')),
  );
}
