/** Ensembles in real runs: by name, over repetitions, of labels and values. */
import { describe, expect, it } from 'vitest';
import { stage } from './stage.js';

const { play } = stage();

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
    const [interval, same, own] = await play(`
      const half = (n) => ({ length: n, ids: Array.from({ length: n }, (_, i) => 'row ' + (n * 100 + i)), labels: Array.from({ length: n }, (_, i) => i % 2),
        groups: n === 12 ? Array.from({ length: n }, (_, i) => 'g' + (i % 4)) : undefined });
      const r = await run(options({ numRepetitions: 2, ensembles: ['vote', 'mean'], datasetFunc: async () => ({ train: half(30), test: half(12) }),
        inferFunc: async (c) => {
          const rows = c.test ? [...c.dataset.labels.keys()] : c.rows.validation;
          return { ids: rows.map((row) => c.dataset.ids[row]), scores: rows.map((row) => (row % 3 === 0 ? [0.8, 0.2] : [0.3, 0.7])), targets: rows.map((row) => c.dataset.labels[row]) };
        },
        evalFunc: async (c) => ({ accuracy: foldlab.metrics.accuracy(c.predictions.scores, c.predictions.targets) }) }));
      say(await r.testInterval(${asked}));
      say((await r.testInterval('accuracy', { resamples: 200 })).mean === r.summary('accuracy').mean);
      say(r.ensembles.map((e) => e.intervals));`);
    expect(interval).toMatchObject({ n: 4, counts: 'groups of test rows' });
    expect(interval.low).toBeLessThan(interval.mean);
    expect(same).toBe(true);
    // rows in groups are not independent: no formula is of them
    expect(own).toEqual([{}, {}, {}, {}]);
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
      say([r.ensembles.map((e) => [e.repIndex, e.method]), r.summary('accuracy').n, r.summary('accuracy', { method: 'mean', over: 'fold' }).counts, r.summary('accuracy', { method: 'greedy' }).interval.method, r.ensembles.map((e) => Object.entries(e.intervals).map(([name, { method }]) => [name, method]))]);
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
      Array(2).fill([
        ['accuracy', 'Wilson score (1927)'],
        ['auroc', expect.stringMatching(/^DeLong|none/)],
      ]),
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
