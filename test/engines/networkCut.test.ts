/**
 * A node whose network is cut while a unit runs there: it is given up in the time that was set, and when it is there again,
 * what its worker says late changes nothing.
 */
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rayPython, whyNoRay } from '../../scripts/ray.mjs';
import { whyNoSlurm } from '../../scripts/slurm.mjs';
import { eventually, isAlive, said, scratch, script } from '../faults/script.js';
import { makeNamespace, whyNoNamespace, type Namespace } from './namespace.js';
import type { Place } from './places.js';
import { startRay } from './rayCluster.js';
import { startSlurm } from './slurmCluster.js';

const lostAfterMs = 3_000;
const SLOW = { timeout: 120_000 };
const HERE = readlinkSync('/proc/self/ns/net');

type Cluster = Pick<Place, 'env' | 'executor' | 'left' | 'stop'>;

/** Two nodes for one lease each, the second in the namespace. */
const CLUSTERS = [
  {
    name: 'SLURM',
    absent: whyNoSlurm() ?? whyNoNamespace(),
    async start(namespace: Namespace): Promise<Cluster> {
      const { env, jobs, stop } = await startSlurm(namespace);
      return {
        env,
        executor: `tools.slurm({ gres: 'gpu:2', lostAfterMs: ${lostAfterMs} })`,
        left: jobs,
        stop,
      };
    },
  },
  {
    name: 'Ray',
    absent: whyNoRay() ?? whyNoNamespace(),
    async start({ name, inside, outside }: Namespace): Promise<Cluster> {
      const far = { gpus: 1, namespace: name, ip: inside };
      const { address, workers, stop } = await startRay(rayPython, {
        ip: outside,
        nodes: [{ gpus: 1 }, far],
      });
      const choice = JSON.stringify({ address, python: rayPython, lostAfterMs });
      return { env: {}, executor: `tools.ray(${choice})`, left: () => workers().map(String), stop };
    },
  },
].map(({ name, absent, start }) => ({
  name: absent === null ? name : `${name} (skipped: ${absent})`,
  absent,
  start,
}));

/** The first unit on the far node waits there until it may go on, with numbers that no other attempt has. */
const body = (executor: string): string => `
  const until = async (file) => { while (!fs.existsSync(file)) await new Promise((r) => setTimeout(r, 20)); };
  const isFar = () => fs.readlinkSync('/proc/self/ns/net') !== ${JSON.stringify(HERE)};
  const trainFunc = async (c) => {
    const bias = c.randGen();
    if (!isFar()) await until('far');
    else if (!fs.existsSync('far')) {
      fs.writeFileSync('far.part', [process.pid, c.cvIndex].join(' '));
      fs.renameSync('far.part', 'far');
      await until('go on');
      return { bias: bias + 10 };
    }
    return { bias };
  };
  const settings = (over) => options({ numGpusTotal: 2, threadsPerWorker: 1, trainFunc, executor: ${executor}, ...over });
  const scores = (result) => result.folds.map(({ validation, test }) => [validation.metrics, test.metrics]);
  const r = run(settings());
  say((await r).folds.map((fold) => fold.attempt));
  await until('over');
  const reference = await run(settings({ dir: 'reference', executor: tools.local() }));
  say([scores(await r), scores(await tools.openRun(r.dir).result), scores(reference)]);
  const both = async () => {
    if (isFar()) fs.writeFileSync('back', '');
    await until('back');
    return { bias: 0 };
  };
  say((await run(settings({ dir: 'second', trainFunc: both }))).folds.length);
  await session.close();`;

describe.each(CLUSTERS)('a node of $name whose network is cut', ({ absent, start }) => {
  let namespace: Namespace;
  let cluster: Cluster;
  let folder: ReturnType<typeof scratch>;
  beforeAll(async () => {
    if (absent !== null) return;
    namespace = makeNamespace();
    cluster = await start(namespace);
  });
  afterAll(async () => {
    namespace?.mend();
    await cluster?.stop();
    namespace?.remove();
  });
  beforeEach(() => (folder = scratch()));
  afterEach(() => folder.remove());

  it.skipIf(absent !== null)(
    'is given up in the time that was set, and what it says later is ignored',
    SLOW,
    async () => {
      const at = (...path: string[]): string => join(folder.dir, ...path);
      const run = script(folder.dir, body(cluster.executor), cluster.env);
      if (!(await eventually(() => existsSync(at('far')), 60_000)))
        throw new Error(`no unit began on the far node:\n${run.output()}`);
      const [pid, fold] = readFileSync(at('far'), 'utf8').split(' ').map(Number) as [number, number];
      expect(namespace.has(pid)).toBe(true);
      namespace.cut();
      await run.until(/say \[/);
      expect(said(run.output())[0]).toEqual([0, 1, 2].map((each) => (each === fold ? 2 : 1)));

      // its worker is none the wiser, and ends the unit too
      expect(isAlive(pid)).toBe(true);
      writeFileSync(at('go on'), '');
      const late = at('run', 'inference_dir', 'validation', 'rep_0', `${fold}.parquet`);
      expect(await eventually(() => existsSync(late), 30_000)).toBe(true);
      namespace.mend();
      expect(await eventually(() => !isAlive(pid), 30_000)).toBe(true);
      writeFileSync(at('over'), '');

      const { output } = await run.ended;
      const [, [result, onDisk, reference], folds] = said(output);
      expect(result).toEqual(reference);
      expect(onDisk).toEqual(reference);
      expect(folds).toBe(3);
      const journal = readFileSync(at('run', 'journal.jsonl'), 'utf8');
      expect(journal).toContain(`no sign of life for ${lostAfterMs / 1000} s`);
      const ends = journal
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).e)
        .filter(({ type }) => type === 'phase')
        .map(({ part, phase, cvIndex }) => [part, phase, cvIndex].join());
      expect(new Set(ends).size).toBe(ends.length);
      expect(await eventually(() => cluster.left().length === 0, 30_000)).toBe(true);
    },
  );
});
