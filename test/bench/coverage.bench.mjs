// npm run bench -- coverage [--data-sets 2000] [--json]: how often the 95 % intervals of cross-validated scores hold the truth.
//
// A small learning problem whose answer is known by simulation: two classes of Gaussian rows, a nearest-centroid classifier on a
// few features that the seed chooses. The truth (estimand) is the expected accuracy of the algorithm at n_train rows,
// over data sets and seeds: the mean of all simulated fold scores, which estimate exactly that.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { stats, cutSplits, kFold, repeatedKFold } = require('../../sdk/dist/index.js');
const { randomState } = require('../../sdk/dist/plan/randomState.js');
const { tQuantile } = require('../../sdk/dist/stats/distributions.js');

const option = process.argv.indexOf('--data-sets');
const DATA_SETS = option > 0 ? Number(process.argv[option + 1]) : 2000;
const [ROWS, FEATURES, FOLDS, REPETITIONS] = [100, 8, 5, 3];
/** How many of the features a seed chooses: with all of them seeds do not matter. */
const PROBLEMS = { seedy: 3, steady: FEATURES };
/** Below this an interval is called liberal. */
const LIBERAL = 0.9;

const settings = Object.keys(PROBLEMS).flatMap((problem) =>
  ['fixed', 'reshuffled'].flatMap((resampling) =>
    ['per-fold', 'shared'].map((seedPolicy) => ({ problem, resampling, seedPolicy })),
  ),
);
const size = { train: ROWS - ROWS / FOLDS, validation: ROWS / FOLDS };
const sizes = Array.from({ length: FOLDS }, () => size);

/** Standard deviations of folds, seeds and the rest, of tables that are drawn as the model says. */
const TABLES = [
  { folds: 5, repetitions: 10, sds: [0.03, 0.015, 0.08] },
  { folds: 5, repetitions: 3, sds: [0.03, 0.03, 0.03] },
  { folds: 10, repetitions: 10, sds: [0.03, 0, 0.05] },
];

const rows = settings.map((setting) => measure(setting));
const parts = TABLES.map((table) => measureParts(table));
if (process.argv.includes('--json')) console.log(JSON.stringify({ dataSets: DATA_SETS, rows, parts }));
else {
  console.log(
    `${DATA_SETS} data sets of ${ROWS} rows, ${FOLDS} folds × ${REPETITIONS} repetitions, 95 % intervals of the expected accuracy at ${size.train} rows`,
  );
  console.log('problem splits      seeds     truth   covered  width   naive covered  naive width');
  for (const row of rows) {
    console.log(
      `${row.problem.padEnd(7)} ${row.resampling.padEnd(11)} ${row.seedPolicy.padEnd(9)} ${row.truth.toFixed(4)}  ${percent(row.covered)}  ${row.width.toFixed(3)}   ` +
        `${percent(row.naiveCovered)}         ${row.naiveWidth.toFixed(3)}${row.covered < LIBERAL ? '   liberal' : ''}`,
    );
  }
  console.log('naive: Student t over all folds × repetitions as if they were independent');
  console.log('\n95 % intervals of variance parts (shared seeds): SDs, and how often each is held');
  for (const { folds, repetitions, sds, covered } of parts)
    console.log(
      `${folds} × ${repetitions}: ${['fold', 'seed', 'rest'].map((name, i) => `${name} ${sds[i]} ${percent(covered[i]).trim()}`).join(', ')}`,
    );
}

function measureParts({ folds, repetitions, sds }) {
  const random = randomState(1962);
  const normals = (n, sd) => Array.from({ length: n }, () => sd * random.normal());
  const held = [0, 0, 0];
  for (let d = 0; d < DATA_SETS; d++) {
    const [ofFold, ofSeed] = [normals(folds, sds[0]), normals(repetitions, sds[1])];
    const scores = ofSeed.flatMap((seed, repIndex) =>
      ofFold.map((fold, cvIndex) => ({ repIndex, cvIndex, value: fold + seed + sds[2] * random.normal() })),
    );
    stats.varianceParts({ scores, seedPolicy: 'shared' }).parts.forEach(({ low, high }, i) => {
      // no interval holds nothing
      if (low !== null && low <= sds[i] && sds[i] <= high) held[i]++;
    });
  }
  return { folds, repetitions, sds, covered: held.map((count) => count / DATA_SETS) };
}

function measure({ problem, resampling, seedPolicy }) {
  const random = randomState(20_031_103);
  const tables = [];
  for (let d = 0; d < DATA_SETS; d++) {
    const { inputs, labels } = draw(random);
    const splitter =
      resampling === 'fixed'
        ? kFold({ numFolds: FOLDS, seed: d })
        : repeatedKFold({ numFolds: FOLDS, seed: d });
    const { repetitions } = cutSplits(splitter, { n: ROWS }, { numRepetitions: REPETITIONS });
    const scores = [];
    repetitions.forEach((folds, repIndex) => {
      const shared = chooseFeatures(random, problem);
      folds.forEach((fold, cvIndex) => {
        const features = seedPolicy === 'shared' ? shared : chooseFeatures(random, problem);
        scores.push({ repIndex, cvIndex, value: accuracyOf(inputs, labels, fold, features) });
      });
    });
    tables.push(scores);
  }
  const truth = mean(tables.flat().map((score) => score.value));
  const intervals = tables.map((scores) => stats.foldInterval({ scores, sizes, resampling, seedPolicy }));
  const naive = tables.map((scores) => naiveInterval(scores.map((score) => score.value)));
  const covered = (list) => mean(list.map(({ low, high }) => Number(low <= truth && truth <= high)));
  const width = (list) => mean(list.map(({ low, high }) => high - low));
  return {
    problem,
    resampling,
    seedPolicy,
    truth,
    covered: covered(intervals),
    width: width(intervals),
    naiveCovered: covered(naive),
    naiveWidth: width(naive),
  };
}

/** Classes differ a little in every feature. */
function draw(random) {
  const labels = Uint8Array.from({ length: ROWS }, () => random.interval(1));
  const inputs = Float64Array.from(
    { length: ROWS * FEATURES },
    (_, i) => random.normal() + (labels[Math.floor(i / FEATURES)] === 1 ? 0.6 : 0),
  );
  return { inputs, labels };
}

function chooseFeatures(random, problem) {
  return random.permutation(FEATURES).subarray(0, PROBLEMS[problem]);
}

function accuracyOf(inputs, labels, { train, validation }, features) {
  const centres = [0, 1].map((label) => {
    const own = train.filter((row) => labels[row] === label);
    return Array.from(features, (j) => mean(own.map((row) => inputs[row * FEATURES + j])));
  });
  const distance = (row, centre) =>
    features.reduce((sum, j, i) => sum + (inputs[row * FEATURES + j] - centre[i]) ** 2, 0);
  const hits = validation.filter(
    (row) => Number(distance(row, centres[1]) < distance(row, centres[0])) === labels[row],
  );
  return hits.length / validation.length;
}

function naiveInterval(values) {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  const half = tQuantile(0.975, values.length - 1) * Math.sqrt(variance / values.length);
  return { low: centre - half, high: centre + half };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`.padStart(7);
}
