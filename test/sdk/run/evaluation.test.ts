/** Splits, leaks and what has seen a row, in real runs. */
import { describe, expect, it } from 'vitest';
import { stage } from './stage.js';

const { play } = stage();

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

describe('what has seen a row', () => {
  it('keeps it from being scored: ensembles on validation rows, columns of members that stopped by them', async () => {
    const [validation, stopped] = await play(`
      const r = await run(options({ numRepetitions: 2, trainFunc: async (c) => { c.selectedOnValidation(); return { bias: 0 }; } }));
      say(await r.predictions({ cvIndex: 'ensemble', phase: 'validation' }).catch((e) => e.message));
      const { crossFitted, test, says } = await r.combine({ method: 'stacking' });
      say([crossFitted, test.ids.length, says]);`);
    expect(validation).toContain('its members have trained on these rows');
    expect(stopped).toEqual([
      null,
      10,
      expect.stringContaining(
        'nothing is cross-fitted, since 6 of 6 models stopped or chose their epoch by the very rows that would be scored (stop by c.innerSplit() instead)',
      ),
    ]);
  });
});

describe('the training rows', () => {
  it('are cut once more by innerFolds, whose groups stay together', async () => {
    const [folds, message, test] = await play(`${GROUPED}
      const over = { datasetFunc: grouped, splits: foldlab.groupKFold() };
      const r = await run(options({ ...over, trainFunc: async (c) => {
        const inside = c.innerFolds();
        const named = (rows) => new Set(rows.map((row) => c.dataset.groups[row]));
        return { count: inside.length, inside: inside.every((f) => [...f.train, ...f.validation].sort((a, b) => a - b).join() === [...c.rows.train].sort((a, b) => a - b).join()),
          kept: inside.every((f) => [...named(f.train)].every((g) => !named(f.validation).has(g))), own: c.innerFolds(foldlab.leaveOneGroupOut()).length };
      }, evalFunc: async (c) => ({ count: c.model.count, own: c.model.own, inside: Number(c.model.inside), kept: Number(c.model.kept) }) }));
      say(r.folds.map((f) => f.validation.metrics));
      await run(options({ ...over, dir: 'other', trainFunc: async (c) => c.innerFolds(foldlab.kFold({ numFolds: 2 })) })).catch((e) => say(e.failures[0].message));
      await run(options({ dir: 'test', inferFunc: async (c) => { if (c.test) c.innerFolds(); return { ids: c.sampleIds[1], scores: c.sampleIds[1], targets: c.sampleIds[1] }; }, evalFunc: async () => ({ one: 1 }) })).catch((e) => say(e.failures[0].message));`);
    expect(
      folds.map((metrics: { count: number; inside: number; kept: number }) => [
        metrics.count,
        metrics.inside,
        metrics.kept,
      ]),
    ).toEqual(Array(3).fill([5, 1, 1]));
    expect(folds.every(({ own }: { own: number }) => own >= 6)).toBe(true);
    expect(message).toMatch(
      /^Cannot cut the training rows into folds: inside, Fold 0 trains and validates on rows of the same .*groupKFold\(\)/,
    );
    expect(test).toContain('there are none in the test phase; call innerFolds in trainFunc');
  });

  it('are known by name when the ensemble predicts them, which is said', async () => {
    const [notices, ids] = await play(`
      const named = (from, n) => ({ length: n, ids: Array.from({ length: n }, (_, i) => 'p' + (from + i)), labels: new Uint8Array(n) });
      const handle = run(options({ datasetFunc: async () => ({ train: { length: 12, ids: Array.from({ length: 12 }, (_, i) => 'p' + i), labels: new Uint8Array(12) } }),
        inferFunc: async (c) => { const ids = c.test ? [...c.dataset.ids] : c.sampleIds[1]; return { ids, scores: ids.map(() => 0.5), targets: ids.map(() => 0) }; }, evalFunc: async () => ({ one: 1 }) }));
      await handle;
      await handle.predict(named(20, 3));
      const before = handle.snapshot.notices.length;
      const found = await handle.predict(named(10, 4));
      say(handle.snapshot.notices.slice(before));
      say(found.ids);`);
    expect(notices).toEqual([
      expect.stringMatching(
        /^Predicting 2 rows that models of this run were trained on \("p10", "p11"\): do not score them/,
      ),
    ]);
    expect(ids).toEqual(['p10', 'p11', 'p12', 'p13']);
  });
});
