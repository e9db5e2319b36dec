/** The run as one HTML file that needs nothing else: to keep, to send, to print. */

import { headline, mainMetric } from './describe.js';
import { scoreGrid, type GridRow, type ScoreGrid } from './grid.js';
import { withDarkMode } from './darkMode.js';
import { hardestList } from './figures/examples.js';
import type { Figure } from './figures/figure.js';
import { escapeMarkup as esc, wellFormed } from './markup.js';
import type { RunModel, UnitModel, WireNumber } from './model.js';
import { MISSING, formatDuration, formatMetric, fromWireNumber } from './numbers.js';
import { REPORT_STYLE } from './reportStyle.js';
import {
  failureLines,
  headerWords,
  headlinePhrases,
  noteLines,
  oneLine,
  repetitionWord,
  summaryLine,
} from './words.js';

/** A number, and one plain sentence of what its interval means, or why it has none. */
export interface Meaning {
  readonly of: string;
  readonly says: string;
}

export interface DrawnFigure {
  readonly figure: Figure;
  readonly svg: string;
}

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
    hardestSection(model),
    section('Folds', unitTable(model)),
    ensembleSection(model),
    outOfFoldSection(model),
    // an interval's sentence stands above, beside its number
    list('Notes', 'notes', noteLines({ ...model, intervals: [] })),
    section('Settings and environment', factTable({ ...ownFacts(model), ...facts })),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${esc(name)}: ${esc(summaryLine(model))}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${body.filter(Boolean).join('\n')}
</main>
</body>
</html>
`;
}

/** As an image: nothing in it can run. It follows the reader's colour scheme by itself. */
const picture = (svg: string, alt: string): string =>
  `<img src="${dataUrl(withDarkMode(svg))}" alt="${esc(alt)}">`;

/** Only what a quoted address cannot hold is encoded: everything would triple the page. */
const dataUrl = (svg: string): string =>
  `data:image/svg+xml,${wellFormed(svg).replace(/[^ !$'-;=?-~\u0080-\uffff]/g, encodeURIComponent)}`;

function chart({ figure: { title, how, note, alt }, svg }: DrawnFigure): string {
  const below = note === '' ? '' : `<p>${esc(note)}</p>`;
  return `<figure><figcaption><b>${esc(title)}</b> ${esc(how)}</figcaption>${picture(svg, alt)}${below}</figure>`;
}

function hardestSection(model: RunModel): string {
  const list = hardestList(model);
  if (!list || list.lines.length === 0) return '';
  const rows = list.lines.map(({ id, target, said, often, size }) =>
    tableRow(id, [target, said, often, size]),
  );
  return section(list.title, table(list.note, list.heads, rows));
}

/** What a reader who cannot see the picture is told; the numbers follow as tables. */
function pictureWords(model: RunModel): string {
  const test = model.hasTest ? ', their ensembles on the test set' : '';
  return `Scores by fold and ${repetitionWord(model)}${test}: ${summaryLine(model)}. The tables below hold all numbers.`;
}

function section(title: string, content: string): string {
  return `<section><h2>${esc(title)}</h2>\n${content}\n</section>`;
}

function list(title: string, kind: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return section(title, `<ul class="${kind}">${lines.map((line) => `<li>${esc(line)}</li>`).join('')}</ul>`);
}

function meaningSection(meanings: readonly Meaning[]): string {
  if (meanings.length === 0) return '';
  const entries = meanings.map(({ of, says }) => `<dt>${esc(of)}</dt><dd>${esc(says)}</dd>`);
  return section('What the numbers mean', `<dl>${entries.join('\n')}</dl>`);
}

/** A wide table scrolls by itself, also by keyboard. */
function table(caption: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${esc(text)}</th>`).join('');
  return (
    `<div class="scroll" role="region" aria-label="${esc(caption)}" tabindex="0"><table><caption>${esc(caption)}</caption>` +
    `<thead><tr>${head}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table></div>`
  );
}

function tableRow(label: string, cells: readonly string[], kind = ''): string {
  const attribute = kind === '' ? '' : ` class="${kind}"`;
  const data = cells.map((text) => `<td>${esc(text)}</td>`).join('');
  return `<tr${attribute}><th scope="row">${esc(label)}</th>${data}</tr>`;
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
      unit.cached ? `${unit.status}, reused` : unit.status,
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
