/** What every report is made of: one page that needs nothing else, its sections, tables and pictures. */
import { withDarkMode } from './darkMode.js';
import type { Figure } from './figures/figure.js';
import { escapeMarkup as esc, wellFormed } from './markup.js';
import { REPORT_STYLE } from './reportStyle.js';

export interface DrawnFigure {
  readonly figure: Figure;
  readonly svg: string;
}

/** The whole page; parts that are empty are left out. */
export function page(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${esc(title)}</title>
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
export const picture = (svg: string, alt: string): string =>
  `<img src="${dataUrl(withDarkMode(svg))}" alt="${esc(alt)}">`;

/** Only what a quoted address cannot hold is encoded: everything would triple the page. */
const dataUrl = (svg: string): string =>
  `data:image/svg+xml,${wellFormed(svg).replace(/[^ !$'-;=?-~\u0080-\uffff]/g, encodeURIComponent)}`;

/** A chart between its words. */
export function chart({ figure: { title, how, note, alt }, svg }: DrawnFigure): string {
  const below = note === '' ? '' : `<p>${esc(note)}</p>`;
  return `<figure><figcaption><b>${esc(title)}</b> ${esc(how)}</figcaption>${picture(svg, alt)}${below}</figure>`;
}

export function section(title: string, content: string): string {
  return `<section><h2>${esc(title)}</h2>\n${content}\n</section>`;
}

export function list(title: string, kind: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return section(title, `<ul class="${kind}">${lines.map((line) => `<li>${esc(line)}</li>`).join('')}</ul>`);
}

/** A wide table scrolls by itself, also by keyboard. */
export function table(caption: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${esc(text)}</th>`).join('');
  return (
    `<div class="scroll" role="region" aria-label="${esc(caption)}" tabindex="0"><table><caption>${esc(caption)}</caption>` +
    `<thead><tr>${head}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table></div>`
  );
}

export function tableRow(label: string, cells: readonly string[], kind = ''): string {
  const attribute = kind === '' ? '' : ` class="${kind}"`;
  const data = cells.map((text) => `<td>${esc(text)}</td>`).join('');
  return `<tr${attribute}><th scope="row">${esc(label)}</th>${data}</tr>`;
}
