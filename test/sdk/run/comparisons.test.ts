/** Several runs together: compared, and combined. */
import { describe, expect, it } from 'vitest';
import { stage } from './stage.js';

const { play } = stage();

describe('comparisons', () => {
  /** Accuracy of the validation rows that grows with a parameter. */
  const TUNED = `const infer = async (c) => {
      const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
      const p = (row, i) => Number((c.dataset.labels[row] === 1) === i >= c.model.wrong + ((c.cvIndex + c.repIndex) % 2));
      return { ids: c.test ? rows : c.sampleIds[1], scores: rows.map((row, i) => [1 - p(row, i), p(row, i)]), targets: rows.map((row) => c.dataset.labels[row]) };
    };
    const tuned = (wrong, over) => run(options({ numFolds: 5, numRepetitions: 2, dir: 'run' + wrong + (over ? 'other' : ''), trainFunc: async (c) => ({ wrong: c.params.wrong + (c.cvIndex % 3 === 0 ? 1 : 0) * c.params.wrong }), trainParams: { wrong }, inferFunc: infer,
      evalFunc: async (c) => ({ accuracy: foldlab.metrics.accuracy(c.predictions.scores, c.predictions.targets) }), ...over }));`;

  it('of several runs are corrected by Holm, and have variance parts', async () => {
    const [pairs, expected, few, parts, ...shown] = await play(`${TUNED}
      const runs = [await tuned(0), await tuned(1), await tuned(2)];
      const found = foldlab.compareAll(runs);
      say(found.map((c) => [c.first, c.second, c.p > 0 && c.p <= c.pHolm, c.pHolm]));
      say(foldlab.stats.holm(found.map((c) => c.p)));
      try { foldlab.compareAll(runs.slice(1, 2)); } catch (e) { say(e.message); }
      const v = runs[1].variance('accuracy');
      say([v.model, v.folds, v.repetitions, v.says.startsWith('Standard deviations of the accuracy: fold'), v.shares]);
      for (const shown of [found, found[0], v]) {
        const bundle = await shown[Symbol.for('Jupyter.display')]();
        say([Object.keys(bundle), bundle['image/svg+xml'].slice(0, 4), bundle['text/plain'] === require('node:util').inspect(shown)]);
      }
      say(Object.keys(found));
      const printed = require('node:util').inspect(runs[0]);
      say([printed.startsWith(runs[0].toTable()), printed.split('\\n').at(-1), JSON.parse(JSON.stringify(runs[0])).folds.length]);`);
    expect(pairs.map((pair: unknown[]) => pair.slice(0, 3))).toEqual([
      ['run0', 'run1', true],
      ['run0', 'run2', true],
      ['run1', 'run2', true],
    ]);
    expect(pairs.map((pair: unknown[]) => pair[3])).toEqual(expected);
    expect(few).toContain('there must be at least 2; there is 1');
    expect(parts).toEqual(['nested', 5, 2, true, null]);
    const types = ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'];
    const drawn = (own: string) => [[`application/vnd.foldlab.${own}.v1+json`, ...types], '<svg', true];
    expect(shown).toEqual([
      drawn('estimates'),
      drawn('comparison'),
      drawn('estimates'),
      ['0', '1', '2'],
      [true, expect.stringMatching(/^It has id, name, dir, folds, .*; summary\(\), /), 10],
    ]);
  });

  it('are refused of other rows that have the same numbers, and not of other features of the same rows', async () => {
    const [messages] = await play(`${TUNED}
      const half = (n, shift, scale) => ({ length: n, labels: Uint8Array.from({ length: n }, (_, i) => (i + shift) % 2), x: Float64Array.from({ length: n }, (_, i) => scale * i) });
      const data = (shift, scale) => ({ datasetFunc: async (_, p) => ({ train: half(30, p.shift, p.scale), test: half(10, 0, 1) }), datasetParams: { shift, scale } });
      Object.assign(globalThis, { half });
      const one = await tuned(0, data(0, 1));
      const scaled = await tuned(1, data(0, 2));
      const other = await tuned(2, data(1, 1));
      const tell = (second) => { try { return one.compare(second).first; } catch (e) { return e.message; } };
      say([tell(scaled), tell(other)]);`);
    expect(messages).toEqual([
      'run0other',
      expect.stringContaining('both must be about the same rows; their ids, labels or groups differ'),
    ]);
  });

  it('of variance are refused of repetitions that are cut anew', async () => {
    const [message] = await play(`
      const r = await run(options({ numRepetitions: 2, splits: foldlab.repeatedKFold() }));
      try { r.variance('accuracy'); } catch (e) { say(e.message); }`);
    expect(message).toContain('each repetition is cut anew');
  });
});

describe('combine', () => {
  /** A model whose probabilities are good in rows of one kind and poor in others. */
  const KINDS = `const infer = async (c) => {
      const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
      const p = (row) => 0.5 + (c.dataset.labels[row] === 1 ? 1 : -1) * (row % 2 === c.params.good % 2 ? 0.3 : -0.05) + 0.02 * c.repIndex + 0.01 * (row % 5);
      return { ids: c.test ? rows : c.sampleIds[1], scores: rows.map((row) => [1 - p(row), p(row)]), targets: rows.map((row) => c.dataset.labels[row]), kind: 'probability' };
    };
    const labels = (n) => Uint8Array.from({ length: n }, (_, i) => Number(i % 3 === 0));
    const of = (good, over) => run(options({ dir: 'good' + good + Object.keys(over ?? {}).join(), numRepetitions: 2, inferFunc: infer, inferParams: { good },
      datasetFunc: async () => ({ train: { length: 30, labels: labels(30) }, test: { length: 10, labels: labels(10) } }), ...over }));`;

  it('takes other runs on identical splits as further columns', async () => {
    const [lengths, losses, says, refused] = await play(`${KINDS}
      const [a, b] = [await of(0), await of(1)];
      const loss = ({ scores, targets }) => foldlab.metrics.logLoss(scores, targets);
      const both = await a.combine({ method: 'stacking', with: [b], c: 10 });
      const alone = await a.combine({ method: 'stacking', c: 10 });
      const greedy = await a.combine({ method: 'greedy', with: [b] });
      say([greedy.weights.length, both.crossFitted.ids.length, both.test.ids.length, (await a.combine({ method: 'weighted', with: [b] })).weights.length]);
      say([loss(both.crossFitted) < loss(alone.crossFitted), loss(both.test) < loss(alone.test)]);
      say(both.says);
      const other = await of(1, { splits: foldlab.stratifiedKFold() });
      say(await a.combine({ method: 'stacking', with: [other] }).catch((e) => e.message));`);
    expect(lengths).toEqual([4, 30, 10, 12]);
    expect(losses).toEqual([true, true]);
    expect(says).toContain('of 4 repetitions, learnt from 30 rows');
    expect(refused).toMatch(
      /^Cannot combine run 'good0' with run 'good1splits': both must have trained and validated on the same rows/,
    );
  });

  it('refuses folds that are no cycles, and cross-fits nothing of repetitions that are cut anew', async () => {
    const [series, part, anew] = await play(`${KINDS}
      const tell = (r) => r.combine({ method: 'greedy' }).then(({ crossFitted, test, says }) => [crossFitted, test.ids.length, says], (e) => e.message);
      say(await tell(await of(0, { splits: foldlab.timeSeries() })));
      say(await tell(await of(0, { numFoldsUsed: 2 })));
      say(await tell(await of(0, { splits: foldlab.repeatedKFold() })));`);
    expect(series).toMatch(
      /a column is a complete cycle of all folds, never single folds, .*; only 21 of 30 rows have one/,
    );
    expect(part).toContain('only 20 of 30 rows have one');
    expect(anew).toEqual([
      null,
      10,
      expect.stringContaining('nothing is cross-fitted, since the repetitions are cut differently'),
    ]);
  });
});
