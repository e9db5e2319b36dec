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

  it('weigh members by their validation scores, and are reused', async () => {
    const [ids, scores, expected, cached] = await play(`
      const asked = options({ ensembles: ['weighted'], inferFunc: async (c) => {
        const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
        // fold k is wrong in its first k rows
        const p = (row, i) => (c.test ? 0.1 * (c.cvIndex + 1) + 0.05 * row : Number((c.dataset.labels[row] === 1) !== i < c.cvIndex));
        return { ids: c.test ? rows : c.sampleIds[1], scores: rows.map((row, i) => [1 - p(row, i), p(row, i)]), targets: rows.map((row) => c.dataset.labels[row]) };
      } });
      const r = await run(asked);
      const combined = await r.predictions({ repIndex: 0, cvIndex: 'ensemble', phase: 'test' });
      const merits = r.folds.map((f) => f.validation.metrics.accuracy);
      const total = merits.reduce((a, b) => a + b);
      say(combined.ids);
      say(combined.scores.map(([, p]) => Number(p.toFixed(10))));
      say(combined.ids.map((row) => Number(merits.reduce((sum, m, k) => sum + (m / total) * (0.1 * (k + 1) + 0.05 * row), 0).toFixed(10))));
      say((await run(asked)).ensembles.map((e) => [e.method, e.cached]));`);
    expect(ids).toHaveLength(10);
    expect(scores).toEqual(expected);
    expect(cached).toEqual([['weighted', true]]);
  });

  it('have an interval for new rows, with the test set’s groups, also of a run that was opened again', async () => {
    const asked = `'accuracy', { method: 'mean', resamples: 200 }`;
    const [interval, same] = await play(`
      const half = (n) => ({ length: n, ids: Array.from({ length: n }, (_, i) => 'row ' + (n * 100 + i)), labels: Array.from({ length: n }, (_, i) => i % 2),
        groups: n === 12 ? Array.from({ length: n }, (_, i) => 'g' + (i % 4)) : undefined });
      const r = await run(options({ numRepetitions: 2, ensembles: ['vote', 'mean'], datasetFunc: async () => ({ train: half(30), test: half(12) }),
        inferFunc: async (c) => {
          const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
          return { ids: rows.map((row) => c.dataset.ids[row]), scores: rows.map((row) => (row % 3 === 0 ? [0.8, 0.2] : [0.3, 0.7])), targets: rows.map((row) => c.dataset.labels[row]) };
        },
        evalFunc: async (c) => ({ accuracy: foldlab.metrics.accuracy(c.predictions.scores, c.predictions.targets) }) }));
      say(await r.testInterval(${asked}));
      say((await r.testInterval('accuracy', { resamples: 200 })).mean === r.summary('accuracy').mean);`);
    expect(interval).toMatchObject({ n: 4, counts: 'groups of test rows' });
    expect(interval.low).toBeLessThan(interval.mean);
    expect(same).toBe(true);
    const [again] = await play(`say(await (await foldlab.openRun('run')).testInterval(${asked}));`);
    expect(again).toEqual(interval);
  });
});
