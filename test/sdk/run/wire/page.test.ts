/** A page and real runs: what is sent, what is answered, exactly once. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRunModel, patchRun, type KernelMessage } from '../../../../sdk/src/view/index.js';
import { stage } from '../stage.js';

const page = join(import.meta.dirname, '..', '..', '..', 'faults', 'fixtures', 'page.cjs');
const place = stage();

/** As in a kernel, which lives on by itself. */
const play = (body: string): Promise<any[]> =>
  place.play(
    `const page = openPage();
    const alive = setInterval(() => {}, 1000);
    ${body}
    clearInterval(alive);`,
    { NODE_OPTIONS: `--require ${JSON.stringify(page)}` },
  );

describe('a page', () => {
  it('is greeted, gets a run that it attaches to whole, and then the differences up to the end', async () => {
    const [messages, model] = await play(`
      const r = run(options({ numRepetitions: 2, trainFunc: async (c) => { for (let e = 1; e <= 20; e++) { c.report({ epoch: e, loss: 1 / e }); await new Promise((r) => setTimeout(r, 5)); } return { bias: 0 }; } }));
      page.say({ type: 'attach', run: r.id });
      await r;
      await new Promise((r) => setTimeout(r, 400));
      say(page.messages);
      say({ ...r.snapshot, sequence: 0, seconds: 0 });`);
    const [hello, first, ...patches] = messages as KernelMessage[];
    expect(hello).toEqual({ type: 'hello', version: 1, pid: expect.any(Number) });
    expect(first!.type).toBe('run');
    let last = parseRunModel((first as Extract<KernelMessage, { type: 'run' }>).model);
    for (const message of patches) {
      expect(message.type).toBe('patch');
      const next = patchRun(last, (message as Extract<KernelMessage, { type: 'patch' }>).patch);
      expect(next).not.toBeNull();
      last = parseRunModel(next);
    }
    expect(patches.length).toBeGreaterThan(1);
    expect({ ...last, sequence: 0, seconds: 0 }).toEqual(model);
    expect(last.status).toBe('done');
  });

  it('is told which run is unknown', async () => {
    const [message] = await play(`
      page.say({ type: 'attach', run: 'nobody' });
      say(await page.until((m) => m.type !== 'hello'));`);
    expect(message).toEqual({ type: 'unknown', run: 'nobody' });
  });

  it('sees the same directory go on when its cell is executed again', async () => {
    const [statuses] = await play(`
      const r = run(options());
      page.say({ type: 'attach', run: r.id });
      await r;
      await page.until((m) => m.type === 'patch' && m.patch.fields.status === 'done');
      const again = run(options({ numRepetitions: 2 }));
      await again;
      await new Promise((r) => setTimeout(r, 400));
      say([again.id === r.id, page.messages.filter((m) => m.type === 'run').map((m) => m.model.numRepetitions), page.messages.at(-1).patch?.fields.status ?? page.messages.at(-1).model?.status]);`);
    expect(statuses).toEqual([true, [1, 2], 'done']);
  });

  it('re-runs, uses, and sees the attempts; each request is answered once', async () => {
    const [answers, unit, count] = await play(`
      const r = run(options({ trainParams: { rate: 1 } }));
      page.say({ type: 'attach', run: r.id });
      await r;
      const at = { cvIndex: 1, repIndex: 0 };
      const answers = [await page.act(r.id, { kind: 'params', ...at }), await page.act(r.id, { kind: 'rerun', ...at, trainParams: { rate: 2 } })];
      await page.until((m) => m.type === 'patch' && m.patch.units.some((u) => u.attempts[1]?.status === 'done' && u.status === 'done'));
      answers.push(await page.act(r.id, { kind: 'use', ...at, attempt: 2 }));
      answers.push(await page.act(r.id, { kind: 'params', ...at }));
      answers.push(await page.act(r.id, { kind: 'use', ...at, attempt: 9 }));
      answers.push(await page.act(r.id, { kind: 'rerun', cvIndex: 9, repIndex: 0 }));
      answers.push(await page.act(r.id, { kind: 'shout' }));
      answers.push(await page.act('nobody', { kind: 'cancel' }));
      say(answers);
      const u = r.snapshot.units[1];
      say([u.attempt, u.counts, u.attempts.map((a) => [a.status, a.changed, a.test !== null]), r.snapshot.selected]);
      say(page.messages.filter((m) => m.type === 'answer').map((m) => m.request));`);
    expect(answers).toEqual([
      { ok: true, value: { rate: 1 } },
      { ok: true, value: null },
      { ok: true, value: null },
      { ok: true, value: { rate: 2 } },
      { ok: false, message: expect.stringMatching(/attempt 9.*there is none/) },
      { ok: false, message: expect.stringMatching(/'cvIndex' must be a whole number from 0 to 2/) },
      { ok: false, message: expect.stringMatching(/action\.kind/) },
      { ok: false, message: expect.stringMatching(/does not know the run/) },
    ]);
    expect(unit).toEqual([
      2,
      2,
      [
        ['done', '', true],
        ['done', 'trainParams.rate 1 → 2', true],
      ],
      true,
    ]);
    expect(count).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('cancels one unit, or the run', async () => {
    const [answers, statuses] = await play(`
      const r = run(options({ numFolds: 4, trainFunc: async (c) => { while (!c.signal.aborted) await new Promise((r) => setTimeout(r, 10)); throw c.signal.reason; } }));
      page.say({ type: 'attach', run: r.id });
      while (r.snapshot.units[0].status !== 'running') await new Promise((r) => setTimeout(r, 5));
      const answers = [await page.act(r.id, { kind: 'cancel', cvIndex: 0, repIndex: 0 })];
      const one = r.snapshot.units.map((u) => u.status);
      answers.push(await page.act(r.id, { kind: 'cancel' }));
      say(answers);
      say([one[0], one[1], r.status]);`);
    expect(answers).toEqual([
      { ok: true, value: null },
      { ok: true, value: null },
    ]);
    expect(statuses).toEqual(['cancelled', 'running', 'cancelled']);
  });

  it("reads the end of a unit's log and where its files are", async () => {
    const [files] = await play(`
      const r = run(options({ trainFunc: async (c) => { console.log('x'.repeat(70000)); console.log('last words'); return { bias: 0 }; } }));
      await r;
      const { value } = await page.act(r.id, { kind: 'files', cvIndex: 1, repIndex: 0 });
      say([path.relative(dir, value.dir), fs.existsSync(value.dir), value.log.length <= 65536, value.log.includes('last words')]);`);
    expect(files).toEqual(['run/model_dir/rep_0/1', true, true, true]);
  });

  it('sees workers and runs, and ends the idle workers', async () => {
    const [before, after] = await play(`
      page.say({ type: 'watchSession', on: true });
      await run(options());
      const seen = await page.until((m) => m.type === 'session' && m.session.workers.length > 0 && m.session.runs[0]?.diskBytes > 0 && m.session.runs[0].status === 'done');
      say(seen.session);
      await page.act('', { kind: 'releaseWorkers' });
      say([session.workers.length, (await run(options({ dir: 'second' }))).folds.length]);`);
    expect(before.workers[0]).toMatchObject({ busy: false, busyWith: '', gpus: [] });
    expect(before.workers[0].memoryBytes).toBeGreaterThan(1e7);
    expect(before.runs).toMatchObject([{ name: 'run', status: 'done', unitsDone: 3, units: 3 }]);
    expect(after).toEqual([0, 3]);
  });

  it('sees what is on disk, and removes only run directories in which nothing goes on', async () => {
    const [seen, refused, live, removed, after] = await play(`
      page.say({ type: 'watchSession', on: true });
      const first = run(options({ dir: 'runs/first' }));
      page.say({ type: 'attach', run: first.id });
      await first;
      await run(options({ dir: 'runs/second' }));
      fs.mkdirSync(path.join(dir, 'runs/mine'));
      const at = (name) => path.join(fs.realpathSync(dir), 'runs', name);
      const { session: told } = await page.until((m) => m.type === 'session' && m.session.disk.filter((e) => e.kind === 'run' && e.bytes > 0 && !e.live).length === 2);
      say(told.disk.map((e) => [e.kind, e.kind === 'run' ? path.basename(e.dir) : '', e.live]));
      say([await page.act('', { kind: 'removeFiles', dir: at('mine') }), await page.act('', { kind: 'removeFiles', dir: dir })]);
      const going = run(options({ dir: 'runs/second', numRepetitions: 2, trainFunc: async (c) => { while (!c.signal.aborted) await new Promise((r) => setTimeout(r, 10)); throw c.signal.reason; } }));
      going.result.catch(() => {});
      while (going.snapshot.units[0]?.status !== 'running') await new Promise((r) => setTimeout(r, 5));
      say(await page.act('', { kind: 'removeFiles', dir: at('second') }));
      await going.cancel();
      const answer = await page.act('', { kind: 'removeFiles', dir: at('first') });
      say([answer.ok, answer.value.bytes > 0, answer.value.kept, fs.existsSync(at('first')), fs.existsSync(at('second'))]);
      const unknown = await page.until((m) => m.type === 'unknown');
      const late = await first.rerun({ cvIndex: 0, repIndex: 0 }).then(() => 'ran', (e) => e.message);
      const again = await run(options({ dir: 'runs/first' }));
      say([unknown.run === first.id, late, again.folds.length]);`);
    expect(seen).toEqual([
      ['run', 'first', false],
      ['run', 'second', false],
      ['datasets', '', false],
    ]);
    expect(refused).toEqual([
      { ok: false, message: expect.stringMatching(/not a run directory of foldlab/) },
      { ok: false, message: expect.stringMatching(/not a run directory of foldlab/) },
    ]);
    expect(live).toEqual({ ok: false, message: expect.stringMatching(/a live run holds it/) });
    expect(removed).toEqual([true, true, '', false, true]);
    expect(after).toEqual([true, expect.stringMatching(/was removed; execute the cell/), 3]);
  });
});
