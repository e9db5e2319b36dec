/** The comparison of two runs as one HTML file that needs nothing else. */
import { escapeMarkup as esc } from '../markup.js';
import { page, picture, section, table, tableRow } from '../reportPage.js';
import { oneLine } from '../text.js';
import type { ComparisonModel } from './model.js';
import { comparisonRows, differenceWords, pairWords, sentences, sizeOfComparison } from './words.js';

export interface ComparedRun {
  readonly name: string;
  /** Its headline, in words. */
  readonly summary: string;
  /** Settings and environment by name. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface ComparisonReportOptions {
  /** One for each metric that both runs have, the main one first. */
  readonly comparisons: readonly { readonly model: ComparisonModel; readonly svg: string }[];
  readonly runs: readonly [ComparedRun, ComparedRun];
}

/** One self-contained page: the difference with its interval, fold by fold, and in what the runs differ. */
export function comparisonHtml({ comparisons, runs }: ComparisonReportOptions): string {
  const [main] = comparisons;
  const title = main ? pairWords(main.model, 60) : runs.map(({ name }) => oneLine(name, 60)).join(', ');
  const body = [
    `<header><h1>${esc(title)}</h1>` +
      (main ? `<p class="answer">${esc(differenceWords(main.model))}</p>` : '') +
      runs.map(({ name, summary }) => `<p>${esc(oneLine(name, 60))}: ${esc(summary)}</p>`).join('') +
      '</header>',
    ...comparisons.map(({ model, svg }) => metricSection(model, svg)),
    differentFacts(runs),
  ];
  return page(main ? `${title}: ${differenceWords(main.model)}` : title, body);
}

function metricSection(model: ComparisonModel, svg: string): string {
  const name = oneLine(model.metric, 60);
  const alt = `${pairWords(model)}: ${differenceWords(model)}`;
  const rows = comparisonRows(model).map((row, i, all) =>
    tableRow(row.name, [row.first, row.second, row.difference], i === all.length - 1 ? 'sum' : ''),
  );
  const heads = ['', oneLine(model.first, 40), oneLine(model.second, 40), 'difference'];
  return section(
    name,
    sentences(model)
      .map((sentence) => `<p class="says">${esc(sentence)}</p>`)
      .join('\n') +
      `<figure>${picture(svg, alt)}</figure>` +
      table(`Validation ${name}, ${sizeOfComparison(model)}`, heads, rows),
  );
}

/** What is equal in both says nothing of their difference. */
function differentFacts([first, second]: ComparisonReportOptions['runs']): string {
  const names = [...new Set([...Object.keys(first.facts), ...Object.keys(second.facts)])];
  const rows = names
    .filter((name) => first.facts[name] !== second.facts[name])
    .map((name) => tableRow(name, [first.facts[name] ?? '–', second.facts[name] ?? '–'], 'fact'));
  if (rows.length === 0) return section('Settings', '<p>The settings of both runs are the same.</p>');
  const heads = ['name', oneLine(first.name, 40), oneLine(second.name, 40)];
  return section('Where the settings differ', table('Settings that differ', heads, rows));
}
