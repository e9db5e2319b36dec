/** Units that misbehave: what fails, fails alone, and nothing hangs. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, said, scratch, script, workersOf } from './script.js';

let place: ReturnType<typeof scratch>;
beforeEach(() => (place = scratch()));
afterEach(() => place.remove());

/** Runs a script to its end and gives what it said, which it must where that is asked for. */
async function play(body: string, env: NodeJS.ProcessEnv = {}) {
  const { code, output } = await script(place.dir, body, env).ended;
  return {
    code,
    output,
    get said() {
      return said(output);
    },
  };
}

describe('one failing fold of three', () => {
  const failing = `
    const broken = async (c) => {
      if (c.cvIndex === 1 && !fs.existsSync('mended')) {
        throw new RangeError('no convergence');
      }
      fs.appendFileSync('executed.log', 'train ' + c.repIndex + '/' + c.cvIndex + '\\n');
      return { bias: 0 };
    };`;

  it('lets the other two finish and says fold, repetition and the line', async () => {
    const { said: answers } = await play(`${failing}
      const error = await run(options({ trainFunc: broken })).then(() => null, (e) => e);
      say({ name: error.name, code: error.code, message: error.message, failures: error.failures });
      say({ folds: error.result.folds.map((f) => f.cvIndex), ensembles: error.result.ensembles.length });`);
    const [error, result] = answers;
    expect(error).toMatchObject({ name: 'RunError', code: 'FOLDLAB_RUN_FAILED' });
    expect(error.failures).toHaveLength(1);
    expect(error.failures[0]).toMatchObject({
      cvIndex: 1,
      repIndex: 0,
      phase: 'train',
      part: 'validation',
      attempt: 1,
      name: 'RangeError',
      message: 'no convergence',
    });
    expect(error.message).toContain('fold 1, repetition 0, train: RangeError: no convergence');
    expect(error.message).toContain(`> throw new RangeError('no convergence')`);
    expect(error.failures[0].remoteStack).toMatch(/at broken \(\[eval\]:\d+:\d+\)/);
    expect(result).toEqual({ folds: [0, 2], ensembles: 0 });
  });

  it('runs only what is missing when it is started again', async () => {
    const { said: answers } = await play(`${failing}
      await run(options({ trainFunc: broken })).catch(() => {});
      tools.executed();
      fs.writeFileSync('mended', '');
      const result = await run(options({ trainFunc: broken }));
      say(tools.executed());
      say(result.folds.map((f) => [f.cvIndex, f.cached, f.attempt]));`);
    expect(answers[0]).toEqual([
      'eval 0/1',
      'eval 0/1 test',
      'eval 0/ensemble test',
      'infer 0/1',
      'infer 0/1 test',
      'train 0/1',
    ]);
    expect(answers[1]).toEqual([
      [0, true, 1],
      [1, false, 2],
      [2, true, 1],
    ]);
  });

  it('forms an ensemble of the survivors when asked, and marks it', async () => {
    const { said: answers } = await play(`${failing}
      const error = await run(options({ trainFunc: broken, ensembleSurvivors: true })).catch((e) => e);
      say(error.result.ensembles.map((e) => [e.members, e.survivorsOnly]));`);
    expect(answers[0]).toEqual([[[0, 2], true]]);
  });

  it("starts nothing new with onFailure: 'stop'", async () => {
    const { said: answers } = await play(`
      const error = await run(options({ numFolds: 6, numCpuSlots: 1, onFailure: 'stop', trainFunc: async (c) => {
        if (c.cvIndex === 1) throw new Error('stop here');
        return { bias: 0 };
      } })).catch((e) => e);
      say({ done: error.result.folds.map((f) => f.cvIndex), failures: error.failures.length });`);
    expect(answers[0]).toEqual({ done: [0], failures: 1 });
  });
});

describe('a unit for which the GPU has too little memory', () => {
  // as tfjs-node and TensorFlow 2.21 say it
  const greedy = `const text = 'Invalid TF_Status: 8\\nMessage: OOM when allocating tensor with shape[128,512,512] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc';
      const greedy = async (c) => {
        fs.appendFileSync('trained', JSON.stringify([c.cvIndex, process.pid, Date.now()]) + '\\n');
        if (c.cvIndex === 1 && !(c.params.once && fs.existsSync('exhausted'))) { fs.writeFileSync('exhausted', ''); throw new Error(text); }
        await new Promise((resolve) => setTimeout(resolve, 100));
        fs.appendFileSync('trained', JSON.stringify([c.cvIndex, process.pid, Date.now()]) + '\\n');
        return { bias: 0 };
      };`;

  it('fails alone and says what it had no room for', async () => {
    const { said: answers } = await play(`${greedy}
      const error = await run(options({ trainFunc: greedy, trainParams: { once: false } })).catch((e) => e);
      say([error.message, error.failures.map((f) => [f.cvIndex, f.outOfMemory])]);`);
    const [message, failures] = answers[0];
    expect(message).toContain(
      'fold 1, repetition 0, train: out of memory: OOM when allocating tensor with shape[128,512,512]',
    );
    expect(message).toContain("onOutOfMemory: 'retryAlone'");
    expect(failures).toEqual([[1, true]]);
  });

  it("is tried once more in a fresh worker with none beside it, with onOutOfMemory: 'retryAlone'", async () => {
    const { said: answers } = await play(`${greedy}
      const notices = [];
      const started = run(options({ numFolds: 4, trainFunc: greedy, trainParams: { once: true }, onOutOfMemory: 'retryAlone' }));
      started.on('notice', ({ message }) => notices.push(message));
      const result = await started;
      say(result.folds.map((f) => [f.cvIndex, f.attempt]));
      say(notices.filter((text) => text.includes('memory')));
      say(fs.readFileSync('trained', 'utf8').trim().split('\\n').map((line) => JSON.parse(line)));`);
    expect(answers[0]).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
      [3, 1],
    ]);
    expect(answers[1]).toHaveLength(1);
    const trained = answers[2] as [number, number, number][];
    const [failed, began, ended] = trained.filter(([fold]) => fold === 1);
    const others = trained.filter(([fold]) => fold !== 1);
    expect(others.filter(([, , at]) => at > began![2] && at < ended![2])).toEqual([]);
    const before = trained.filter(([, , at]) => at < began![2]).map(([, pid]) => pid);
    expect(before).toContain(failed![1]);
    expect(before).not.toContain(began![1]);
  });

  it('fails when that does not help either', async () => {
    const { said: answers } = await play(`${greedy}
      const error = await run(options({ trainFunc: greedy, trainParams: { once: false }, onOutOfMemory: 'retryAlone' })).catch((e) => e);
      say(error.failures.map((f) => [f.cvIndex, f.attempt, f.outOfMemory]));`);
    expect(answers[0]).toEqual([[1, 2, true]]);
  });
});

describe('a unit', () => {
  it('that fails in every slot does not hang the run', async () => {
    const { said: answers } = await play(`
      const error = await run(options({ numFolds: 5, trainFunc: async () => { throw new Error('always'); } })).catch((e) => e);
      say(error.failures.map((f) => f.cvIndex).sort());`);
    expect(answers[0]).toEqual([0, 1, 2, 3, 4]);
  });

  it('whose worker is killed once is run again and the run succeeds', async () => {
    const { said: answers } = await play(`
      const result = await run(options({ trainFunc: async (c) => {
        if (c.cvIndex === 1 && !fs.existsSync('killed')) {
          fs.writeFileSync('killed', '');
          process.kill(process.pid, 'SIGKILL');
        }
        return { bias: 0 };
      } }));
      say(result.folds.map((f) => [f.cvIndex, f.attempt]));`);
    expect(answers[0]).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it('whose worker always dies is given up after the retries, with the reason; the others finish', async () => {
    const { said: answers } = await play(`
      const error = await run(options({ trainFunc: async (c) => {
        if (c.cvIndex === 0) process.exit(7);
        return { bias: 0 };
      } })).catch((e) => e);
      say({ message: error.failures[0].message, attempt: error.failures[0].attempt, done: error.result.folds.map((f) => f.cvIndex) });`);
    expect(answers[0]).toMatchObject({ attempt: 3, done: [1, 2] });
    expect(answers[0].message).toMatch(/ended: exit code 7/);
  });

  it('whose worker dies and leaves a process with its output is run again at once', async () => {
    const { said: answers } = await play(`
      const { spawn } = require('node:child_process');
      const result = await run(options({ trainFunc: async (c) => {
        if (c.cvIndex === 1 && !fs.existsSync('left')) {
          fs.writeFileSync('left', String(spawn('sleep', ['600'], { stdio: 'inherit', detached: true }).pid));
          process.kill(process.pid, 'SIGKILL');
        }
        return { bias: 0 };
      } }));
      process.kill(Number(fs.readFileSync('left', 'utf8')), 0); // it is still there
      say(result.folds.map((f) => f.attempt));`);
    process.kill(Number(readFileSync(join(place.dir, 'left'), 'utf8')), 'SIGKILL');
    expect(answers).toEqual([[1, 2, 1]]);
  });

  it('that runs out of heap is named as such', async () => {
    const { said: answers } = await play(
      `const error = await run(options({ numFolds: 2, trainFunc: async (c) => {
        const hoard = [];
        while (c.cvIndex === 0) hoard.push(new Array(1e5).fill(hoard.length));
        return { bias: 0 };
      } })).catch((e) => e);
      say(error.failures[0].message.split('\\n')[0]);`,
      { NODE_OPTIONS: '--max-old-space-size=96' },
    );
    expect(answers[0]).toMatch(/JavaScript heap out of memory/);
  });

  it('that never ends is ended by unitTimeoutMs, and leaves no process', async () => {
    const { said: answers, code } = await play(`
      const error = await run(options({ unitTimeoutMs: 700, trainFunc: async (c) => {
        while (c.cvIndex === 2);
        return { bias: 0 };
      } })).catch((e) => e);
      say({ failures: error.failures.map((f) => f.message), done: error.result.folds.map((f) => f.cvIndex) });
      await session.close();`);
    expect(answers[0]).toEqual({
      failures: ['fold 2, repetition 0 took longer than unitTimeoutMs (700 ms)'],
      done: [0, 1],
    });
    expect(code).toBe(0);
    expect(workersOf(place.dir)).toEqual([]);
  });

  it('that throws in a timer fails and does not hang', async () => {
    const { said: answers } = await play(`
      const error = await run(options({ numFolds: 2, trainFunc: (c) => new Promise((resolve) => {
        if (c.cvIndex === 1) return resolve({ bias: 0 });
        setTimeout(() => { throw new TypeError('thrown in a timer'); }, 5);
      }) })).catch((e) => e);
      say(error.failures[0].message);`);
    expect(answers[0]).toMatch(/ended: exit code 1 \(TypeError: thrown in a timer\)/);
  });

  it('that throws something else than an Error is reported in words', async () => {
    const { said: answers } = await play(`
      const error = await run(options({ numFolds: 2, trainFunc: async () => { throw 'just text'; } })).catch((e) => e);
      say(error.failures[0].message);`);
    expect(answers[0]).toBe('a function threw "just text", not an Error');
  });

  it('prints megabytes into its log and not into the script', async () => {
    const { output } = await play(`
      await run(options({ numFolds: 2, trainFunc: async (c) => {
        for (let i = 0; i < 1000; i++) console.log('x'.repeat(50_000));
        console.error('last words of', c.cvIndex);
        return { bias: 0 };
      } }));`);
    expect(output.length).toBeLessThan(2_000);
    const log = join(place.dir, 'run', 'logs', 'rep_0', '1.log');
    expect(statSync(log).size).toBeGreaterThan(50e6);
    expect(readFileSync(log, 'utf8')).toContain('last words of 1');
  });

  it('that kills a descendant-less worker twice at once does not stop the session', async () => {
    const { said: answers } = await play(`
      await run(options());
      for (const { pid } of session.workers) process.kill(pid, 'SIGKILL');
      const result = await run(options({ dir: undefined }));
      say(result.folds.length);`);
    expect(answers[0]).toBe(3);
  });
});

describe('workers that cannot be started', () => {
  it('end the run with their last words', async () => {
    const { said: answers } = await play(`
      await run(options());
      await session.close();
      process.env.NODE_OPTIONS = '--require ./nowhere.cjs';
      const error = await run(options({ dir: 'second' })).catch((e) => e);
      say([error.name, error.message]);`);
    expect(answers[0]).toEqual(['RunError', expect.stringContaining('start')]);
    expect(answers[0][1]).toMatch(/The worker \(pid \d+\) ended: exit code 1/);
  });

  it('are said, and the run goes on with those that it has', async () => {
    const { said: answers } = await play(`
      await run(options({ numCpuSlots: 1, threadsPerWorker: 1 }));
      process.env.NODE_OPTIONS = '--require ./nowhere.cjs';
      const second = run(options({ dir: 'second', numCpuSlots: 3, threadsPerWorker: 1, trainFunc: async () => {
        while (!fs.existsSync('noticed')) await new Promise((r) => setTimeout(r, 20));
        return { bias: 0 };
      } }));
      second.on('notice', () => fs.writeFileSync('noticed', ''));
      say((await second).folds.length);
      say(second.snapshot.notices);`);
    expect(answers[0]).toBe(3);
    expect(answers[1]).toContainEqual(expect.stringMatching(/^A worker could not be started: .*exit code 1/));
  });
});

describe('cancel', () => {
  it('does not wait for a worker that hangs while it starts, and leaves none', async () => {
    const { said: answers } = await play(`
      fs.writeFileSync('hang.cjs', 'require("node:fs").writeFileSync("hanging", ""); for (;;);');
      process.env.NODE_OPTIONS = '--require ./hang.cjs';
      const stuck = run(options());
      while (!fs.existsSync('hanging')) await new Promise((r) => setTimeout(r, 20));
      await stuck.cancel();
      say(stuck.status);
      process.exit();`);
    expect(answers).toEqual(['cancelled']);
    expect(await eventually(() => workersOf(place.dir).length === 0, 10_000)).toBe(true);
  });

  it('ends the running units, keeps the finished ones, and leaves the session usable', async () => {
    const { said: answers } = await play(`
      const slow = async (c) => {
        fs.writeFileSync('fold' + c.cvIndex, '');
        if (c.cvIndex >= 1) await new Promise((resolve, reject) => c.signal.addEventListener('abort', () => reject(c.signal.reason)));
        return { bias: 0 };
      };
      const first = run(options({ trainFunc: slow }));
      while (!fs.existsSync('fold2')) await new Promise((r) => setTimeout(r, 20));
      const before = session.workers.map((w) => w.pid).sort();
      await first.cancel('enough');
      say({ status: first.status, error: await first.catch((e) => [e.name, e.message]) });
      say(before.join() === session.workers.map((w) => w.pid).sort().join());
      tools.executed();
      const second = await run(options({ trainFunc: slow, numFoldsUsed: 1 }));
      say([second.folds[0].cached, tools.executed().filter((l) => l.startsWith('train'))]);`);
    expect(answers[0]).toEqual({
      status: 'cancelled',
      error: ['CancelledError', 'The run was cancelled: enough'],
    });
    expect(answers[1]).toBe(true);
    expect(answers[2]).toEqual([true, []]);
  });

  it('replaces only the worker whose unit does not listen', async () => {
    const { said: answers } = await play(`
      const first = run(options({ trainFunc: async (c) => {
        fs.writeFileSync('pid' + c.cvIndex, String(process.pid));
        if (c.cvIndex === 0) for (;;);
        await new Promise((_, reject) => c.signal.addEventListener('abort', () => reject(c.signal.reason)));
      } }));
      while (!(fs.existsSync('pid0') && fs.existsSync('pid1'))) await new Promise((r) => setTimeout(r, 20));
      await first.cancel();
      say(session.workers.map((w) => w.pid));
      say(Number(fs.readFileSync('pid1', 'utf8')));`);
    expect(answers[0]).toEqual([answers[1]]);
  });

  it('by an AbortSignal ends a unit that does not listen by force', async () => {
    const { said: answers, code } = await play(`
      const controller = new AbortController();
      const deaf = run(options({ signal: controller.signal, numFolds: 2, trainFunc: async () => { for (;;); } }));
      setTimeout(() => controller.abort(), 300);
      say(await deaf.catch((e) => e.name));
      const after = await run(options({ dir: undefined }));
      say(after.folds.length);`);
    expect(answers).toEqual(['CancelledError', 3]);
    expect(code).toBe(0);
  });
});

describe('a script', () => {
  it('exits by itself when its run has settled, and its workers with it', async () => {
    const { code } = await play(`await run(options());`);
    expect(code).toBe(0);
    expect(await eventually(() => workersOf(place.dir).length === 0, 10_000)).toBe(true);
  });

  it('that does not catch a failed run exits with code 1 and prints the message, not the result', async () => {
    const { code, output } = await play(
      `await run(options({ trainFunc: async () => { throw new Error('uncaught on purpose'); } }));`,
    );
    expect(code).toBe(1);
    expect(output).toContain(
      'fold 0, repetition 0 and 2 others, train: Error: uncaught on purpose\n    > async () => { throw',
    );
    expect(output).not.toMatch(/validation: \{|remoteStack/);
  });

  it('that refuses to ship writes nothing', async () => {
    const { said: answers } = await play(`
      const socket = new (require('node:net').Socket)();
      say(await run(options({ evalFunc: async () => ({ a: socket.bytesRead }) })).catch((e) => [e.name, e.code]));`);
    expect(answers[0]).toEqual(['ShipError', 'FOLDLAB_CANNOT_SHIP']);
    expect(existsSync(join(place.dir, 'run'))).toBe(false);
  });
});
