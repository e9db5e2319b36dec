/** A run back from its directory: readable, and runnable without its functions. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { said, script } from '../../faults/script.js';
import { stage } from './stage.js';

const CLI = join(import.meta.dirname, '..', '..', '..', 'sdk', 'bin', 'foldlab.js');
const place = stage(() => 'const { openRun } = tools;');
const { play } = place;

/** A train function with a captured variable, so that only what is stored can make it again. */
const MADE = `const offset = 2;
  const o = options({ trainFunc: async (c) => { fs.appendFileSync('executed.log', 'train ' + c.cvIndex + '\\n'); console.log('learning', c.cvIndex); c.report({ epoch: 1, loss: 1 }); return { bias: offset + (c.params.more ?? 0) }; },
    evalFunc: async (c) => ({ bias: c.model ? c.model.bias : 0 }), ensembles: ['mean', function steep(members) { return members[0]; }], metrics: { rows: (s) => s.length } });`;
const plain = `(r) => ({ folds: r.folds.map((f) => [f.validation.metrics, f.test.metrics, f.seconds]), ensembles: r.ensembles.map((e) => [e.method, e.test.metrics]), outOfFold: r.outOfFold, seconds: r.seconds, id: r.id })`;

describe('openRun', () => {
  it('reads everything that the run told its own process', async () => {
    const [first, firstView, firstScores] = await play(`${MADE}
      const r = run(o);
      const result = await r;
      say((${plain})(result));
      say({ ...r.snapshot, sequence: 0, activity: '', leases: [], spans: [] });
      say((await result.predictions({ repIndex: 0, cvIndex: 'ensemble', phase: 'test' })).scores);`);
    const [lines, again, view, scores, more] = await play(`
      tools.executed();
      const r = openRun('run');
      const result = await r;
      say(tools.executed());
      say((${plain})(result));
      say({ ...r.snapshot, sequence: 0, activity: '', leases: [], spans: [] });
      say((await result.predictions({ repIndex: 0, cvIndex: 'ensemble', phase: 'test' })).scores);
      say([r.status, r.log({ repIndex: 0, cvIndex: 1 }).includes('learning 1'), await r.model({ repIndex: 0, cvIndex: 1 }), openRun(r.id) === r]);`);
    expect(lines).toEqual([]);
    expect(again).toEqual(first);
    expect({ ...view, units: view.units.map((u: any) => ({ ...u, cached: false })) }).toEqual({
      ...firstView,
      startedAt: expect.any(String),
    });
    expect(scores).toEqual(firstScores);
    expect(more).toEqual(['done', true, { bias: 2 }, true]);
  });

  it('runs a unit again with the functions that are kept, or with others', async () => {
    await play(`${MADE} await run(o); say(1);`);
    const [lines, attempts, used] = await play(`
      tools.executed();
      const r = openRun('run');
      await r.rerun({ repIndex: 0, cvIndex: 1, trainParams: { more: 3 } });
      await r.rerun({ repIndex: 0, cvIndex: 1, evalFunc: async () => ({ bias: 9 }) });
      say(tools.executed().filter((l) => l.startsWith('train')));
      say(r.attempts({ repIndex: 0, cvIndex: 1 }).map((a) => [a.attempt, a.changed, a.validation.metrics.bias]));
      const result = await r.use({ repIndex: 0, cvIndex: 1, attempt: 2 });
      say([result.folds.map((f) => f.test.metrics.bias), result.ensembles.length, result.outOfFold[0].metrics]);`);
    expect(lines).toEqual(['train 1']);
    expect(attempts).toEqual([
      [1, '', 2],
      [2, 'trainParams.more none → 3', 5],
      [3, 'evalFunc', 9],
    ]);
    expect(used).toEqual([[2, 5, 2], 2, { rows: 30 }]);
  });

  it('says which function must be given again when it is not there', async () => {
    await play(`${MADE} await run(o); say(1);`);
    for (const name of readdirSync(join(place.dir, 'run', 'functions')))
      rmSync(join(place.dir, 'run', 'functions', name));
    const [error, given] = await play(`
      const r = openRun('run');
      say(await r.rerun({ repIndex: 0, cvIndex: 1 }).catch((e) => e.name + ': ' + e.message));
      const { trainFunc, inferFunc, evalFunc } = options();
      await r.rerun({ repIndex: 0, cvIndex: 1, trainFunc, inferFunc, evalFunc });
      say(r.attempts({ repIndex: 0, cvIndex: 1 }).map((a) => [a.status, a.changed]));`);
    expect(error).toMatch(/TypeError: .*'trainFunc'.*does not have the function.*give it again/);
    expect(given).toEqual([
      ['done', ''],
      ['done', 'trainFunc, evalFunc'],
    ]);
  });

  it('tells why a run failed, and completes it', async () => {
    await play(
      `await run(options({ trainFunc: async (c) => { if (c.cvIndex === 1 && !fs.existsSync('mended')) throw new RangeError('diverged'); return { bias: 1 }; } })).catch(() => {}); say(1);`,
    );
    const [failure, after] = await play(`
      const r = openRun('run');
      say(await r.catch((e) => [e.name, e.failures.map((f) => [f.cvIndex, f.name, f.message]), r.status, e.result.folds.length]));
      fs.writeFileSync('mended', '');
      const result = await r.rerun({ repIndex: 0, cvIndex: 1 });
      say([r.status, result.folds.length, result.ensembles.length]);`);
    expect(failure).toEqual(['RunError', [[1, 'RangeError', 'diverged']], 'failed', 2]);
    expect(after).toEqual(['done', 3, 1]);
  });

  it('finds a run by its id in ./runs, and refuses what is none', async () => {
    const [id] = await play(`const r = run(options({ dir: undefined })); await r; say(r.id);`);
    const [found, errors] = await play(`
      say(path.relative(dir, openRun(${JSON.stringify(id)}).dir).split('/')[0]);
      const refused = (what) => { try { openRun(what); } catch (e) { return e.name + ': ' + e.message; } };
      fs.mkdirSync('empty');
      say([refused('nothing'), refused('empty'), refused('')]);`);
    expect(found).toBe('runs');
    expect(errors).toEqual([
      expect.stringMatching(/DirectoryError: Cannot open the run 'nothing': it must be a run's directory/),
      expect.stringMatching(/DirectoryError/),
      expect.stringMatching(/TypeError/),
    ]);
  });

  it('sees what another process has done in the directory since', async () => {
    const { output } = await script(
      place.dir,
      `const { openRun } = tools; ${MADE}
      await run(o);
      const r = openRun('run');
      require('node:child_process').execFileSync(process.execPath, ['-e', \`
        const { openRun } = require(${JSON.stringify(join(import.meta.dirname, '..', '..', '..', 'sdk'))});
        openRun('run').rerun({ repIndex: 0, cvIndex: 1, trainParams: { more: 5 } }).then(() => process.exit());\`],
        { stdio: 'inherit' });
      await r.rerun({ repIndex: 0, cvIndex: 1, trainParams: { more: 6 } });
      say(r.attempts({ repIndex: 0, cvIndex: 1 }).map((a) => [a.attempt, a.changed]));`,
    ).ended;
    expect(said(output)[0], output).toEqual([
      [1, ''],
      [2, 'trainParams.more none → 5'],
      [3, 'trainParams.more none → 6'],
    ]);
  });
});

describe('predict', () => {
  it('is the mean of the members on new data, and leaves nothing behind', async () => {
    const [scores, errors] = await play(`
      const r = run(options({ trainFunc: async (c) => ({ bias: c.cvIndex }), inferFunc: async (c) => {
        const ids = c.test ? Array.from({ length: c.dataset.length }, (_, i) => i) : c.sampleIds[1];
        return { ids, scores: ids.map((i) => [c.model.bias + (c.dataset.x ? c.dataset.x[i] : 0), 0]) };
      }, evalFunc: async () => ({ m: 1 }) }));
      await r;
      say(await r.predict({ length: 2, x: Float32Array.of(10, 20) }, { repIndex: 0 }));
      say([await r.predict({ x: 1 }).catch((e) => e.message), await r.predict({ length: 1 }, { repIndex: 4 }).catch((e) => e.message)].concat(fs.existsSync('run/predict') ? fs.readdirSync('run/predict') : []));`);
    expect(scores).toEqual({
      ids: [0, 1],
      scores: [
        [11, 0],
        [21, 0],
      ],
      targets: null,
    });
    expect(errors).toEqual([
      expect.stringMatching(/Cannot use the new data set: it must have a whole, positive length/),
      expect.stringMatching(/'repIndex' must be a whole number from 0 to 0/),
    ]);
  });
});

describe('a run whose process was killed', () => {
  /** Starts something, waits until that unit runs, and is killed. */
  const kill = (start: string, unit: number): Promise<unknown> =>
    script(
      place.dir,
      `const { openRun } = tools;
       const o = options({ numCpuSlots: 1, trainFunc: async (c) => { if (c.cvIndex === 1 && c.params.hang) await new Promise(() => {}); return { bias: 1 }; } });
       const r = await ${start};
       while (r.snapshot.units[${unit}].status !== 'running') await new Promise((r) => setTimeout(r, 10));
       await new Promise((r) => setTimeout(r, 150));
       process.kill(process.pid, 'SIGKILL');`,
    ).ended;

  it('says of units that they were cut off, and how to go on', async () => {
    await kill(
      `(async () => { const r = run({ ...o, trainParams: { hang: true } }); r.catch(() => {}); return { get snapshot() { return r.snapshot; } }; })()`,
      1,
    );
    const [units, message, seconds] = await play(`
      const r = openRun('run');
      say(r.snapshot.units.map((u) => [u.status, u.cutOff]));
      say((await r.catch((error) => error)).message);
      say(r.snapshot.seconds);`);
    expect(units).toEqual([
      ['done', false],
      ['cancelled', true],
      ['cancelled', false],
    ]);
    expect(message).toMatch(
      /^The run 'run' was cut off: its process ended before it was complete; run\(\) with the same dir goes on with it, or: npx foldlab resume \S+run$/,
    );
    expect(seconds).toBeGreaterThan(0.1);
  });

  it('says so of a re-run, and not of what was cancelled', async () => {
    await kill(
      `(async () => { const r = run(o); await r; r.rerun({ repIndex: 0, cvIndex: 1, trainParams: { hang: true } }).catch(() => {}); return { get snapshot() { return r.snapshot; } }; })()`,
      1,
    );
    const attempts = `r.snapshot.units[1].attempts.map((a) => [a.status, a.cutOff])`;
    const [status, cut, error, later] = await play(`
      const r = openRun('run');
      say(r.status);
      say(${attempts});
      say((await r).folds[1].attempts[1].error);
      const again = r.rerun({ repIndex: 0, cvIndex: 1, trainParams: { hang: true, more: 1 } });
      again.catch(() => {});
      while (r.snapshot.units[1].status !== 'running') await new Promise((r) => setTimeout(r, 10));
      await r.cancel();
      say(${attempts});`);
    expect(status).toBe('done');
    expect(cut).toEqual([
      ['done', false],
      ['cancelled', true],
    ]);
    expect(error).toMatch(/^cut off: /);
    expect(later.at(-1)).toEqual(['cancelled', false]);
    expect((await play(`const r = openRun('run'); say(${attempts});`))[0]).toEqual(later);
  });
});

describe('foldlab resume', () => {
  it('executes what is missing of a run that was killed, with the functions that are kept', async () => {
    const killed = script(
      place.dir,
      `const o = options({ numCpuSlots: 1, trainFunc: async (c) => { fs.appendFileSync('executed.log', 'train ' + c.cvIndex + '\\n'); if (c.cvIndex === 1 && !fs.existsSync('go')) await new Promise(() => {}); return { bias: 1 }; } });
       const r = run(o);
       r.catch(() => {});
       while (r.snapshot.units[1].status !== 'running') await new Promise((r) => setTimeout(r, 10));
       await new Promise((r) => setTimeout(r, 100));
       fs.writeFileSync('go', '');
       process.kill(process.pid, 'SIGKILL');`,
    );
    await killed.ended;
    const table = execFileSync(process.execPath, [CLI, 'resume', 'run'], {
      cwd: place.dir,
      encoding: 'utf8',
    });
    expect(table).toMatch(/run · 3 folds × 1 repetition · done/);
    const [lines, status] = await play(
      `say(tools.executed().filter((l) => l.startsWith('train'))); say(openRun('run').status);`,
    );
    expect(lines).toEqual(['train 0', 'train 1', 'train 1', 'train 2']);
    expect(status).toBe('done');
  });
});
