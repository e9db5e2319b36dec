// What orchestration costs: milliseconds per no-op unit, 5 folds × 10 repetitions on 2 warm workers, journal and predictions
// on disk included, beside scikit-learn's cross_validate with joblib's warm loky workers, in the same run, round by round.
//   npm run bench -- overhead [--json]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findPython } from '../../scripts/python.mjs';
import { command, hashOf, ROOT, unlessStamped } from '../../scripts/steps.mjs';

const FOLDS = 5;
const REPETITIONS = 10;
const ROUNDS = 15;
const WARM_UP = 3;
const PEERS = ['scikit-learn==1.9.1', 'joblib==1.6.0'];
const json = process.argv.includes('--json');

const python = await peerPython();
const dir = mkdtempSync(join(tmpdir(), 'foldlab-overhead-'));
const { run, session } = createRequire(import.meta.url)('foldlab');

const peer = spawn(python, [join(import.meta.dirname, 'overhead.py'), String(FOLDS), String(REPETITIONS)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
const answer = async () => JSON.parse((await answers.next()).value);

const { versions } = await answer();
const ours = [];
const theirs = [];
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  const mine = await ourRound(round);
  peer.stdin.write('round\n');
  const its = await answer();
  if (round < WARM_UP) continue;
  ours.push(mine);
  theirs.push(its);
}
peer.stdin.end();
await session.close();
rmSync(dir, { recursive: true, force: true });

const units = FOLDS * REPETITIONS;
const figure = (rounds, field) => (median(rounds.map((round) => round[field])) * 1000) / units;
const result = {
  units,
  rounds: ROUNDS,
  foldlab: { msPerUnit: figure(ours, 'seconds'), cpuMsPerUnit: figure(ours, 'cpuSeconds') },
  joblib: { msPerUnit: figure(theirs, 'seconds'), cpuMsPerUnit: figure(theirs, 'cpuSeconds'), ...versions },
};
result.ratio = result.foldlab.msPerUnit / result.joblib.msPerUnit;
result.cpuRatio = result.foldlab.cpuMsPerUnit / result.joblib.cpuMsPerUnit;
if (json) console.log(JSON.stringify(result));
else {
  console.log(`${units} no-op units, medians of ${ROUNDS} interleaved rounds, 2 workers each, warm`);
  for (const [name, { msPerUnit, cpuMsPerUnit }] of [
    ['foldlab', result.foldlab],
    ['scikit-learn + joblib (loky)', result.joblib],
  ]) {
    console.log(
      `${name.padEnd(30)} ${msPerUnit.toFixed(2)} ms per unit   ${cpuMsPerUnit.toFixed(2)} CPU ms per unit`,
    );
  }
  console.log(
    `ratio: ${result.ratio.toFixed(2)} wall, ${result.cpuRatio.toFixed(2)} CPU (target: at most 1 wall)`,
  );
}

async function ourRound(round) {
  const cpu = cpuSeconds();
  const start = performance.now();
  await run({
    numFolds: FOLDS,
    numRepetitions: REPETITIONS,
    numGpusTotal: 0,
    numCpuSlots: 2,
    numGpusPerSplit: 1,
    display: false,
    dir: join(dir, String(round)),
    cacheDir: join(dir, 'cache'),
    datasetFunc: async () => ({ train: { length: 100 } }),
    trainFunc: async () => null,
    inferFunc: async ({ sampleIds }) => ({ ids: sampleIds[1], scores: sampleIds[1].map(() => [0.5, 0.5]) }),
    evalFunc: async ({ predictions }) => ({ rows: predictions.ids.length }),
  });
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: cpuSeconds() - cpu };
}

/** Of this process and its workers, all threads. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  const ticks = session.workers
    .map(({ pid }) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '))
    .reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0);
  return (user + system) / 1e6 + ticks / 100;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The peer's own virtual environment, made once. */
async function peerPython() {
  const venv = join(ROOT, '.venv-bench');
  const program = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  await unlessStamped(join(venv, '.foldlab-stamp'), hashOf([], ...PEERS), async () => {
    if (!existsSync(program)) await command(await findPython(), ['-m', 'venv', venv]);
    await command(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PEERS]);
  });
  if (!readdirSync(venv).length) throw new Error('no .venv-bench');
  return program;
}
