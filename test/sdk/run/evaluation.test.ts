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
    const [ids, scores, expected, cached, told] = await play(`
      const asked = options({ ensembles: ['weighted'], inferFunc: async (c) => {
        const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
        // fold k is wrong in its first k rows
        const p = (row, i) => (c.test ? 0.1 * (c.cvIndex + 1) + 0.05 * row : Number((c.dataset.labels[row] === 1) !== i < c.cvIndex));
        return { ids: c.test ? rows : c.sampleIds[1], scores: rows.map((row, i) => [1 - p(row, i), p(row, i)]), targets: rows.map((row) => c.dataset.labels[row]) };
      } });
      const handle = run(asked);
      const r = await handle;
      const combined = await r.predictions({ repIndex: 0, cvIndex: 'ensemble', phase: 'test' });
      const merits = r.folds.map((f) => f.validation.metrics.accuracy);
      const total = merits.reduce((a, b) => a + b);
      say(combined.ids);
      say(combined.scores.map(([, p]) => Number(p.toFixed(10))));
      say(combined.ids.map((row) => Number(merits.reduce((sum, m, k) => sum + (m / total) * (0.1 * (k + 1) + 0.05 * row), 0).toFixed(10))));
      say((await run(asked)).ensembles.map((e) => [e.method, e.cached]));
      say([r.ensembles[0].weights.map((w, k) => w === merits[k] / total), r.ensembles[0].says, handle.snapshot.notices]);`);
    expect(ids).toHaveLength(10);
    expect(scores).toEqual(expected);
    expect(cached).toEqual([['weighted', true]]);
    const note = expect.stringContaining(
      'The scores come from different rows, so that part of the weights is the luck of the fold.',
    );
    expect(told).toEqual([[true, true, true], note, expect.arrayContaining([note])]);
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

describe('ensembles over repetitions', () => {
  /** Probabilities that are better in higher repetitions; one row is wrong in each fold of repetition 0. */
  const LEARNABLE = `const infer = async (c) => {
      const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
      const p = (row) => 0.5 + (c.dataset.labels[row] === 1 ? 1 : -1) * (0.05 + 0.1 * c.repIndex + 0.02 * c.cvIndex + 0.003 * (row % 7)) * (c.repIndex === 0 && row % 3 === 0 ? -1 : 1);
      return { ids: c.test ? rows : c.sampleIds[1], scores: rows.map((row) => [1 - p(row), p(row)]), targets: rows.map((row) => c.dataset.labels[row]), kind: 'probability' };
    };
    const evaluate = async (c) => ({ accuracy: foldlab.metrics.accuracy(c.predictions.scores, c.predictions.targets), auroc: foldlab.metrics.auroc(c.predictions.scores, c.predictions.targets), kind: c.predictions.kind === 'probability' ? 1 : 0 });`;

  it('are made by name: stacking and greedy selection of cycles, means of folds and of all models', async () => {
    const [wide, same, fold, means, cached, files] = await play(`${LEARNABLE}
      const asked = options({ numRepetitions: 2, inferFunc: infer, evalFunc: evaluate,
        ensembles: ['mean', 'stacking', 'greedy', { method: 'mean', over: 'fold' }, { method: 'mean', over: 'all' }, { method: 'weighted', over: 'all' }] });
      const r = await run(asked);
      say(r.wideEnsembles.map((e) => [e.method, e.over, e.cvIndex, e.members.length, e.weights && e.weights.length, e.test.metrics.kind, e.says]));
      const stacked = await r.predictions({ cvIndex: 'ensemble', phase: 'test', method: 'stacking' });
      const later = await r.combine({ method: 'stacking' });
      say(JSON.stringify(stacked.scores) === JSON.stringify(later.test.scores) && stacked.kind === 'probability');
      const one = await r.predictions({ cvIndex: 'ensemble', phase: 'test', method: 'mean', over: 'fold', fold: 2 });
      const parts = await Promise.all([0, 1].map((repIndex) => r.predictions({ repIndex, cvIndex: 2, phase: 'test' })));
      say(one.scores.every((row, i) => Math.abs(row[1] - (parts[0].scores[i][1] + parts[1].scores[i][1]) / 2) < 1e-12));
      say([r.ensembles.map((e) => [e.repIndex, e.method]), r.summary('accuracy').n, r.summary('accuracy', { method: 'mean', over: 'fold' }).counts, r.summary('accuracy', { method: 'greedy' }).interval.method]);
      const again = await run(asked);
      say(again.wideEnsembles.map((e) => e.cached));
      const walk = (d) => fs.readdirSync(d, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(d + '/' + e.name) : [d + '/' + e.name]));
      say(walk('run/inference_dir/test').filter((f) => !f.includes('rep_')).map((f) => f.slice('run/inference_dir/test/'.length)).sort());`);
    const note = expect.stringContaining('The scores come from different rows');
    expect(wide).toEqual([
      [
        'stacking',
        'all',
        null,
        6,
        null,
        1,
        expect.stringMatching(
          /^Stacking: a logistic regression on .* of 2 repetitions, learnt from 30 rows, scored on the test set\.$/,
        ),
      ],
      [
        'greedy',
        'all',
        null,
        6,
        2,
        1,
        expect.stringMatching(/^Greedy selection: selection with replacement .* of 2 repetitions/),
      ],
      ...[0, 1, 2].map((k) => ['mean', 'fold', k, 2, null, 1, '']),
      ['mean', 'all', null, 6, null, 1, ''],
      ['weighted', 'all', null, 6, 6, 1, note],
    ]);
    expect([same, fold]).toEqual([true, true]);
    expect(means).toEqual([
      [
        [0, 'mean'],
        [1, 'mean'],
      ],
      2,
      'folds',
      'Wilson score (1927)',
    ]);
    expect(cached).toEqual(Array(7).fill(true));
    expect(files).toEqual([
      'all/ensemble.greedy.parquet',
      'all/ensemble.mean.parquet',
      'all/ensemble.stacking.parquet',
      'all/ensemble.weighted.parquet',
      ...[0, 1, 2].map((k) => `fold_${k}/ensemble.mean.parquet`),
    ]);
  });

  it('follow a failed member’s re-run, in whichever repetition, and are there again from disk', async () => {
    const [broken, mended, opened] = await play(`${LEARNABLE}
      const r = run(options({ numRepetitions: 2, inferFunc: infer, evalFunc: evaluate, ensembles: [{ method: 'mean', over: 'all' }, { method: 'mean', over: 'fold' }, 'stacking'],
        trainFunc: async (c) => { if (c.repIndex === 1 && c.cvIndex === 1 && !fs.existsSync('mended')) throw new Error('no'); return { bias: 0 }; } }));
      const error = await r.catch((e) => e);
      say(error.result.wideEnsembles.map((e) => [e.method, e.over, e.cvIndex]));
      fs.writeFileSync('mended', '');
      const whole = await r.rerun({ repIndex: 1, cvIndex: 1 });
      say([whole.wideEnsembles.map((e) => [e.method, e.over, e.cvIndex, e.members.length]), whole.summary('accuracy').counts]);
      await session.close();
      const back = await foldlab.openRun('run');
      say(back.wideEnsembles.map((e) => e.method).join());`);
    expect(broken).toEqual([
      ['mean', 'fold', 0],
      ['mean', 'fold', 2],
    ]);
    const all = [
      ['mean', 'all', null, 6],
      ...[0, 1, 2].map((k) => ['mean', 'fold', k, 2]),
      ['stacking', 'all', null, 6],
    ];
    expect(mended).toEqual([all, 'ensembles of all models']);
    expect(opened).toBe('mean,mean,mean,mean,stacking');
  });

  it('learn from complete repetitions alone where survivors are asked for', async () => {
    const [found] = await play(`${LEARNABLE}
      const error = await run(options({ numRepetitions: 2, inferFunc: infer, evalFunc: evaluate, ensembleSurvivors: true, ensembles: ['stacking', { method: 'mean', over: 'all' }],
        trainFunc: async (c) => { if (c.repIndex === 1 && c.cvIndex === 1) throw new Error('no'); return { bias: 0 }; } })).catch((e) => e);
      say(error.result.wideEnsembles.map((e) => [e.method, e.members.length, e.survivorsOnly]));`);
    expect(found).toEqual([
      ['stacking', 3, true],
      ['mean', 5, true],
    ]);
  });

  it('that learn are refused before anything is trained where rows validate no fold', async () => {
    const [message, ran] = await play(`
      const splits = foldlab.predefined([[[0, 1, 2], [3, 4]], [[3, 4, 2], [0, 1]]]);
      await run(options({ numFolds: 2, splits, ensembles: ['stacking'] })).then(() => {}, (e) => say(e.name + ': ' + e.message));
      say(fs.readFileSync('executed.log', 'utf8'));`);
    expect(message).toMatch(
      /^RangeError: Cannot make an ensemble by stacking or greedy selection: .*in repetition 0 26 of 30 rows do not validate exactly one fold \(row 2 validates 0\)/,
    );
    expect(ran).toBe('dataset\n');
  });
});

describe('labels by themselves and values', () => {
  it('are stored, pooled, combined by every way and scored with their targets', async () => {
    const [labels, values, seen] = await play(`
      const infer = (kind) => async (c) => {
        const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
        const truth = (row) => (c.params.values ? [row, 100 - row] : [row % 2, row % 3 === 0 ? 1 : 0]);
        const score = (t, row) => (c.params.values ? t + 0.1 * (row % 5) + c.repIndex : 0.2 + 0.5 * t + 0.02 * (row % 5) + 0.02 * c.repIndex);
        return { ids: c.test ? rows : c.sampleIds[1], scores: rows.map((row) => truth(row).map((t) => score(t, row))), targets: rows.map(truth), kind };
      };
      const evaluate = async (c) => { const p = c.predictions; return { auroc: c.params.values ? 0 : foldlab.metrics.overColumns(foldlab.metrics.auroc, p.scores, p.targets) }; };
      const all = ['mean', 'median', 'weighted', 'stacking', 'greedy'];
      const show = (r) => [r.ensembles.filter((e) => e.repIndex === 0).map((e) => e.method), r.wideEnsembles.map((e) => e.method), r.outOfFold[0].metrics];
      const l = await run(options({ numRepetitions: 2, inferFunc: infer('probability'), evalFunc: evaluate, ensembles: [...all, 'vote', 'geometricMean'] }));
      say(show(l));
      const asked = { values: true };
      const v = await run(options({ dir: 'values', numRepetitions: 2, inferFunc: infer('value'), inferParams: asked, evalParams: asked, evalFunc: evaluate, ensembles: all }));
      say(show(v));
      const p = await l.predictions({ repIndex: 1, cvIndex: 0, phase: 'test' });
      say([p.kind, p.targets[1], (await l.combine({ method: 'stacking' })).crossFitted.kind]);`);
    expect(labels).toEqual([
      ['mean', 'median', 'weighted', 'vote', 'geometricMean'],
      ['stacking', 'greedy'],
      { accuracy: 1, logLoss: expect.any(Number), auroc: 1 },
    ]);
    expect(values).toEqual([
      ['mean', 'median', 'weighted'],
      ['stacking', 'greedy'],
      { mae: expect.closeTo(0.2, 10), rmse: expect.any(Number), r2: expect.any(Number) },
    ]);
    expect(seen).toEqual(['probability', [1, 0], 'probability']);
  });

  it('of values a vote is refused with the reason', async () => {
    const [message] = await play(`
      const infer = async (c) => { const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation; return { ids: c.test ? rows : c.sampleIds[1], scores: rows, targets: rows, kind: 'value' }; };
      const error = await run(options({ inferFunc: infer, evalFunc: async () => ({ one: 1 }), ensembles: ['vote'] })).catch((e) => e);
      say(error.failures[0].message);`);
    expect(message).toContain(
      "by vote: there must be classes to vote for; scores are values, use 'mean' or 'median'",
    );
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
    const [pairs, expected, few, parts] = await play(`${TUNED}
      const runs = [await tuned(0), await tuned(1), await tuned(2)];
      const found = foldlab.compareAll(runs);
      say(found.map((c) => [c.first, c.second, c.p > 0 && c.p <= c.pHolm, c.pHolm]));
      say(foldlab.stats.holm(found.map((c) => c.p)));
      try { foldlab.compareAll(runs.slice(1, 2)); } catch (e) { say(e.message); }
      const v = runs[1].variance('accuracy');
      say([v.model, v.folds, v.repetitions, v.says.startsWith('Standard deviations of the accuracy: fold'), v.shares]);`);
    expect(pairs.map((pair: unknown[]) => pair.slice(0, 3))).toEqual([
      ['run0', 'run1', true],
      ['run0', 'run2', true],
      ['run1', 'run2', true],
    ]);
    expect(pairs.map((pair: unknown[]) => pair[3])).toEqual(expected);
    expect(few).toContain('there must be at least 2; there is 1');
    expect(parts).toEqual(['nested', 5, 2, true, null]);
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
