/** The KNIGHT example on the real table, where it is; the table is never part of this repository. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutSplits, metrics, stats, stratifiedKFold, type FoldContext } from 'foldlab';
import { datasetFunc, FEATURES, type PatientSet } from '../../examples/knight/dataset.js';
import { evalFunc } from '../../examples/knight/evaluate.js';
import { inferFunc } from '../../examples/knight/infer.js';
import { trainFunc } from '../../examples/knight/train.js';

const TABLE = fileURLToPath(new URL('../../../shared/data/knight.json', import.meta.url));
const SPLITS = fileURLToPath(new URL('../../../shared/data/knight_splits.json', import.meta.url));
const there = existsSync(TABLE);
const ABSENT = '../shared/data/knight.json is not there';

/** The mean probability of the five fold models for each test patient of a published split. */
async function ensembleOf(split: number): Promise<{ scores: number[]; targets: number[] }> {
  const { train, test } = await datasetFunc('', { split, table: TABLE });
  const [folds] = cutSplits(stratifiedKFold({ numFolds: 5 }), {
    n: train.length,
    labels: train.labels,
  }).repetitions;
  const members: number[][] = [];
  for (const rows of folds) {
    const context = { dataset: train, rows, params: { penalty: 1 } } as unknown as FoldContext;
    const model = await trainFunc(context);
    const { scores } = await inferFunc({ ...context, model, dataset: test, rows: null } as FoldContext);
    members.push((scores as number[][]).map((row) => row[1]));
  }
  const scores = members[0].map(
    (_, row) => members.reduce((sum, member) => sum + member[row], 0) / members.length,
  );
  return { scores, targets: [...test.labels] };
}

describe('the KNIGHT example', () => {
  it('reads 240 and 60 patients with 11 numbers each, cut as published', async (context) => {
    if (!there) context.skip(ABSENT);
    const { default: published } = await import(/* @vite-ignore */ SPLITS, { with: { type: 'json' } });
    for (let split = 0; split < 5; split++) {
      const { train, test } = await datasetFunc('', { split, table: TABLE });
      expect([train.length, test.length]).toEqual([240, 60]);
      expect(test.features.length).toBe(60 * FEATURES.length);
      expect(new Set(test.ids)).toEqual(new Set(published[split].val));
    }
    const positives = (set: PatientSet) => set.labels.reduce((a, b) => a + b, 0);
    const { train, test } = await datasetFunc('', { table: TABLE });
    expect([positives(train) + positives(test), positives(test)]).toEqual([85, 20]);
    expect(train.features.every(Number.isFinite)).toBe(true);
  });

  it('reaches the known areas: 0.860 on split 0, 0.808 pooled over all five', async (context) => {
    if (!there) context.skip(ABSENT);
    const splits = await Promise.all([0, 1, 2, 3, 4].map(ensembleOf));
    const areas = splits.map(({ scores, targets }) => metrics.auroc(scores, targets));
    expect(Math.abs(areas[0] - 0.86)).toBeLessThan(0.02);
    const pooled = stats.delong(
      splits.flatMap((split) => split.scores),
      splits.flatMap((split) => split.targets),
    );
    expect(Math.abs(pooled.mean - 0.808)).toBeLessThan(0.02);
    // the interval is known too: 0.755 to 0.862
    expect(Math.abs(pooled.low! - 0.755)).toBeLessThan(0.02);
    expect(Math.abs(pooled.high! - 0.862)).toBeLessThan(0.02);
    // with 60 patients the published 0.87 is well inside the interval of 0.86
    const one = stats.delong(splits[0].scores, splits[0].targets);
    expect(one.low!).toBeLessThan(0.78);
    expect(one.high!).toBeGreaterThan(0.92);
    const evaluated = await evalFunc({ predictions: { ids: [], ...splits[0] } } as unknown as FoldContext);
    expect(evaluated.auroc).toBe(areas[0]);
  });

  describe('without the right table', () => {
    let dir: string;
    beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-knight-'))));
    afterAll(() => rmSync(dir, { recursive: true, force: true }));

    it('refuses a file that is another', async () => {
      const table = join(dir, 'knight.json');
      writeFileSync(table, '[]');
      await expect(datasetFunc('', { table })).rejects.toThrow(
        'it must be the KNIGHT table with sha256 ad0ae394',
      );
    });
  });
});
