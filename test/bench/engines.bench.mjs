// npm run bench -- engines [--json] [--units 400] [--trials 20] [--leases 1,1000] [--simulated 5000]
//
// What a place costs: units that do nothing, on one warm lease of this machine, of SLURM and of Ray, both started here; and
// beside them trials that do nothing of Ray Tune, on the same Ray cluster in the same run. Everything is on one machine: real
// nodes add their network. A unit has its journal, predictions and metrics on disk, as in every run.
//
// Then --simulated units on --leases simulated leases (simulated/leases.mjs), all of which work at once: CPU per unit.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findOrInstallRay, rayPython, whyNoRay } from '../../scripts/ray.mjs';
import { findOrInstallSlurm, whyNoSlurm } from '../../scripts/slurm.mjs';
import { command, SetupFailure, step } from '../../scripts/steps.mjs';
import { importTs } from '../../scripts/ts.mjs';
import { measureLeases, simulated } from './simulated/leases.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const { local, ray, run, session, slurm } = createRequire(import.meta.url)('../../sdk');
const FOLDS = 10;

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    units: { type: 'string', default: '400' },
    trials: { type: 'string', default: '20' },
    leases: { type: 'string', default: '1,1000' },
    simulated: { type: 'string', default: '5000' },
  },
});
const numRepetitions = Math.max(1, Math.round(Number(given.units) / FOLDS));

const options = {
  numFolds: FOLDS,
  numGpusTotal: 1,
  numGpusPerSplit: 1,
  datasetFunc: () => ({ train: { length: 100 } }),
  trainFunc: () => null,
  inferFunc: ({ sampleIds }) => ({ ids: sampleIds[1], scores: new Float64Array(sampleIds[1].length) }),
  evalFunc: () => ({ score: 0 }),
  display: false,
};

/** CPU milliseconds of this process, and of the one that speaks to Ray, so far. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return { driver: (user + system) / 1000, bridge: bridgeCpuMs() };
}

function bridgeCpuMs() {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('ray_bridge.py')) continue;
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      if (Number(fields[1]) === process.pid) return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      continue; // it has ended
    }
  }
  return 0;
}

/** Runs on a warm lease: `onFailure: 'stop'` gives a lease one unit at a time, 'continue' several ahead. */
async function measure(executor) {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-bench-'));
  const go = async (name, more) => {
    const ends = [performance.now()];
    const going = run({ ...options, ...more, executor, dir: join(dir, name), cacheDir: join(dir, 'cache') });
    going.on(
      'phase',
      ({ phase, state }) => phase === 'eval' && state === 'done' && ends.push(performance.now()),
    );
    await going;
    return ends;
  };
  try {
    const began = performance.now();
    await go('first', { numRepetitions: 1 });
    const firstMs = performance.now() - began;
    const one = await go('one', { numRepetitions, onFailure: 'stop' });
    // the first unit's time has the start of its run
    const each = one.slice(2).map((end, i) => end - one[i + 1]);
    each.sort((a, b) => a - b);
    const before = cpuMs();
    const ahead = await go('ahead', { numRepetitions });
    const after = cpuMs();
    const units = ahead.length - 1;
    return {
      firstRunMs: round(firstMs, 0),
      p50Ms: round(each[each.length >> 1]),
      p90Ms: round(each[Math.floor(each.length * 0.9)]),
      aheadMs: round((ahead.at(-1) - ahead[1]) / (units - 1)),
      driverCpuMs: round((after.driver - before.driver) / units),
      bridgeCpuMs: round((after.bridge - before.bridge) / units),
    };
  } finally {
    await session.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** As many a second as a driver is to bear for long; with 1,000 leases a unit takes 2.5 s then. */
const UNITS_PER_SECOND = 400;

async function measureSimulated(executor) {
  const rows = [];
  for (const leases of given.leases.split(',').map(Number))
    rows.push(
      await measureLeases(leases, {
        executor,
        units: Number(given.simulated),
        unitsPerSecond: UNITS_PER_SECOND,
        options,
        cpuMs,
      }),
    );
  return rows;
}

const round = (value, digits = 2) => Number(value.toFixed(digits));

/** Milliseconds per trial of Ray Tune. */
async function measureTune(address) {
  await command(rayPython, [
    '-m',
    'pip',
    'install',
    '-q',
    '--disable-pip-version-check',
    'ray[tune]==2.60.0',
  ]);
  const output = await command(rayPython, [join(HERE, 'tune_peer.py'), address, given.trials]);
  return JSON.parse(output.trim().split('\n').at(-1));
}

await step('SLURM', findOrInstallSlurm);
await step('Ray', findOrInstallRay);
const missing = whyNoSlurm() ?? whyNoRay();
if (missing !== null) throw new SetupFailure(`Cannot measure: ${missing}`);

const figures = { 'this machine': await measure(local()) };
const { startSlurm } = await importTs('test/engines/slurmCluster.ts');
const slurmCluster = await startSlurm();
try {
  Object.assign(process.env, slurmCluster.env);
  figures.SLURM = await measure(slurm());
} finally {
  await slurmCluster.stop();
  delete process.env.SLURM_CONF;
}
const simulatedFigures = { SLURM: await measureSimulated(simulated.slurm()) };
const { startRay } = await importTs('test/engines/rayCluster.ts');
const rayCluster = await startRay(rayPython);
let tune;
try {
  figures.Ray = await measure(ray({ address: rayCluster.address, python: rayPython }));
  simulatedFigures.Ray = await measureSimulated(simulated.ray(rayCluster.address));
  tune = await measureTune(rayCluster.address);
} finally {
  await rayCluster.stop();
}

const context = { units: numRepetitions * FOLDS, cores: availableParallelism(), node: process.versions.node };
if (given.json) {
  console.log(JSON.stringify({ figures, simulated: simulatedFigures, tune, ...context }));
} else {
  console.log(`${context.units} units that do nothing on one warm lease, ${context.cores} cores\n`);
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(
        ([name, { firstRunMs, p50Ms, p90Ms, aheadMs, driverCpuMs, bridgeCpuMs }]) => [
          name,
          {
            'first run, cold (ms)': firstRunMs,
            'unit p50 (ms)': p50Ms,
            'p90 (ms)': p90Ms,
            'several ahead (ms per unit)': aheadMs,
            'driver CPU (ms per unit)': driverCpuMs,
            'bridge CPU (ms per unit)': bridgeCpuMs,
          },
        ],
      ),
    ),
  );
  console.log(`\n${given.simulated} units on simulated leases, all of which work at once\n`);
  console.table(
    Object.entries(simulatedFigures).flatMap(([place, rows]) =>
      rows.map(({ leases, openMs, openCpuMs, unitsPerSecond, driverCpuMs, bridgeCpuMs }) => ({
        place,
        leases,
        'opening (ms each)': openMs,
        'its driver CPU (ms)': openCpuMs,
        'units per second': unitsPerSecond,
        'driver CPU (ms per unit)': driverCpuMs,
        'bridge CPU (ms per unit)': bridgeCpuMs,
      })),
    ),
  );
  console.log(
    `Ray Tune ${tune.ray}, ${given.trials} trials that do nothing on the same cluster: ${tune.msPerTrial} ms per trial, ${tune.msPerTrialReused} with actors that are used again`,
  );
}
