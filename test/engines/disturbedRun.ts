/** A run that waits to be disturbed, and what it must come to all the same. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually, said, script, type Script } from '../faults/script.js';

export interface DisturbedOptions {
  readonly dir: string;
  /** The run's `executor`, as source. */
  readonly executor: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly gpus?: number;
  /** What fold 1 does until it is disturbed, as source. */
  readonly wait?: string;
}

const FOREVER = 'await new Promise((resolve) => setTimeout(resolve, 90_000));';

/** Fold 1 waits the first time it is trained. */
export function startDisturbed({ dir, executor, env, gpus = 2, wait = FOREVER }: DisturbedOptions): Script {
  const body = `
    const trainFunc = async (c) => {
      fs.appendFileSync(tools.log, 'train ' + c.cvIndex + '\\n');
      const bias = c.randGen();
      const { SLURM_JOB_ID: job, SLURMD_NODENAME: node } = process.env;
      if (c.cvIndex === 1 && !fs.existsSync('disturbed')) {
        fs.writeFileSync('disturbed', [process.pid, process.ppid, job, node].join(' '));
        ${wait}
      } else if (c.cvIndex === 1 && job) fs.writeFileSync('again', job);
      return { bias };
    };
    const settings = (over) => options({ numGpusTotal: ${gpus}, threadsPerWorker: 1, trainFunc, ...over });
    const scores = (result) => result.folds.map(({ validation, test }) => [validation.metrics, test.metrics]);
    const result = await run(settings({ executor: ${executor} }));
    const trained = tools.executed().filter((line) => line.startsWith('train'));
    const reference = await run(settings({ dir: 'reference', executor: tools.local() }));
    say({
      trained,
      equal: JSON.stringify(scores(result)) === JSON.stringify(scores(reference)),
      attempts: result.folds.map((fold) => fold.attempt),
      journal: fs.readFileSync('run/journal.jsonl', 'utf8'),
    });
    await session.close();`;
  return script(dir, body, env);
}

/** Where fold 1 waits. */
export interface Waiting {
  /** Of its worker. */
  readonly pid: number;
  /** slurmstepd, or the actor. */
  readonly parent: number;
  readonly job: string;
  readonly node: string;
}

export async function whenWaiting(run: Script, dir: string): Promise<Waiting> {
  const file = join(dir, 'disturbed');
  const there = (): boolean => existsSync(file) && readFileSync(file, 'utf8') !== '';
  if (!(await eventually(there, 60_000))) throw new Error(`fold 1 never began:\n${run.output()}`);
  const [pid, parent, job, node] = readFileSync(file, 'utf8').split(' ') as [string, string, string, string];
  return { pid: Number(pid), parent: Number(parent), job, node };
}

/** Every unit has ended exactly once, with the numbers of local processes; gives what the journal says went wrong. */
export async function expectRecovered(run: Script): Promise<string> {
  const { output } = await run.ended;
  if (said(output).length === 0) throw new Error(`the run failed:\n${output}`);
  const [{ trained, equal, attempts, journal }] = said(output);
  expect(trained.sort()).toEqual(['train 0', 'train 1', 'train 1', 'train 2']);
  expect(equal).toBe(true);
  expect(attempts).toEqual([1, 2, 1]);
  const entries: any[] = journal
    .split('\n')
    .filter(Boolean)
    .map((line: string) => JSON.parse(line).e);
  const ends = entries
    .filter(({ type }) => type === 'phase')
    .map(({ part, phase, cvIndex }) => [part, phase, cvIndex].join());
  expect(new Set(ends).size).toBe(ends.length);
  return entries
    .filter(({ type }) => type === 'failure')
    .map(({ error }) => error.message)
    .join();
}
