/** Lines of text as a picture: stands in until the real one is drawn. */

import { withDarkMode } from './darkMode.js';
import { escapeMarkup } from './markup.js';

const LINE_HEIGHT = 16;
const CHARACTER = 7.3;
const MARGIN = 14;

/** A self-contained SVG of some monospaced text, readable on light and dark pages. */
export function textSvg(text: string, title: string): string {
  const lines = text.split('\n');
  const width = Math.ceil(Math.max(40, ...lines.map((line) => line.length)) * CHARACTER) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  // no-break spaces: renderers differ in how they keep the common ones
  const spans = lines.map(
    (line, i) =>
      `<text x="${MARGIN}" y="${MARGIN + 12 + i * LINE_HEIGHT}">${escapeMarkup(line).replaceAll(' ', '\u00a0')}</text>`,
  );
  return withDarkMode(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" aria-label="${escapeMarkup(title)}"><rect width="100%" height="100%" fill="#ffffff"/>` +
      `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="12" fill="#1f1f1f">${spans.join('')}</g></svg>`,
  );
}
