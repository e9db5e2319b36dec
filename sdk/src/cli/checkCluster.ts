/** `foldlab doctor --executor slurm`: opens one lease as a run would, and looks around on its node. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBackend } from '../backends/activate.js';
import { cacheDir } from '../backends/cache.js';
import { checkExecutor } from '../engines/choices.js';
import type { Preflight, PreflightJob } from '../jobs/preflight.js';
import type { Lease } from '../schedule/executor.js';
import { rootOf, tryStorage, type StorageTrial } from '../run/stored/tryStorage.js';
import { currentSession } from '../session.js';
import { showPlace, storageOf, type StoragePlace } from '../storage/place.js';
import { checkNode, type Check } from './checks.js';

/**
 * @param options JSON: what `slurm()` or `ray()` is given
 * @throws TypeError when it is none
 */
export async function checkCluster(kind: string, options: string, gpus: number): Promise<Check[]> {
  const executor = checkExecutor({ ...(parse(options) as object), kind });
  if (!Number.isInteger(gpus) || gpus < 0)
    throw new RangeError(`Cannot try a lease: --gpus must be a whole number of at least 0; found ${gpus}`);
  const { pool, shipment } = currentSession();
  const request = { executor, numGpusTotal: gpus, numGpusPerSplit: Math.max(gpus, 1), numCpuSlots: 1 };
  const planned = await pool.plan(
    { ...request, strictGpus: false, waitForGpusMs: 0 },
    { notice: (message) => process.stderr.write(`${message}\n`) },
  );
  const place = storageOf(executor);
  const storage = place && (await tryHere(kind, place));
  if (storage?.check.state === 'missing') {
    await pool.close();
    return [storage.check];
  }
  const marks = place ? [] : [process.cwd(), cacheDir()].map(writeMark);
  try {
    const onState = (text: string): void => void (text && process.stderr.write(`${text}\n`));
    const lease = await planned.executor.open({ shipment, onState });
    const argument: PreflightJob = { files: marks };
    const hooks = { onEvent: () => {}, signal: new AbortController().signal };
    const found = (await lease.run({ method: 'preflight', argument, needs: [] }, hooks)) as Preflight;
    const node = storage?.trial ? [await tryThere(kind, lease, storage.trial)] : [];
    return [...describe(kind, lease, gpus, found), ...(storage ? [storage.check] : []), ...node];
  } catch (error) {
    const { message } = error as Error;
    return [{ name: kind, state: 'missing', found: message, fix: hintOf(message) }];
  } finally {
    for (const { path } of marks) rmSync(path, { force: true });
    await storage?.trial?.end();
    await pool.close();
  }
}

function describe(kind: string, lease: Lease, gpus: number, found: Preflight): Check[] {
  const got = lease.gpus.length > 0 ? lease.gpus.join(', ') : 'no GPU';
  const node = checkNode(found.nodeVersion);
  const [here, there] = [describeBackend(), found.backend];
  const sameBackend = here.kind === there.kind && here.tensorflowVersion === there.tensorflowVersion;
  const folder = ([name, fix]: (typeof FOLDERS)[number], state: Preflight['files'][number]): Check => ({
    name: `${kind}: ${name}`,
    state: state === 'ok' ? 'ok' : 'missing',
    found:
      state === 'ok'
        ? 'shared, writable'
        : `the node sees ${state === 'missing' ? 'not what is written here' : `it as ${state}`}`,
    fix: state === 'ok' ? null : fix,
  });
  return [
    {
      name: kind,
      state: lease.gpus.length < gpus ? 'warning' : 'ok',
      found: `a lease on ${lease.node} with ${got}`,
      fix: lease.gpus.length < gpus ? `${gpus} GPUs were asked for; see 'gres' and 'resources'` : null,
    },
    { ...node, name: `${kind}: Node`, found: `${node.found} (${found.platform})` },
    {
      name: `${kind}: TensorFlow`,
      state: there.kind === 'none' ? 'missing' : sameBackend ? 'ok' : 'warning',
      found:
        there.kind === 'none'
          ? 'not set up'
          : `${there.kind} ${there.tensorflowVersion ?? there.tfjsVersion}`,
      fix:
        sameBackend && there.kind !== 'none'
          ? null
          : (there.notice ??
            `here it is ${here.kind} ${here.tensorflowVersion ?? ''}: put foldlab's cache (FOLDLAB_CACHE) on a shared file system, then npx foldlab setup`),
    },
    ...found.files.map((state, i) => folder(FOLDERS[i]!, state)),
  ];
}

/** What a run needs to share with its nodes, unless it has a storage. */
const FOLDERS: readonly [string, string][] = [
  ['working directory', 'start in a folder that all nodes share, or give a storage'],
  ['cache', 'set FOLDLAB_CACHE, or cacheDir of run(), to a folder that all nodes share, or give a storage'],
];

/** The storage, as this machine sees it. */
async function tryHere(
  kind: string,
  place: StoragePlace,
): Promise<{ readonly check: Check; readonly trial: StorageTrial | null }> {
  const name = `${kind}: storage`;
  try {
    const trial = await tryStorage(place, rootOf(place, `doctor-${randomBytes(4).toString('hex')}`));
    return { trial, check: { name, state: 'ok', found: `${showPlace(place)}, from here`, fix: null } };
  } catch (error) {
    return { trial: null, check: refused(name, error) };
  }
}

async function tryThere(kind: string, lease: Lease, trial: StorageTrial): Promise<Check> {
  const name = `${kind}: storage`;
  try {
    await trial.onNode(lease);
    return { name, state: 'ok', found: `reached from ${lease.node}`, fix: null };
  } catch (error) {
    return refused(name, error);
  }
}

/** An error that says its own fix, after the last semicolon. */
function refused(name: string, error: unknown): Check {
  const { message } = error as Error;
  const [, found, fix] = /^(.*); (.*)$/s.exec(message) ?? [null, message, 'see docs/clusters.md'];
  return { name, state: 'missing', found: found!, fix: fix! };
}

/** A file that only this process can have written. */
function writeMark(dir: string): { path: string; content: string } {
  mkdirSync(dir, { recursive: true });
  const content = randomBytes(8).toString('hex');
  const path = join(dir, `.foldlab-doctor-${content}`);
  writeFileSync(path, content);
  return { path, content };
}

/** Where the worker could not even start, the node lacks Node, foldlab or the path to it. */
const hintOf = (message: string): string =>
  /not found|No such file|Cannot find module|execve/i.test(message)
    ? `the node must have ${process.execPath} (or name another by 'node') and foldlab in ${join(__dirname, '..', '..')}: install both on a shared file system, or in every node's image`
    : 'see docs/clusters.md';

function parse(options: string): unknown {
  try {
    return JSON.parse(options);
  } catch (cause) {
    throw new TypeError(
      `Cannot read --executor-options: it must be JSON such as '{"partition":"gpu"}'; found ${options}`,
      { cause },
    );
  }
}
