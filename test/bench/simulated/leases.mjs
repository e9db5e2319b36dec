// A thousand leases on one machine: what the driver, and the bridge to Ray, pay for a unit when so many are open. They are
// real up to the connection of a worker; farm.cjs tells what is behind it.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rayPython } from '../../../scripts/ray.mjs';
import { round } from '../figures.mjs';

const { ray, run, session, slurm } = createRequire(import.meta.url)('../../../sdk');
const HERE = fileURLToPath(new URL('.', import.meta.url));
const FARMS = 2;
const FOLDS = 10;

/** Executors of simulated leases: SLURM's programs are those of `slurm/` here; Ray is a real cluster with a few actors. */
export const simulated = {
  slurm: () => slurm(),
  ray: (address) => ray({ address, python: join(HERE, 'ray_python') }),
};

/** Processes that hold the workers of `leases`. */
async function startFarms(leases) {
  const farms = Array.from({ length: FARMS }, () => fork(join(HERE, 'farm.cjs')));
  const counts = farms.map(() => 0);
  let complete;
  const all = new Promise((resolve) => (complete = resolve));
  const ports = await Promise.all(
    farms.map(
      (farm, i) =>
        new Promise((resolve, reject) => {
          farm.once('exit', reject);
          farm.on('message', ({ port, workers }) => {
            if (port) resolve(port);
            counts[i] = workers ?? counts[i];
            if (counts.reduce((sum, count) => sum + count) === leases) complete();
          });
        }),
    ),
  );
  const tell = (go) => farms.forEach((farm) => farm.send({ go }));
  return { ports, all, tell, stop: () => farms.forEach((farm) => farm.disconnect()) };
}

/**
 * CPU of this process and of the bridge per unit, over units that all leases work on at once.
 *
 * @param leases how many
 * @param options.executor as in `run()`
 * @param options.unitsPerSecond by all leases together; how long a unit takes follows from it
 * @param options.cpuMs CPU milliseconds of driver and bridge so far
 */
export async function measureLeases(leases, { executor, units, unitsPerSecond, options, cpuMs }) {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-bench-'));
  const farms = await startFarms(leases);
  const { PATH } = process.env;
  process.env.FARM_PORTS = farms.ports.join(' ');
  process.env.RAY_PYTHON = rayPython;
  process.env.PATH = join(HERE, 'slurm') + delimiter + PATH;
  const go = (name, wanted) =>
    run({
      ...options,
      numFolds: FOLDS,
      numRepetitions: Math.ceil(wanted / FOLDS),
      numGpusTotal: leases,
      // one unit at a time for each lease, as units have that take longer than a message
      onFailure: 'stop',
      executor,
      dir: join(dir, name),
      cacheDir: join(dir, 'cache'),
    });
  try {
    const began = performance.now();
    const cold = cpuMs();
    const first = go('first', leases);
    await Promise.race([farms.all, first]);
    const openMs = performance.now() - began;
    const warm = cpuMs();
    farms.tell((1000 * leases) / unitsPerSecond);
    await first;
    const before = cpuMs();
    const started = performance.now();
    const result = await go('second', units);
    const seconds = (performance.now() - started) / 1000;
    const after = cpuMs();
    const count = result.folds.length;
    return {
      leases,
      openMs: round(openMs / leases, 1),
      openCpuMs: round((warm.driver - cold.driver) / leases, 2),
      unitsPerSecond: Math.round(count / seconds),
      driverCpuMs: round((after.driver - before.driver) / count),
      bridgeCpuMs: round((after.bridge - before.bridge) / count),
    };
  } finally {
    await session.close();
    process.env.PATH = PATH;
    farms.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
