/** What kills a lease on SLURM: every unit ends exactly once, with the numbers of an undisturbed run, and nothing is left. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { whyNoSlurm } from '../../scripts/slurm.mjs';
import { eventually, isAlive, said, scratch, script, type Script } from '../faults/script.js';
import { expectRecovered, startDisturbed, whenWaiting, type DisturbedOptions } from './disturbedRun.js';
import { startSlurm, type NodeName, type SlurmCluster } from './slurmCluster.js';

/** A busy machine makes a worker silent for a while too. */
const executor = (lostAfterMs = 15_000): string => `tools.slurm({ lostAfterMs: ${lostAfterMs} })`;

const absent = whyNoSlurm();
const SLOW = { timeout: 120_000 };

describe.skipIf(absent !== null)(`on SLURM${absent ? ` (skipped: ${absent})` : ''}`, () => {
  let cluster: SlurmCluster;
  let folder: ReturnType<typeof scratch>;
  /** SLURM looks at time limits twice a minute: this run waits for it meanwhile. */
  let limited: { readonly run: Script; readonly folder: ReturnType<typeof scratch> };
  beforeAll(async () => {
    if (absent !== null) return;
    cluster = await startSlurm();
    const own = scratch();
    limited = { run: startDisturbed({ dir: own.dir, executor: executor(), env: cluster.env }), folder: own };
    const { job } = await whenWaiting(limited.run, own.dir);
    // SLURM's unit is a minute; this one has had its time
    cluster.slurm('scontrol', 'update', `JobId=${job}`, 'TimeLimit=0');
  });
  afterAll(async () => {
    limited?.folder.remove();
    await cluster?.stop();
  });
  beforeEach(() => (folder = scratch()));
  afterEach(() => folder.remove());

  const jobsOf = (run: Script): string[] =>
    cluster.jobs().filter((job) => job.includes(`-${run.child.pid}-`));
  const nothingLeft = (run: Script): Promise<boolean> => eventually(() => jobsOf(run).length === 0, 30_000);
  const go = (over: Partial<DisturbedOptions> = {}): Script =>
    startDisturbed({ dir: folder.dir, executor: executor(), env: cluster.env, ...over });
  const disturbed = (run: Script) => whenWaiting(run, folder.dir);
  const recovered = async (run: Script): Promise<string> => {
    const failures = await expectRecovered(run);
    expect(await nothingLeft(run)).toBe(true);
    return failures;
  };

  it('does the unit again in the same job when its worker is killed', SLOW, async () => {
    const run = go({ gpus: 1 });
    const { pid, job } = await disturbed(run);
    process.kill(pid, 'SIGKILL');
    expect(await recovered(run)).toContain('killed with SIGKILL');
    expect(readFileSync(join(folder.dir, 'again'), 'utf8')).toBe(job);
  });

  it('does the unit elsewhere when slurmstepd is killed', SLOW, async () => {
    const run = go({ executor: executor(3000) });
    const { pid, parent } = await disturbed(run);
    process.kill(parent, 'SIGKILL');
    expect(await recovered(run)).toContain('The worker');
    expect(isAlive(pid)).toBe(false);
  });

  it('does the unit in a new job when its job is cancelled', SLOW, async () => {
    const run = go();
    const { job } = await disturbed(run);
    cluster.slurm('scancel', job);
    expect(await recovered(run)).toContain(`SLURM's job ${job} was cancelled`);
  });

  it('gives a node up that is silent for the time that was set', SLOW, async () => {
    const run = go({ executor: executor(3000) });
    const { pid } = await disturbed(run);
    process.kill(pid, 'SIGSTOP');
    expect(await recovered(run)).toMatch(/no sign of life for 3 s/);
    expect(await eventually(() => !isAlive(pid), 30_000)).toBe(true);
  });

  it('does the unit in a new job when the time limit of its job is over', SLOW, async () => {
    expect(await recovered(limited.run)).toMatch(/time limit of SLURM's job \d+ was over/);
  });

  it('goes on when slurmd is killed, and its jobs are given back once it is there again', SLOW, async () => {
    const run = go({
      wait: `while (!fs.existsSync('go on')) await new Promise((resolve) => setTimeout(resolve, 50)); fs.appendFileSync(tools.log, 'train 1\\n');`,
    });
    const { node } = await disturbed(run);
    cluster.killDaemon(node as NodeName);
    execFileSync('touch', [join(folder.dir, 'go on')]);
    const { output } = await run.ended;
    expect(said(output)[0]).toMatchObject({ equal: true, attempts: [1, 1, 1] });
    cluster.startDaemon(node as NodeName);
    expect(await nothingLeft(run)).toBe(true);
  });

  it(
    'waits for a GPU that others have, says so, and asks again when the waiting job is cancelled',
    SLOW,
    async () => {
      const others = cluster.slurm(
        'salloc',
        '--immediate=30',
        '--no-shell',
        '--job-name=others',
        '--nodes=2',
        '--gres=gpu:2',
      );
      expect(others).toBe('');
      const run = script(
        folder.dir,
        `const r = run(options({ numGpusTotal: 1, executor: tools.slurm() }));
       const seen = new Set();
       const look = () => { if (!seen.has(r.snapshot.activity)) { seen.add(r.snapshot.activity); console.log(r.snapshot.activity); } };
       setInterval(look, 20).unref();
       say((await r).folds.length);
       await session.close();`,
        cluster.env,
      );
      const [, first] = await run.until(/waiting for SLURM, job (\d+), reason Resources/);
      cluster.slurm('scancel', first!);
      const [, second] = await run.until(
        new RegExp(`waiting for SLURM, job (?!${first})(\\d+), reason Resources`),
      );
      expect(Number(second)).toBeGreaterThan(Number(first));
      cluster.slurm('scancel', '--name=others');
      expect(said((await run.ended).output)).toEqual([3]);
      expect(await nothingLeft(run)).toBe(true);
    },
  );

  it('leaves nothing in the queue when its process is killed while it waits', SLOW, async () => {
    cluster.slurm('salloc', '--immediate=30', '--no-shell', '--job-name=others', '--nodes=2', '--gres=gpu:2');
    const run = script(
      folder.dir,
      `await run(options({ numGpusTotal: 2, executor: tools.slurm() }));`,
      cluster.env,
    );
    expect(await eventually(() => jobsOf(run).length === 1, 30_000)).toBe(true);
    run.child.kill('SIGKILL');
    expect(await nothingLeft(run)).toBe(true);
    cluster.slurm('scancel', '--name=others');
    expect(await eventually(() => cluster.jobs().every((job) => !job.includes('others')), 30_000)).toBe(true);
  });

  it('refuses at once what the cluster refuses, in its words', SLOW, async () => {
    const run = script(
      folder.dir,
      `say(await run(options({ executor: tools.slurm({ partition: 'nowhere' }) })).catch((e) => [e.code, e.message]));`,
      cluster.env,
    );
    const [[code, message]] = said((await run.ended).output);
    expect(code).toBe('FOLDLAB_EXECUTOR');
    expect(message).toMatch(/SLURM refuses the lease that was asked for: .*partition/i);
  });

  it('runs all leases as steps of one job when nodes are asked for', SLOW, async () => {
    const run = script(
      folder.dir,
      `const r = run(options({ numGpusTotal: 4, executor: tools.slurm({ nodes: 2 }), trainFunc: async (c) => {
         fs.writeFileSync('on' + c.cvIndex, process.env.SLURM_JOB_ID + ' ' + c.gpus);
         while (![0, 1, 2, 3].every((fold) => fs.existsSync('on' + fold))) await new Promise((r) => setTimeout(r, 20));
         return { bias: 0 };
       }, numFolds: 4 }));
       await r;
       say([0, 1, 2, 3].map((fold) => fs.readFileSync('on' + fold, 'utf8').split(' ')));
       await session.close();`,
      cluster.env,
    );
    const [places] = said((await run.ended).output) as [[string, string][]];
    expect(new Set(places.map(([job]) => job)).size).toBe(1);
    expect(places.map(([, gpu]) => gpu).sort()).toEqual(['n1/gpu0', 'n1/gpu1', 'n2/gpu0', 'n2/gpu1']);
    expect(await nothingLeft(run)).toBe(true);
  });

  it('runs its leases as steps of the job that it is in, and leaves that alone', SLOW, async () => {
    cluster.slurm(
      'salloc',
      '--immediate=30',
      '--no-shell',
      '--job-name=around',
      '--ntasks=2',
      '--gres=gpu:2',
      '--nodes=1',
    );
    const job = cluster
      .jobs()
      .find((line) => line.includes('around'))!
      .split(' ')[0]!;
    const run = script(
      folder.dir,
      `await run(options({ numGpusTotal: 2, numFolds: 2, executor: tools.slurm(), trainFunc: async (c) => {
         fs.writeFileSync('on' + c.cvIndex, c.gpus.join());
         while (![0, 1].every((fold) => fs.existsSync('on' + fold))) await new Promise((r) => setTimeout(r, 20));
         return { bias: 0 };
       } }));
       say([0, 1].map((fold) => fs.readFileSync('on' + fold, 'utf8')).sort());
       await session.close();`,
      { ...cluster.env, SLURM_JOB_ID: job, SLURM_NTASKS: '2', SLURM_MEM_PER_NODE: '1000' },
    );
    const [gpus] = said((await run.ended).output);
    expect(gpus).toEqual([expect.stringMatching(/^n[12]\/gpu0$/), expect.stringMatching(/^n[12]\/gpu1$/)]);
    expect(cluster.jobs()).toEqual([`${job} RUNNING around`]);
    cluster.slurm('scancel', job);
  });
});
