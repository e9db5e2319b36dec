/** The look of all pictures: one config for the named styles, and how folds are told apart. */

/** A piece of a vega-lite specification: plain data. Written in the subset that versions 5 and 6 share. */
export type Spec = Readonly<Record<string, unknown>>;

export const VEGA_LITE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';

/** Sizes in pixels. */
export const ROW_HEIGHT = 24;
export const LABEL_WIDTH = 92;
/** Between two columns of charts: room for the labels of an axis. */
export const GAP = 52;

const INK = '#1f1f1f';
const INK_2 = '#616161';
const RULE = '#bdbdbd';
const RED = '#c62828';
const PAGE = '#ffffff';
const GRID = '#eeeeee';
const NEUTRAL = '#9e9e9e';
const SPAN = '#757575';
/** A cell without a number. */
export const EMPTY_CELL = '#f5f5f5';

// told apart by protanopes, deuteranopes and tritanopes; at least 3.6:1 on white
const COLORS: readonly string[] = ['#0862a3', '#db6500', '#2b7854', '#b96796', '#695002'];
const DARK_COLORS = ['#42b5f9', '#d57530', '#60d2a1', '#d687b9', '#dbc83a'];
/** Every colour of a light picture → the same in a dark one, as readable on its page. */
export const DARK: Readonly<Record<string, string>> = {
  [PAGE]: '#161616',
  [INK]: '#ececec',
  [INK_2]: '#b4b4b4',
  [RULE]: '#5a5a5a',
  [GRID]: '#2e2e2e',
  [NEUTRAL]: '#8a8a8a',
  [SPAN]: '#9a9a9a',
  [RED]: '#ff8a80',
  [EMPTY_CELL]: '#262626',
  ...Object.fromEntries(COLORS.map((color, i) => [color, DARK_COLORS[i]!])),
};
/** Marks of folds, in order: names of vega's, or SVG paths in a box from about -1 to 1. */
export const SHAPES: readonly string[] = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-left',
  'triangle-right',
  // a star and an hourglass, as large as the built-in shapes
  'M0,-1.4L0.41,-0.56L1.33,-0.43L0.67,0.21L0.83,1.13L0,0.7L-0.83,1.13L-0.67,0.21L-1.33,-0.43L-0.41,-0.56Z',
  'M-1,-1.1L1,-1.1L-1,1.1L1,1.1Z',
];

/** Readable on any page: the picture brings its own background. */
export const VIEW_CONFIG: Spec = {
  background: PAGE,
  padding: 14,
  font: 'system-ui, -apple-system, "Segoe UI", helvetica, arial, sans-serif',
  view: { stroke: null },
  range: { category: COLORS, symbol: SHAPES },
  title: {
    anchor: 'start',
    frame: 'group',
    color: INK,
    fontSize: 12,
    fontWeight: 600,
    subtitleColor: INK_2,
    subtitleFontSize: 11,
    offset: 8,
  },
  axis: {
    labelColor: INK_2,
    labelFontSize: 11,
    domainColor: RULE,
    tickColor: RULE,
    tickSize: 4,
    labelPadding: 4,
    gridColor: GRID,
    titleColor: INK_2,
    titleFontWeight: 'normal',
    titleFontSize: 11,
  },
  style: {
    'row-label': { fontSize: 12, color: INK, align: 'left', baseline: 'middle' },
    'column-label': { fontSize: 11, color: INK_2, align: 'center', baseline: 'bottom' },
    note: { fontSize: 11, align: 'left', baseline: 'top' },
    'cell-text': { fontSize: 12, align: 'center', baseline: 'middle' },
    'fold-mark': { color: INK_2, size: 60, opacity: 1 },
    'raw-point': { color: INK_2, size: 40, opacity: 1 },
    line: { color: RULE, strokeWidth: 1 },
    guide: { color: INK_2, strokeWidth: 1, strokeDash: [1, 3] },
    'fold-mean': { color: INK, strokeWidth: 2 },
    interval: { color: INK, strokeWidth: 1.5 },
    'interval-end': { color: INK, thickness: 1.5, size: 9, opacity: 1 },
    chosen: { color: INK, size: 130, strokeWidth: 1.5, opacity: 1 },
    ghost: { color: INK_2, size: 46, strokeWidth: 1.5, opacity: 1 },
    'ghost-link': { color: INK_2, strokeWidth: 1, strokeDash: [2, 2] },
    'rate-line': { color: INK_2, strokeWidth: 1.2, opacity: 0.9 },
    'ensemble-line': { color: INK, strokeWidth: 1.8 },
    'heat-cell': { color: COLORS[0], stroke: null },
    'matrix-text': { fontSize: 10.5, color: INK, align: 'center', baseline: 'middle' },
    'matrix-strong': { fontSize: 10.5, fontWeight: 600, color: INK, align: 'center', baseline: 'middle' },
    'matrix-head': { fontSize: 10.5, color: INK_2, baseline: 'middle' },
    span: { color: SPAN, stroke: PAGE, strokeWidth: 1 },
    'span-going': { color: COLORS[0], stroke: PAGE, strokeWidth: 1 },
    'span-label': { fontSize: 11, color: PAGE, align: 'left', baseline: 'middle' },
    zero: { color: INK_2, strokeWidth: 1, strokeDash: [1, 3] },
    'grand-mean': { color: INK, size: 80, opacity: 1 },
    member: { color: INK_2, size: 28, opacity: 1 },
    'member-mean': { color: INK, thickness: 2, size: 14, opacity: 1 },
    slope: { color: INK_2, strokeWidth: 1.2 },
    ensemble: { color: INK, size: 80, opacity: 1 },
    'end-label': { fontSize: 11, color: INK, align: 'left', baseline: 'middle' },
    range: { color: NEUTRAL, opacity: 0.18 },
    'raw-line': { color: NEUTRAL, strokeWidth: 0.8, opacity: 0.6 },
    'median-line': { color: INK_2, strokeWidth: 1.5 },
    'focus-line': { color: INK_2, strokeWidth: 2 },
    'focus-end': { color: INK_2, size: 46, opacity: 1 },
  },
};

/** Text colours by meaning; red only for failure, always with a word. */
export const TONES = { plain: INK, quiet: INK_2, bad: RED } as const;
export type Tone = keyof typeof TONES;

/** The encoding of a text's colour by its datum's `tone`. */
export const TONE_COLOR: Spec = {
  field: 'tone',
  type: 'nominal',
  legend: null,
  scale: { domain: Object.keys(TONES), range: Object.values(TONES) },
};

/** How much of the first colour a cell has: the higher its score, the more; text stays readable on it. */
export const HEAT_RANGE = [0.05, 0.28];

/**
 * Colour and shape of each fold, for marks only: the config's ranges `category` and `symbol`, so that a page with
 * themes can bring its own. Up to 5 folds differ in both; up to 10 colours repeat with other shapes; beyond, all folds
 * look alike and are told apart by their rows. Explicit domains: otherwise two running folds would take the looks of
 * folds 0 and 1.
 */
export function foldEncoding(folds: readonly number[]): { color?: Spec; shape?: Spec } {
  if (folds.length > SHAPES.length) return {};
  const channel: Spec = { field: 'fold', type: 'nominal', legend: null, scale: { domain: folds } };
  return { color: channel, shape: channel };
}

/** A picture of its own from one builder's piece. */
export function standalone(piece: Spec): Spec {
  return { $schema: VEGA_LITE_SCHEMA, ...piece, config: VIEW_CONFIG };
}
