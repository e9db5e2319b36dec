/** The look of the charts in JupyterLab: the builders' named styles in the page's own colours. */
import { VIEW_CONFIG, type Spec } from 'foldlab/view';

/** Colours of folds that the style sheet defines; more folds repeat them with other shapes. */
export const FOLD_COLORS = 5;

const INK = 'var(--jp-ui-font-color1)';
const INK_2 = 'var(--fl-text-2)';

type Styles = Readonly<Record<string, Spec>>;

const colors: Readonly<Record<string, string>> = {
  'fold-mark': INK_2,
  'raw-point': INK_2,
  line: 'transparent',
  guide: INK_2,
  zero: INK_2,
  'fold-mean': INK,
  interval: INK,
  'interval-end': INK,
  chosen: INK,
  ghost: INK_2,
  'ghost-link': INK_2,
  'grand-mean': INK,
  member: INK_2,
  'member-mean': INK,
  slope: INK_2,
  ensemble: INK,
  'end-label': INK,
  'column-label': INK_2,
  range: 'var(--fl-neutral)',
  'raw-line': 'var(--fl-neutral)',
  'median-line': INK_2,
  'focus-line': INK_2,
  'focus-end': INK_2,
  'rate-line': INK_2,
  'ensemble-line': INK,
  'heat-cell': 'var(--jp-brand-color1)',
  'matrix-text': INK,
  'matrix-strong': INK,
  'matrix-head': INK_2,
  span: 'var(--fl-neutral)',
  'span-going': 'var(--jp-brand-color1)',
  'span-label': 'var(--jp-layout-color0)',
};

/**
 * Colours are custom properties: the SVG renderer passes them through, so that a theme switch redraws nothing. Without
 * ARIA on each mark: a chart is one image with one sentence, its numbers are in the grid and the table.
 */
export const LAB_CONFIG: Spec = {
  view: VIEW_CONFIG.view,
  background: 'transparent',
  padding: 0,
  aria: false,
  // the builders leave out what is not finite: no mark is asked again
  mark: { invalid: null },
  font: 'var(--jp-ui-font-family)',
  range: {
    ...(VIEW_CONFIG.range as Spec),
    category: [...Array(FOLD_COLORS).keys()].map((i) => `var(--fl-fold-${i})`),
  },
  axis: {
    ...(VIEW_CONFIG.axis as Spec),
    labelColor: INK_2,
    titleColor: INK_2,
    domainColor: 'var(--jp-border-color1)',
    tickColor: 'var(--jp-border-color1)',
    gridColor: 'var(--fl-rule)',
  },
  // those of the grid and of notes are the page's own
  style: Object.fromEntries(
    Object.entries(colors).map(([name, color]) => [
      name,
      { ...recoloured((VIEW_CONFIG.style as Styles)[name]!), color },
    ]),
  ),
};

/** Strokes of a white page become those of this one. */
function recoloured(style: Spec): Spec {
  return style.stroke === '#ffffff' ? { ...style, stroke: 'var(--jp-layout-color0)' } : style;
}
