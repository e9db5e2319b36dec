import { expect, it } from 'vitest';
import { curvesSpec } from '../../../../sdk/src/view/specs/curves.js';
import { doneModel } from '../models.js';

interface BandRow {
  readonly epoch: number;
  readonly lo: number;
  readonly hi: number;
  readonly median: number;
}

/** Two units with straight curves of one metric, at the epochs given. */
function band(...curves: { epochs: number[]; at: (epoch: number) => number }[]): BandRow[] {
  const model = doneModel();
  const units = curves.map(({ epochs, at }, i) => ({
    ...model.units[i]!,
    curves: [{ metric: 'loss', epochs, values: epochs.map(at) }],
  }));
  const [layer] = curvesSpec({ ...model, units }, 'loss').layer as { data: { values: BandRow[] } }[];
  return layer!.data.values;
}

it('the band counts a thinned curve with its line at epochs that only another one kept', () => {
  const rows = band(
    { epochs: [1, 4, 10], at: (epoch) => epoch },
    { epochs: [1, 7, 10], at: (epoch) => 2 * epoch },
  );
  expect(rows.map(({ epoch }) => epoch)).toEqual([1, 4, 7, 10]);
  for (const { epoch, lo, hi, median } of rows) {
    expect([lo, median, hi]).toEqual([epoch, 1.5 * epoch, 2 * epoch]);
  }
});

it('the band ends where only one unit goes on', () => {
  const rows = band({ epochs: [1, 2, 3], at: () => 1 }, { epochs: [1, 2, 3, 4, 5], at: () => 2 });
  expect(rows.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
});

it('the band of long curves has at most 100 epochs, the first and the last among them', () => {
  const long = (step: number): number[] => [
    ...new Set([1, ...[...Array(200).keys()].map((i) => 2 + step * i), 1000]),
  ];
  const rows = band({ epochs: long(3), at: (epoch) => epoch }, { epochs: long(4), at: (epoch) => epoch });
  expect(rows.length).toBeLessThanOrEqual(100);
  expect([rows[0]!.epoch, rows.at(-1)!.epoch]).toEqual([1, 1000]);
  for (const { epoch, median } of rows) expect(median).toBeCloseTo(epoch, 9);
});
