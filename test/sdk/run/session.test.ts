/** The session: what it shows, what it gives back, and what happens when a cell is executed again. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { said, script } from '../../faults/script.js';
import { stage } from './stage.js';

const place = stage();
const { play } = place;

/** A `nvidia-smi` that knows one GPU with a name of this test alone, since locks are host-wide. */
function fakeGpu(): { env: NodeJS.ProcessEnv; id: string } {
  const bin = join(place.dir, 'bin');
  mkdirSync(bin);
  const id = `GPU-s-${process.pid}-${Date.now()}`;
  writeFileSync(
    join(bin, 'nvidia-smi'),
    `#!/bin/sh\necho asked >> asked.log\nprintf '0, ${id}, Fake 1000, 1000, 1, Disabled\\n'\n`,
  );
  chmodSync(join(bin, 'nvidia-smi'), 0o755);
  return { env: { PATH: `${bin}:${process.env.PATH}` }, id };
}

const endless = `const endless = async (c) => { while (!c.signal.aborted) await new Promise((r) => setTimeout(r, 10)); throw c.signal.reason; };
  const busy = async (r) => { while (!r.snapshot.units.some((u) => u.status === 'running')) await new Promise((r) => setTimeout(r, 5)); };`;

describe('session', () => {
  it('shows memory, and ends idle workers until as many are left as asked for', async () => {
    const [memory, counts, error] = await play(`
      // long enough that both workers are needed
      await run(options({ trainFunc: async () => { await new Promise((r) => setTimeout(r, 500)); return { bias: 0 }; } }));
      say([session.memory.process > 1e7, session.memory.workers > 2e7, session.workers.every((w) => w.memoryBytes > 1e7)]);
      const before = session.workers.length;
      await session.resize(1);
      const after = session.workers.length;
      await session.resize(0);
      say([before, after, session.workers.length, (await run(options({ dir: 'again' }))).folds.length]);
      say(await session.resize(-1).catch((e) => e.message));`);
    expect(memory).toEqual([true, true, true]);
    expect(counts).toEqual([2, 1, 0, 3]);
    expect(error).toMatch(/whole number of at least 0; current value is -1/);
  });

  it('gives GPUs back after the idle time, but not while a run goes on or keepAlive is set', async () => {
    const { env, id } = fakeGpu();
    const [held] = await play(
      `session.idleTimeoutMs = 100;
      session.keepAlive = true;
      const wait = () => new Promise((r) => setTimeout(r, 400));
      const gpu = (dir, more) => run(options({ numGpusTotal: 1, dir, ...more }));
      await gpu('first');
      await wait();
      const kept = session.leases;
      session.keepAlive = false;
      await wait();
      const given = [session.leases, session.workers.length];
      await gpu('second', { trainFunc: async () => { await new Promise((r) => setTimeout(r, 300)); return { bias: 0 }; } });
      say([kept, given, session.leases]);`,
      env,
    );
    expect(held).toEqual([[id], [[], 0], [id]]);
  });

  it('asks for GPUs once while it holds what a re-run needs', async () => {
    const { env } = fakeGpu();
    const [asked] = await play(
      `const r = run(options({ numGpusTotal: 1 }));
      await r;
      const count = () => fs.readFileSync('asked.log', 'utf8').trim().split('\\n').length;
      const before = count();
      await r.rerun({ cvIndex: 0, repIndex: 0 });
      say(count() - before);`,
      env,
    );
    expect(asked).toBe(0);
  });

  it('names the process and the notebook that hold a GPU, and waits for it when asked', async () => {
    const { env, id } = fakeGpu();
    const holder = script(
      place.dir,
      `await run(options({ numGpusTotal: 1, dir: 'holder' }));
       say('held');
       process.stdin.resume();
       setTimeout(() => session.close(), 2500);
       setTimeout(() => process.exit(), 6000);`,
      { ...env, JPY_SESSION_NAME: 'work/first.ipynb' },
    );
    await holder.until(/say "held"/);
    const [notices, error, waited] = await play(
      `const r = run(options({ numGpusTotal: 1, dir: 'second' }));
       await r;
       say(r.snapshot.notices);
       say(await run(options({ numGpusTotal: 1, dir: 'third', strictGpus: true })).catch((e) => [e.code, e.message]));
       const w = run(options({ numGpusTotal: 1, dir: 'fourth', waitForGpus: 20000 }));
       await w;
       say([w.snapshot.notices, session.leases]);`,
      env,
    );
    holder.child.kill('SIGKILL');
    const who = `${id} is held by pid ${holder.child.pid} (work/first.ipynb)`;
    expect(notices).toEqual([`No free GPU was found (${who}): running on 2 CPU slots`]);
    expect(error).toEqual(['FOLDLAB_GPUS', expect.stringContaining(who)]);
    expect(waited).toEqual([[`Waiting for GPUs: ${who}`], [id]]);
  });
});

describe('a cell that is executed again while its run goes on', () => {
  it("starts another run by default and keeps the old one; the same 'dir' is refused, naming what to do", async () => {
    const [statuses, error, known] = await play(`${endless}
      const cell = (dir) => run(options({ trainFunc: endless, dir }));
      const first = cell(undefined);
      await busy(first);
      const second = cell(undefined);
      say([first === second, first.dir === second.dir, first.status]);
      const third = cell('same');
      say(await cell('same').catch((e) => e.code + ' ' + e.message));
      say(session.runs.filter((r) => r.dir === third.dir)[0] === third);
      await session.close();`);
    expect(statuses).toEqual([false, false, 'running']);
    expect(error).toMatch(/FOLDLAB_DIRECTORY .*a live run holds it \(pid \d+.*or give onReexecute/);
    expect(known).toBe(true);
  });

  it("gives the old run back with 'attach', and cancels it first with 'cancel'", async () => {
    const [attached, cancelled] = await play(`${endless}
      const cell = (onReexecute, more) => run(options({ trainFunc: endless, onReexecute, ...more }));
      const first = cell('new');
      await busy(first);
      say(cell('attach') === first);
      const second = cell('cancel', { trainFunc: async () => ({ bias: 1 }) });
      const result = await second;
      say([first.status, second.status, result.folds.length]);`);
    expect(attached).toBe(true);
    expect(cancelled).toEqual(['cancelled', 'done', 3]);
  });
});

describe('Ctrl-C in a script', () => {
  it('cancels its runs; the script goes on to its end and has the exit code of an interrupted program', async () => {
    const interrupted = script(
      place.dir,
      `${endless}
       const r = run(options({ trainFunc: endless }));
       await busy(r);
       say('busy');
       const error = await r.catch((e) => e);
       say([error.name, error.message]);`,
    );
    await interrupted.until(/say "busy"/);
    interrupted.child.kill('SIGINT');
    const { code, output } = await interrupted.ended;
    expect(said(output)[1]).toEqual(['CancelledError', 'The run was cancelled: interrupted']);
    expect(code).toBe(130);
  });

  it('has that exit code too when nobody catches the rejection, and ends at once the second time', async () => {
    const uncaught = script(
      place.dir,
      `${endless}
       const r = run(options({ trainFunc: endless }));
       await busy(r);
       say('busy');
       await r;`,
    );
    await uncaught.until(/say "busy"/);
    uncaught.child.kill('SIGINT');
    expect((await uncaught.ended).code).toBe(130);
    const stubborn = script(
      place.dir,
      `const r = run(options({ trainFunc: async () => { fs.writeFileSync('in', ''); await new Promise(() => {}); } }));
       while (!fs.existsSync('in')) await new Promise((r) => setTimeout(r, 10));
       say('busy');
       await r.catch(() => {});
       await new Promise((r) => setTimeout(r, 60000));`,
    );
    await stubborn.until(/say "busy"/);
    stubborn.child.kill('SIGINT');
    await stubborn.until(/once more ends at once/);
    stubborn.child.kill('SIGINT');
    expect((await stubborn.ended).code).toBe(130);
  });
});
