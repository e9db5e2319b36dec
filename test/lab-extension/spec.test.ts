import { compile, type TopLevelSpec } from 'vega-lite';
import { expect, it } from 'vitest';
import { framed, splitSpec } from '../../lab-extension/src/charts/spec.js';
import {
  curvesSpec,
  ensemblesSpec,
  gainsSpec,
  scoreGrid,
  stripSpec,
  type Spec,
} from '../../sdk/src/view/index.js';
import { doneModel, failedModel, runningModel } from '../sdk/view/models.js';

const PADDING = { left: 40, right: 10, top: 6, bottom: 20 };
const pieces = (model: ReturnType<typeof doneModel>): Spec[] => [
  stripSpec(scoreGrid(model, 'validation'), { width: 280, row: 28, selected: { cvIndex: 3, repIndex: 1 } }),
  curvesSpec(model, 'val_loss', { selected: { cvIndex: 3, repIndex: 1 } }),
  ensemblesSpec(model, { width: 150, height: 126, gains: false }),
  gainsSpec(model, { width: 110, height: 126 }),
];

it('every framed picture compiles, holds no data and no colour but the page’s own', () => {
  for (const model of [doneModel(), runningModel(), failedModel()]) {
    for (const piece of pieces(model)) {
      const { structure, data } = splitSpec(framed(piece, PADDING));
      expect(() => compile(structure as unknown as TopLevelSpec)).not.toThrow();
      expect(data.size).toBeGreaterThan(0);
      const text = JSON.stringify(structure);
      expect(text).not.toMatch(/"values":\[\{/);
      expect(text.replace(/"title":\{[^}]*\}/g, '')).not.toMatch(/#[0-9a-f]{6}/i);
      expect(text).not.toMatch(/"(expr|calculate|signal|url|href)":/);
    }
  }
});

it('a score more changes data and domains, but not what is compiled', () => {
  const better = (model: ReturnType<typeof doneModel>, by: number) => ({
    ...model,
    units: model.units.map((unit) => ({
      ...unit,
      validation: { accuracy: 0.9 + by * (1 + unit.cvIndex) },
      curves: unit.curves.map((curve) => ({
        ...curve,
        epochs: curve.epochs.map((epoch) => epoch + Math.round(1000 * by)),
        values: curve.values.map((value) => Number(value) * (1 + by)),
      })),
    })),
  });
  const [before, after] = [0.01, 0.011].map((by) =>
    pieces(better(doneModel(), by)).map((piece) => splitSpec(framed(piece, PADDING))),
  );
  // strip and curves have domains of their own on both axes
  for (const i of [0, 1]) {
    expect([...before![i]!.domains.keys()]).toEqual(['x', 'y']);
    expect(after![i]!.domains.get('x')).not.toEqual(before![i]!.domains.get('x'));
    expect(JSON.stringify(after![i]!.structure)).toBe(JSON.stringify(before![i]!.structure));
  }
});

it('a domain that layers do not share stays in the structure', () => {
  const layer = (domain: number[]) => ({
    encoding: { x: { field: 'a', type: 'quantitative', scale: { domain } } },
  });
  const { domains, structure } = splitSpec({ layer: [layer([0, 1]), layer([0, 2])] });
  expect(domains.size).toBe(0);
  expect(structure).toEqual({ layer: [layer([0, 1]), layer([0, 2])] });
});

it('two snapshots whose scales agree differ in their data alone', () => {
  const model = doneModel();
  const [a, b] = [model, { ...model, units: model.units.map((unit) => ({ ...unit, seconds: 1 })) }].map(
    (each) => splitSpec(framed(pieces(each)[0]!, PADDING)),
  );
  expect(JSON.stringify(a!.structure)).toBe(JSON.stringify(b!.structure));
  expect([...a!.data.keys()]).toEqual([...b!.data.keys()]);
});
