/** One unit again: exactly what is asked for runs, every attempt is kept, and which one counts follows the rules. */
import { describe, expect, it } from 'vitest';
import { stage } from './stage.js';

const { play } = stage(() => HELPERS);

/** A train function that fails where a file says so, and whose parameter shows in the scores. */
const HELPERS = `
  const train = async (c) => {
    fs.appendFileSync('executed.log', 'train ' + c.repIndex + '/' + c.cvIndex + '\\n');
    if (fs.existsSync('broken-' + c.repIndex + '-' + c.cvIndex)) throw new RangeError('diverged');
    c.report({ epoch: 1, loss: c.params.rate ?? 1 });
    return { bias: c.params.rate ?? 1 };
  };
  const infer = async (c) => {
    const ids = c.test ? Array.from({ length: 10 }, (_, i) => i) : c.sampleIds[1];
    return { ids, scores: ids.map(() => [c.model.bias, 0]), targets: ids.map(() => 0) };
  };
  const evaluate = async (c) => ({ bias: c.predictions.scores[0][0] });
  const small = (over) => options({ trainFunc: train, inferFunc: infer, evalFunc: evaluate, metrics: { bias: (s) => s.reduce((a, r) => a + r[0], 0) / s.length }, ...over });
  const trained = () => tools.executed().filter((l) => l.startsWith('train'));
  const unit = { repIndex: 0, cvIndex: 1 };
  const fold = (r, k = 1) => r.folds.find((f) => f.cvIndex === k && f.repIndex === 0);
  const numbers = (r) => ({ folds: r.folds.filter((f) => f.repIndex === 0).map((f) => [f.validation.metrics.bias, f.test.metrics.bias]), ensemble: r.ensembles.filter((e) => e.repIndex === 0).map((e) => e.test.metrics.bias), outOfFold: r.outOfFold.filter((o) => o.repIndex === 0).map((o) => o.metrics.bias) });
`;

describe('rerun of a unit that succeeded', () => {
  it('trains that unit alone on a warm worker and keeps it beside, its test score withheld', async () => {
    const [lines, before, after, attempts, warm, withheld] = await play(`
      const r = run(small({ numRepetitions: 2 }));
      const first = await r;
      const pids = session.workers.map((w) => w.pid).sort().join();
      trained();
      const again = await r.rerun({ ...unit, trainParams: { rate: 3 } });
      say(trained());
      say(numbers(first));
      say(numbers(again));
      say(fold(again).attempts.map((a) => [a.attempt, a.counts, a.status, a.changed, a.validation.metrics.bias, a.test?.metrics.bias ?? null, a.curves.length]));
      say(pids === session.workers.map((w) => w.pid).sort().join());
      const scores = await again.predictions({ ...unit, phase: 'validation', attempt: 2 });
      say([scores.scores[0][0], await again.predictions({ ...unit, phase: 'test', attempt: 2 }).catch((e) => e.message), r.status, fold(again).attempt, fold(again).counts]);`);
    expect(lines).toEqual(['train 0/1']);
    expect(after).toEqual(before);
    expect(attempts).toEqual([
      [1, true, 'done', '', 1, 1, 1],
      [2, false, 'done', 'trainParams.rate none → 3', 3, null, 1],
    ]);
    expect(warm).toBe(true);
    expect(withheld).toEqual([
      3,
      expect.stringMatching(/withheld while it does not count.*run\.use/),
      'done',
      2,
      1,
    ]);
  });

  it('counts after use, with the out-of-fold metrics and the ensemble made anew and the summary marked', async () => {
    const [chosen, marks, back, journal] = await play(`
      const r = run(small());
      await r;
      await r.rerun({ ...unit, trainParams: { rate: 4 } });
      trained();
      const used = await r.use({ ...unit, attempt: 2 });
      say([numbers(used), fold(used).counts, trained()]);
      say([used.summary('bias').selected, r.snapshot.selected, (await r.result).summary('bias').mean]);
      const natural = await r.use({ ...unit, attempt: 1 });
      say([numbers(natural), fold(natural).counts, natural.summary('bias').selected]);
      say(fs.readFileSync(r.dir + '/journal.jsonl', 'utf8').split('\\n').filter((l) => /"type":"(use|rerun)"/.test(l)).map((l) => JSON.parse(l).e).map((e) => [e.type, e.attempt, e.changed ?? '', e.params ?? null]));`);
    expect(chosen).toEqual([
      {
        folds: [
          [1, 1],
          [4, 4],
          [1, 1],
        ],
        ensemble: [2],
        outOfFold: [2],
      },
      2,
      [],
    ]);
    expect(marks).toEqual([true, true, 2]);
    expect(back).toEqual([{ folds: Array(3).fill([1, 1]), ensemble: [1], outOfFold: [1] }, 1, true]);
    expect(journal).toEqual([
      ['rerun', 2, 'trainParams.rate none → 4', { train: { rate: 4 } }],
      ['use', 2, '', null],
      ['use', 1, '', null],
    ]);
  });

  it('with nothing changed is another attempt that does not count until it is used', async () => {
    const [lines, attempts, used] = await play(`
      const r = run(small());
      await r;
      trained();
      const again = await r.rerun(unit);
      say(trained());
      say(fold(again).attempts.map((a) => [a.attempt, a.counts, a.changed, a.test === null]));
      say(fold(await r.use({ ...unit, attempt: 2 })).counts);`);
    expect(lines).toEqual(['train 0/1']);
    expect(attempts).toEqual([
      [1, true, '', false],
      [2, false, '', true],
    ]);
    expect(used).toBe(2);
  });

  it('trains nothing when only evalFunc is other', async () => {
    const [lines, scores] = await play(`
      const r = run(small());
      await r;
      trained();
      const again = await r.rerun({ ...unit, evalFunc: async (c) => ({ bias: -c.predictions.scores[0][0] }) });
      say(trained());
      say(fold(again).attempts.map((a) => [a.changed, a.validation.metrics.bias]));`);
    expect(lines).toEqual([]);
    expect(scores).toEqual([
      ['', 1],
      ['evalFunc', -1],
    ]);
  });

  it('takes another function, from wherever it is defined, and names it', async () => {
    const [attempts] = await play(`
      const r = run(small());
      await r;
      const offset = 5;
      const again = await r.rerun({ ...unit, trainFunc: async () => ({ bias: offset }), trainParams: { rate: 2 } });
      say(fold(again).attempts.map((a) => [a.changed, a.validation.metrics.bias]));`);
    expect(attempts[1]).toEqual(['trainFunc, trainParams.rate none → 2', 5]);
  });
});

describe('rerun of a unit that failed', () => {
  const failed = `fs.writeFileSync('broken-0-1', '');
      const r = run(small());
      const error = await r.catch((e) => e);
      fs.rmSync('broken-0-1');
      trained();`;

  it('replaces it when nothing is changed: it counts at once, and the repetition is combined', async () => {
    const [before, lines, after, attempts] = await play(`${failed}
      say([error.name, error.result.ensembles.length, r.status]);
      const again = await r.rerun(unit);
      say(trained());
      say([numbers(again), r.status, again.summary('bias').selected, (await r).folds.length]);
      say(fold(again).attempts.map((a) => [a.attempt, a.status, a.counts, a.error]));`);
    expect(before).toEqual(['RunError', 0, 'failed']);
    expect(lines).toEqual(['train 0/1']);
    expect(after).toEqual([
      { folds: Array(3).fill([1, 1]), ensemble: [1], outOfFold: [1] },
      'done',
      false,
      3,
    ]);
    expect(attempts).toEqual([
      [1, 'failed', false, 'diverged'],
      [2, 'done', true, ''],
    ]);
  });

  it('with other parameters stays out of the summary until it is used, also when nothing had succeeded', async () => {
    const [beside, used] = await play(`${failed}
      const again = await r.rerun({ ...unit, trainParams: { rate: 4 } });
      say([again.folds.map((f) => f.cvIndex), again.ensembles.length, r.status, r.attempts(unit).map((a) => [a.status, a.counts, a.test])]);
      const result = await r.use({ ...unit, attempt: 2 });
      say([numbers(result), r.status]);`);
    expect(beside).toEqual([
      [0, 2],
      0,
      'failed',
      [
        ['failed', true, null],
        ['done', false, null],
      ],
    ]);
    expect(used).toEqual([
      {
        folds: [
          [1, 1],
          [4, 4],
          [1, 1],
        ],
        ensemble: [2],
        outOfFold: [2],
      },
      'done',
    ]);
  });

  it('rejects with a RunError of its own when it fails again, and the run stays as it was', async () => {
    const [again] = await play(`fs.writeFileSync('broken-0-1', '');
      const r = run(small());
      await r.catch(() => {});
      say(await r.rerun(unit).catch((e) => [e.name, e.failures.map((f) => [f.cvIndex, f.attempt]), r.status, r.attempts(unit).length]));`);
    expect(again).toEqual(['RunError', [[1, 2]], 'failed', 2]);
  });

  it('two of a repetition at once complete it together', async () => {
    const [numbers] = await play(`fs.writeFileSync('broken-0-1', ''); fs.writeFileSync('broken-0-2', '');
      const r = run(small());
      await r.catch(() => {});
      fs.rmSync('broken-0-1'); fs.rmSync('broken-0-2');
      await Promise.all([r.rerun(unit), r.rerun({ repIndex: 0, cvIndex: 2 })]);
      say([numbers(await r), r.status]);`);
    expect(numbers).toEqual([{ folds: Array(3).fill([1, 1]), ensemble: [1], outOfFold: [1] }, 'done']);
  });
});

describe('rerun while the run goes on', () => {
  it('goes before the units that are queued', async () => {
    const [order, attempts] = await play(`
      const slow = async (c) => {
        fs.appendFileSync('order', c.cvIndex + (c.params.rate ? '!' : '') + ' ');
        await new Promise((r) => setTimeout(r, 150));
        return { bias: 1 };
      };
      const r = run(small({ numFolds: 5, numCpuSlots: 1, trainFunc: slow }));
      while (r.snapshot.units[0].status !== 'done') await new Promise((r) => setTimeout(r, 5));
      const again = r.rerun({ repIndex: 0, cvIndex: 0, trainParams: { rate: 2 } });
      await again;
      const early = r.status;
      await r;
      say([fs.readFileSync('order', 'utf8').trim().split(' '), early]);
      say(r.attempts({ repIndex: 0, cvIndex: 0 }).length);`);
    expect(order).toEqual([['0', '1', '0!', '2', '3', '4'], 'running']);
    expect(attempts).toBe(2);
  });

  it('is refused for a unit that is queued or runs', async () => {
    const [errors] = await play(`
      const r = run(small({ numCpuSlots: 1, trainFunc: async () => { await new Promise((r) => setTimeout(r, 300)); return { bias: 1 }; } }));
      while (r.snapshot.units[0].status !== 'running') await new Promise((r) => setTimeout(r, 5));
      const refused = (k) => { try { r.rerun({ repIndex: 0, cvIndex: k }); } catch (e) { return e.message; } };
      say([refused(0), refused(2)]);
      await r;`);
    expect(errors).toEqual([
      expect.stringMatching(/fold 0, repetition 0: it is running now; wait for it, or run\.cancel/),
      expect.stringMatching(/fold 2, repetition 0: it is queued now/),
    ]);
  });
});

describe('a wrong rerun', () => {
  it('is refused at once, with what would be right', async () => {
    const [errors] = await play(`
      const r = run(small());
      await r;
      const refused = (call) => { try { call(); } catch (e) { return e.name + ': ' + e.message; } };
      say([
        refused(() => r.rerun({ repIndex: 0, cvIndex: 3 })),
        refused(() => r.rerun({ cvIndex: 0 })),
        refused(() => r.rerun({ ...unit, trainParam: {} })),
        refused(() => r.rerun({ ...unit, numFolds: 4 })),
        refused(() => r.rerun({ ...unit, trainFunc: 3 })),
        refused(() => r.rerun({ ...unit, unitTimeoutMs: 0 })),
        await r.rerun({ ...unit, trainParams: { f() {} } }).catch((e) => e.message),
        await r.use({ ...unit, attempt: 7 }).catch((e) => e.message),
      ]);
      say(r.snapshot.units.map((u) => u.status));`);
    expect(errors).toEqual([
      expect.stringMatching(/RangeError.*'cvIndex' must be a whole number from 0 to 2; current value is 3/),
      expect.stringMatching(
        /RangeError.*'repIndex' must be a whole number from 0 to 0; current value is undefined/,
      ),
      expect.stringMatching(/TypeError.*'trainParam' is not among.*did you mean 'trainParams'/),
      expect.stringMatching(/TypeError.*'numFolds' is not among.*rerunAll/),
      expect.stringMatching(/TypeError.*'trainFunc' must be a function or a module path/),
      expect.stringMatching(/RangeError.*'unitTimeoutMs'/),
      expect.stringMatching(/'trainParams' must be plain data/),
      expect.stringMatching(/attempt 7 of fold 1.*there is none; there are 1 \(done\)/),
    ]);
  });
});

describe('a later process', () => {
  it('knows every attempt and which one was chosen, and runs nothing again', async () => {
    await play(
      `const r = run(small()); await r; await r.rerun({ ...unit, trainParams: { rate: 4 } }); await r.use({ ...unit, attempt: 2 }); say(1);`,
    );
    const [lines, again, attempts] = await play(`
      trained();
      const r = run(small());
      const result = await r;
      say(trained());
      say([numbers(result), result.summary('bias').selected, result.folds.every((f) => f.cached)]);
      say(fold(result).attempts.map((a) => [a.attempt, a.counts, a.changed, a.curves.length]));`);
    expect(lines).toEqual([]);
    expect(again).toEqual([
      {
        folds: [
          [1, 1],
          [4, 4],
          [1, 1],
        ],
        ensemble: [2],
        outOfFold: [2],
      },
      true,
      true,
    ]);
    expect(attempts).toEqual([
      [1, false, '', 1],
      [2, true, 'trainParams.rate none → 4', 1],
    ]);
  });

  it('forgets the choice when the options have changed', async () => {
    await play(
      `const r = run(small()); await r; await r.rerun({ ...unit, trainParams: { rate: 4 } }); await r.use({ ...unit, attempt: 2 }); say(1);`,
    );
    const [again] = await play(`
      const result = await run(small({ trainParams: { rate: 2 } }));
      say([numbers(result), result.summary('bias').selected, fold(result).attempts.map((a) => a.attempt)]);`);
    expect(again).toEqual([{ folds: Array(3).fill([2, 2]), ensemble: [2], outOfFold: [2] }, false, [3]]);
  });
});

describe('rerunAll', () => {
  it('is a new run of all units in a directory beside', async () => {
    const [lines, second] = await play(`
      const r = run(small());
      await r;
      trained();
      const other = r.rerunAll({ trainParams: { rate: 2 } });
      const result = await other;
      say(trained().length);
      say([path.basename(other.dir), path.basename(r.rerunAll({ trainParams: { rate: 2 } }).dir), numbers(result), (await r).folds.length]);`);
    expect(lines).toBe(3);
    expect(second).toEqual([
      'run-2',
      'run-3',
      { folds: Array(3).fill([2, 2]), ensemble: [2], outOfFold: [2] },
      3,
    ]);
  });
});

describe('cancel of one unit', () => {
  it('ends it, running or queued, and leaves the others; a rerun completes the run', async () => {
    const [outcome, completed] = await play(`
      const slow = async (c) => {
        if (!fs.existsSync('quick')) for (let i = 0; i < 20 && !c.signal.aborted; i++) await new Promise((r) => setTimeout(r, 20));
        if (c.signal.aborted) throw c.signal.reason;
        return { bias: 1 };
      };
      const r = run(small({ numCpuSlots: 1, trainFunc: slow }));
      while (r.snapshot.units[0].status !== 'running') await new Promise((r) => setTimeout(r, 5));
      await Promise.all([r.cancel({ repIndex: 0, cvIndex: 0 }), r.cancel({ repIndex: 0, cvIndex: 2 })]);
      const error = await r.catch((e) => e);
      say([error.name, error.failures.map((f) => [f.cvIndex, f.name]).sort(), r.snapshot.units.map((u) => u.status), error.result.folds.map((f) => f.cvIndex), r.status]);
      fs.writeFileSync('quick', '');
      await r.rerun({ repIndex: 0, cvIndex: 0 });
      const result = await r.rerun({ repIndex: 0, cvIndex: 2 });
      say([numbers(result), r.status]);`);
    expect(outcome).toEqual([
      'RunError',
      [
        [0, 'CancelledError'],
        [2, 'CancelledError'],
      ],
      ['cancelled', 'done', 'cancelled'],
      [1],
      'cancelled',
    ]);
    expect(completed).toEqual([{ folds: Array(3).fill([1, 1]), ensemble: [1], outOfFold: [1] }, 'done']);
  });
});
