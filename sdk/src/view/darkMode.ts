/** A drawn picture that follows the reader's colour scheme, where the reader knows one; elsewhere it is the light one. */
import { DARK } from './specs/theme.js';

/** Marks the pictures that the rules are for: inside a page they must touch nothing else. */
const CLASS = 'foldlab-picture';

/** An SVG in the light theme's colours, with the dark theme's beside those that it uses. */
export function withDarkMode(svg: string): string {
  const end = svg.indexOf('>');
  if (!svg.startsWith('<svg') || end < 0) return svg;
  const head = svg.slice(0, end);
  const marked = head.includes('class="')
    ? head.replace('class="', `class="${CLASS} `)
    : `${head} class="${CLASS}"`;
  const rules = Object.entries(DARK).flatMap(([light, dark]) =>
    ['fill', 'stroke'].flatMap((paint) => {
      const used = `${paint}="${light}"`;
      return svg.includes(used) ? [`.${CLASS} [${used}]{${paint}:${dark}}`] : [];
    }),
  );
  return `${marked}><style>@media (prefers-color-scheme: dark){${rules.join('')}}</style>${svg.slice(end + 1)}`;
}
