/** Splits, leaks, ensembles by name, intervals and comparisons, in real runs. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { said, scratch, script } from '../../faults/script.js';

let place: ReturnType<typeof scratch>;
beforeEach(() => (place = scratch()));
afterEach(() => place.remove());

async function play(body: string): Promise<any[]> {
  const { output } = await script(place.dir, `const foldlab = tools;\n${body}`).ended;
  const values = said(output);
  if (values.length === 0) throw new Error(output);
  return values;
}

/** A data set of 30 rows in 10 groups of 3. */
const GROUPED = `const grouped = async () => ({
  train: { length: 30, labels: Uint8Array.from({ length: 30 }, (_, i) => i % 2), groups: Array.from({ length: 30 }, (_, i) => 'g' + Math.floor(i / 3)),
    x: Float64Array.from({ length: 30 }, (_, i) => i) } });`;

describe('splits', () => {
  it('cut as the splitter says, with its own number of folds', async () => {
    const [folds] = await play(`${GROUPED}
      const r = await run(options({ numFolds: undefined, splits: foldlab.groupKFold({ numFolds: 5 }), datasetFunc: grouped,
        trainFunc: async (c) => ({ bias: 0 }),
        evalFunc: async (c) => ({ groups: new Set(c.rows.validation.map((row) => c.dataset.groups[row])).size, rows: c.rows.validation.length }) }));
      say(r.folds.map((f) => f.validation.metrics));`);
    expect(folds).toEqual(Array.from({ length: 5 }, () => ({ groups: 2, rows: 6 })));
  });

  it('are cut anew for every repetition of a repeated splitter, and reused on the second run', async () => {
    const [first, second, cached, evaluation] = await play(`
      const again = (over) => options({ numFolds: 3, numRepetitions: 2, splits: foldlab.repeatedKFold(), evalFunc: async (c) => ({ first: c.test ? 0 : c.sampleIds[1][0] + 100 * c.rows.validation[1] }), ...over });
      const r = await run(again());
      say(r.folds.filter((f) => f.repIndex === 0).map((f) => f.validation.metrics.first));
      say(r.folds.filter((f) => f.repIndex === 1).map((f) => f.validation.metrics.first));
      const other = await run(again());
      say(other.folds.every((f) => f.cached));
      say(other.evaluation);`);
    expect(first).not.toEqual(second);
    expect(new Set([...first, ...second]).size).toBeGreaterThan(4);
    expect(cached).toBe(true);
    expect(evaluation).toMatchObject({
      splitter: 'repeatedKFold',
      resampling: 'reshuffled',
      seedPolicy: 'per-fold',
      sizes: Array.from({ length: 3 }, () => ({ train: 20, validation: 10 })),
    });
  });

  it('stratify by the labels of a cached data set too', async () => {
    const [counts, again] = await play(`
      const strata = { splits: foldlab.stratifiedKFold(), evalFunc: async (c) => ({ ones: c.test ? 0 : c.rows.validation.filter((row) => c.dataset.labels[row] === 1).length }) };
      const r = await run(options(strata));
      say(r.folds.map((f) => f.validation.metrics.ones));
      const other = await run(options({ ...strata, dir: 'other' }));
      say(other.folds.map((f) => f.validation.metrics.ones));`);
    expect(counts).toEqual([5, 5, 5]);
    expect(again).toEqual(counts);
  });

  it('that do not fit the data set stop the run before anything is trained', async () => {
    const [message, ran] = await play(`
      await run(options({ splits: foldlab.groupKFold() })).then(() => {}, (error) => say(error.name + ': ' + error.message));
      say(fs.readFileSync('executed.log', 'utf8'));`);
    expect(message).toContain('DatasetError: Cannot cut by groupKFold: the data set must have groups');
    expect(ran).toBe('dataset\n');
  });
});

describe('leaks', () => {
  it('of groups stop the run, naming them; onLeak: warn says it and goes on', async () => {
    const [message, ran, notices] = await play(`${GROUPED}
      await run(options({ datasetFunc: grouped })).then(() => {}, (error) => say(error.name + ': ' + error.message));
      say(fs.existsSync('executed.log'));
      const handle = run(options({ datasetFunc: grouped, onLeak: 'warn', dir: 'other', trainFunc: async () => ({ bias: 0 }) }));
      const notices = [];
      handle.on('notice', ({ message }) => notices.push(message));
      await handle;
      say(notices);`);
    expect(message).toMatch(
      /^DatasetError: Cannot train on leaking splits: Fold 0 trains and validates on rows of the same \d+ groups \("g\d"/,
    );
    expect(message).toContain("onLeak: 'warn' goes on");
    expect(ran).toBe(false);
    expect(notices.filter((notice: string) => notice.startsWith('Leak: '))).toHaveLength(1);
  });

  it('of test ids stop the run; exact copies are said with counts', async () => {
    const [message, notices] = await play(`
      const ids = (from, n) => Array.from({ length: n }, (_, i) => 'p' + (from + i));
      const x = (n) => Float64Array.from({ length: n }, (_, i) => i % 7);
      const infer = { inferFunc: async (c) => { const rows = c.rows ? c.rows.validation : [0, 1, 2, 3]; return { ids: rows.map((row) => c.dataset.ids[row]), scores: rows.map(() => [0.5, 0.5]), targets: rows.map(() => 0) }; } };
      const half = (from, n) => ({ length: n, ids: ids(from, n), x: x(n) });
      await run(options({ ...infer, datasetFunc: async () => ({ train: half(0, 12), test: half(10, 4) }) })).then(() => {}, (error) => say(error.message));
      const handle = run(options({ ...infer, dir: 'other', datasetFunc: async () => ({ train: half(0, 12), test: half(20, 4) }) }));
      const notices = [];
      handle.on('notice', ({ message }) => notices.push(message));
      await handle;
      say(notices);`);
    expect(message).toContain('The test set holds 2 ids of the development set ("p10", "p11")');
    expect(
      notices.some((text: string) => /^Possible leak: \d+ validation rows .* have an exact copy/.test(text)),
    ).toBe(true);
    expect(
      notices.some((text: string) => text.startsWith('Possible leak: 4 test rows have an exact copy')),
    ).toBe(true);
  });
});

describe('ensembles by name', () => {
  it('are all made, and votes have no log loss', async () => {
    const [ensembles, summary] = await play(`
      const r = await run(options({ ensembles: ['mean', 'vote', 'median', 'geometricMean'],
        evalFunc: async (c) => ({ accuracy: foldlab.metrics.accuracy(c.predictions.scores, c.predictions.targets), logLoss: foldlab.metrics.logLoss(c.predictions.scores, c.predictions.targets) }) }));
      say(r.ensembles.map((e) => [e.method, Number.isFinite(e.test.metrics.accuracy), Number.isFinite(e.test.metrics.logLoss), e.test.flagged]));
      say(r.summary('accuracy').n);`);
    expect(ensembles).toEqual([
      ['mean', true, true, []],
      ['vote', true, false, ['logLoss']],
      ['median', true, true, []],
      ['geometricMean', true, true, []],
    ]);
    expect(summary).toBe(1);
  });
});

describe('intervals and comparisons', () => {
  it('are in the summary, with one sentence', async () => {
    const [folds, ensembles, test, table] = await play(`
      const r = await run(options({ numRepetitions: 3, seedPolicy: 'shared' }));
      say(r.summary('accuracy', { of: 'folds', phase: 'validation' }));
      say(r.summary('accuracy'));
      say(r.summary('accuracy', { of: 'folds', phase: 'test' }));
      say(r.toTable());`);
    expect(table.replaceAll(/\s+/g, ' ')).toContain(folds.interval.says);
    expect(folds.n).toBe(9);
    expect(folds.interval).toMatchObject({ n: 3, counts: 'folds', level: 0.95, approximate: true });
    expect(folds.interval.low).toBeLessThan(folds.mean);
    expect(folds.interval.says).toMatch(
      /^Trained on about 20 rows like these, the method's expected accuracy is .*3 repetitions averaged within each; with the variance of the shared seeds/,
    );
    expect(ensembles.interval).toMatchObject({ n: 3, counts: 'repetitions' });
    expect(test.interval).toMatchObject({ low: null });
    expect(test.interval.says).toContain('all models are scored on the same test rows');
  });

  it('compare two runs on identical splits, and refuse others', async () => {
    const [comparison, mirrored, message, metric] = await play(`
      const a = await run(options({ name: 'a' }));
      const b = await run(options({ name: 'b', dir: 'b', seed: 5 }));
      say(foldlab.compare(a, b));
      say(b.compare(a, { metric: 'accuracy' }).difference.mean);
      const c = await run(options({ name: 'c', dir: 'c', numFolds: 5 }));
      try { foldlab.compare(a, c); } catch (error) { say(error.name + ': ' + error.message); }
      try { a.compare(b, { metric: 'loss' }); } catch (error) { say(error.message); }`);
    expect(comparison).toMatchObject({
      metric: 'accuracy',
      first: 'a',
      second: 'b',
      test: 'corrected resampled t-test (Nadeau & Bengio 2003)',
    });
    expect(comparison.difference).toMatchObject({ n: 3, counts: 'folds' });
    expect(mirrored).toBeCloseTo(-comparison.difference.mean, 12);
    expect(message).toContain(
      "RangeError: Cannot compare run 'a' with run 'c': both must have trained and validated on the same rows",
    );
    expect(metric).toContain("by 'loss': it must be a metric of both; they share accuracy");
  });

  it('call a validation score optimistic when a unit stopped by it, also after a restart', async () => {
    const body = `
      const stopping = options({ numRepetitions: 3, trainFunc: async (c) => { if (c.cvIndex === 1) c.selectedOnValidation(); return { bias: c.randGen() }; } });
      const r = await run(stopping);
      say([r.folds.map((f) => f.selectedOnValidation), r.folds[0].cached, r.summary('accuracy', { of: 'folds', phase: 'validation' }).interval.says,
        r.summary('accuracy').selectedOnValidation, r.summary('accuracy', { of: 'outOfFold' }).selectedOnValidation, r.compare(r).difference.says]);`;
    for (const cached of [false, true]) {
      const [[selected, wasCached, says, test, pooled, compared]] = await play(body);
      expect(wasCached).toBe(cached);
      expect(selected).toEqual([false, true, false, false, true, false, false, true, false]);
      expect(says).toMatch(/Validation, also used for stopping: optimistic\.$/);
      expect([test, pooled]).toEqual([false, true]);
      expect(compared).toContain('used validation rows for stopping too: optimistic');
    }
  });
});

describe('combine', () => {
  it('learns from complete cycles, and is cross-fitted', async () => {
    const [stacking, greedy, weighted] = await play(`
      const r = await run(options({ numRepetitions: 3 }));
      for (const method of ['stacking', 'greedy', 'weighted']) {
        const { crossFitted, test, ...rest } = await r.combine({ method });
        const accuracy = (p) => p && foldlab.metrics.accuracy(p.scores, p.targets);
        say({ ...rest, rows: [crossFitted?.ids.length ?? 0, test.ids.length], accuracy: [accuracy(crossFitted), accuracy(test)] });
      }`);
    expect(stacking).toMatchObject({ method: 'stacking', weights: null, rows: [30, 10] });
    expect(stacking.says).toContain('the out-of-fold probabilities of 3 repetitions, learnt from 30 rows');
    expect(greedy.rows).toEqual([30, 10]);
    expect(greedy.weights).toHaveLength(3);
    expect(greedy.weights.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 12);
    expect(weighted).toMatchObject({ rows: [0, 10], accuracy: [null, expect.any(Number)] });
    expect(weighted.weights).toHaveLength(9);
    expect(weighted.says).toContain('The scores come from different rows');
    for (const { accuracy } of [stacking, greedy]) expect(Math.min(...accuracy)).toBeGreaterThan(0.5);
  });

  it('refuses single folds, and repetitions that are cut differently', async () => {
    const [single, reshuffled, unknown] = await play(`
      const attempt = async (over, method = 'stacking') => { const r = await run(options(over)); await r.combine({ method }).catch((error) => say(error.name + ': ' + error.message)); };
      await attempt({ numFoldsUsed: 2 });
      await attempt({ numRepetitions: 2, splits: foldlab.repeatedKFold(), dir: 'b' });
      await attempt({ dir: 'c' }, 'best');`);
    expect(single).toContain(
      "RangeError: Cannot fit a combiner to repetition 0 of run 'run': a column is a complete cycle of all folds, never single folds",
    );
    expect(single).toContain('only 20 of 30 rows have one');
    expect(reshuffled).toContain('repetition 1 and repetition 0 are cut differently');
    expect(unknown).toContain(
      "TypeError: Cannot combine run 'c': method must be one of weighted, greedy, stacking",
    );
  });
});

describe('innerSplit', () => {
  it("cuts the training rows once more, groups kept, without touching the unit's own stream", async () => {
    const [parts, randoms, message] = await play(`${GROUPED}
      const train = (split) => async (c) => {
        if (!split) return { bias: c.randGen() };
        const [fit, stop] = c.innerSplit({ fraction: 0.25 });
        const { rows } = c.innerSplit({ fraction: 0.25 });
        const all = new Set(c.sampleIds[0]);
        const groupsOf = (list) => new Set(list.map((row) => c.dataset.groups[row]));
        const shared = [...groupsOf(rows[0])].filter((g) => groupsOf(rows[1]).has(g)).length;
        c.report({ epoch: 0, fit: fit.length, stop: stop.length, outside: [...fit, ...stop].filter((id) => !all.has(id)).length, shared });
        return { bias: c.randGen() };
      };
      const options2 = (split, d) => options({ splits: foldlab.groupKFold(), numFolds: 5, datasetFunc: grouped, dir: d, trainFunc: train(split),
        evalFunc: async (c) => ({ bias: c.model.bias }) });
      const a = await run(options2(true, 'a'));
      const b = await run(options2(false, 'b'));
      say(a.folds.map((f) => Object.fromEntries(f.attempts[0].curves.map((curve) => [curve.metric, curve.values[0]]))));
      say([a.folds.map((f) => f.validation.metrics.bias), b.folds.map((f) => f.validation.metrics.bias)]);
      await run(options({ evalFunc: async (c) => { if (c.test) c.innerSplit(); return { a: 1 }; }, dir: 'c' })).catch((error) => say(error.failures[0].message));`);
    for (const { fit, stop, outside, shared } of parts) {
      expect(fit + stop).toBe(24);
      expect([outside, shared]).toEqual([0, 0]);
      expect(stop).toBe(6);
    }
    expect(randoms[0]).toEqual(randoms[1]);
    expect(message).toContain('Cannot split the training rows: there are none in the test phase');
  });
});
