import { expect, test } from 'vitest';
import { withDarkMode } from '../../../sdk/src/view/darkMode.js';
import { drawSvg } from '../../../sdk/src/notebook/drawSvg.js';
import { overviewSpec } from '../../../sdk/src/view/specs/overview.js';
import { DARK, VIEW_CONFIG } from '../../../sdk/src/view/specs/theme.js';
import { EXAMPLES } from './models.js';

/** WCAG's contrast of two colours. */
function contrast(one: string, other: string): number {
  const light = (color: string): number => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

test('every colour of a drawn picture has one for dark pages', async () => {
  for (const model of [EXAMPLES.full, EXAMPLES.failed, EXAMPLES.running]) {
    const svg = await drawSvg(overviewSpec(model));
    const used = new Set([...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, color]) => color!));
    for (const plain of ['none', 'transparent']) used.delete(plain);
    expect([...used].filter((color) => !(color in DARK))).toEqual([]);
  }
});

test('texts are as readable on the dark page as they must be, and folds as visible', () => {
  const page = DARK['#ffffff']!;
  const { axis, title, style, range }: any = VIEW_CONFIG;
  const texts = [axis.labelColor, title.color, title.subtitleColor, style['cell-text'].color, '#c62828'];
  for (const color of texts.filter(Boolean)) expect(contrast(DARK[color]!, page)).toBeGreaterThan(4.5);
  for (const color of range.category) expect(contrast(DARK[color]!, page)).toBeGreaterThan(3.6);
});

test('withDarkMode changes nothing outside of its picture, and leaves alone what is none', () => {
  const svg = withDarkMode('<svg class="marks" width="1"><path fill="#ffffff" stroke="#c62828"/></svg>');
  expect(svg).toBe(
    '<svg class="foldlab-picture marks" width="1"><style>@media (prefers-color-scheme: dark){' +
      '.foldlab-picture [fill="#ffffff"]{fill:#161616}.foldlab-picture [stroke="#c62828"]{stroke:#ff8a80}' +
      '}</style><path fill="#ffffff" stroke="#c62828"/></svg>',
  );
  expect(withDarkMode('<svg></svg>')).toMatch(/^<svg class="foldlab-picture">/);
  expect(withDarkMode('no picture')).toBe('no picture');
});
