import { describe, expect, it } from 'vitest';
import { headline, statusCounts } from '../../../sdk/src/view/describe.js';
import { groupModel } from '../../../sdk/src/view/group.js';
import { scoreGrid } from '../../../sdk/src/view/grid.js';
import { parseRunModel } from '../../../sdk/src/view/schema.js';
import { failureLines, noteLines, sizeWords, summaryLine, unitLabel } from '../../../sdk/src/view/words.js';
import { largeModel } from './models.js';

const large = largeModel(10, 5);
/** 3 + 3 + 2 + 2 folds and 2 + 2 + 1 repetitions: means of means would be wrong. */
const grouped = groupModel(large, { folds: 4, repetitions: 3 });

describe('groupModel', () => {
  it('makes blocks, about equally large, that a reader takes', () => {
    expect(parseRunModel(JSON.parse(JSON.stringify(grouped)))).toEqual(grouped);
    const { folds, repetitions, numFolds, members, statuses } = grouped.grouping!;
    expect([folds, repetitions, numFolds, members]).toEqual([
      [
        [0, 2],
        [3, 4],
        [5, 7],
        [8, 9],
      ],
      [
        [0, 1],
        [2, 3],
        [4, 4],
      ],
      10,
      10,
    ]);
    expect(statuses).toEqual({ queued: 0, running: 0, done: 50, failed: 0, cancelled: 0 });
    expect(grouped.units).toHaveLength(12);
  });

  it('says the same numbers in the headline and in every mean as the units do', () => {
    for (const metric of large.metrics) {
      const [one, other] = [headline(large, metric), headline(grouped, metric)];
      expect(other.numMembers).toBe(one.numMembers);
      expect(other.gain).toBeCloseTo(one.gain!, 7);
      for (const part of ['validation', 'members', 'ensembles'] as const) {
        for (const key of ['mean', 'sd', 'min', 'max', 'n', 'expected', 'flagged'] as const)
          expect(other[part]![key]).toBeCloseTo(one[part]![key], 7);
      }
    }
    expect(summaryLine(grouped)).toBe(summaryLine(large));
    expect(sizeWords(grouped)).toBe('10 folds × 5 repetitions');
    for (const part of ['validation', 'test'] as const) {
      const rows = (model: typeof large) => scoreGrid(model, part).rows;
      const below = rows(grouped).filter(({ kind }) => kind !== 'fold');
      expect(below.map(({ label, mean }) => [label, mean])).toEqual(
        rows(large)
          .filter(({ kind }) => kind !== 'fold')
          .map(({ label, mean }) => [label, { ...mean, value: expect.closeTo(mean.value!, 7) }]),
      );
      // the single repetition at the end is a block of its own
      const last = (model: typeof large, kind: string): number =>
        rows(model)
          .find((row) => row.kind === kind)!
          .cells.at(-1)!.value!;
      const kind = part === 'test' ? 'members' : 'mean';
      expect(last(grouped, kind)).toBeCloseTo(last(large, kind), 12);
    }
  });

  it('names its blocks', () => {
    const grid = scoreGrid(grouped, 'validation');
    expect(grid.columns).toEqual(['rep 0–1', 'rep 2–3', 'rep 4']);
    expect(grid.rows.slice(0, 4).map(({ label }) => label)).toEqual([
      'folds 0–2',
      'folds 3–4',
      'folds 5–7',
      'folds 8–9',
    ]);
    expect(unitLabel(grouped, grouped.units[0]!, 'validation', 'accuracy')).toMatch(
      /^folds 0–2, repetitions 0–1, done, accuracy 0\.\d{4}, attempt 1$/,
    );
    expect(noteLines(grouped)[0]).toBe('50 units: more than a view holds, shown as the means of 12 blocks');
  });

  it('gives a block its most urgent status, and no score while units of it are to come', () => {
    const units = large.units.map((unit) =>
      unit.repIndex === 0 && unit.cvIndex === 1
        ? { ...unit, status: 'failed' as const, validation: null, test: null, error: 'Error: out of memory' }
        : unit.repIndex === 4 && unit.cvIndex === 9
          ? { ...unit, status: 'running' as const, validation: null, test: null }
          : unit,
    );
    const model = groupModel({ ...large, units }, { folds: 4, repetitions: 3 });
    const [first] = model.units;
    expect(first).toMatchObject({
      status: 'failed',
      error: '1 of 6 units failed; fold 1, repetition 0: Error: out of memory',
    });
    expect(first!.validation).not.toBeNull();
    expect(model.units.at(-1)).toMatchObject({ status: 'running', validation: null });
    expect(failureLines(model)).toHaveLength(1);
    expect(statusCounts(model)).toMatchObject({ failed: 1, running: 1, done: 48 });
    expect(scoreGrid(model, 'validation').isPartial).toBe(true);
  });

  it('keeps a NaN', () => {
    const units = large.units.map((unit, i) =>
      i === 0 ? { ...unit, validation: { accuracy: 'NaN' as const } } : unit,
    );
    const model = groupModel({ ...large, units }, { folds: 4, repetitions: 3 });
    expect(model.units[0]!.validation).toMatchObject({ accuracy: 'NaN' });
    expect(headline(model).validation).toMatchObject({ mean: NaN, flagged: 1, n: 50 });
  });
});
