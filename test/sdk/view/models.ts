/** Example runs for the tests of the views: pure functions of their options, the same numbers every time. */

import {
  ESTIMATES_MODEL_VERSION,
  type PairsModel,
  type VarianceModel,
} from '../../../sdk/src/view/estimates/model.js';
import { COMPARISON_MODEL_VERSION, type ComparisonModel } from '../../../sdk/src/view/comparison/model.js';
import {
  RUN_MODEL_VERSION,
  type ClassCountsModel,
  type CurveModel,
  type EnsembleModel,
  type HardestModel,
  type MeritsModel,
  type PictureModel,
  type RunModel,
  type UnitModel,
  type UnitStatus,
} from '../../../sdk/src/view/model.js';

const VALIDATION = [
  [0.9663, 0.959],
  [0.9639, 0.9581],
  [0.9641, 0.9565],
  [0.9652, 0.9604],
  [0.9607, 0.9607],
];
const TEST = [
  [0.9707, 0.9643],
  [0.9687, 0.965],
  [0.9697, 0.9645],
  [0.9675, 0.963],
  [0.9684, 0.9602],
];
const ENSEMBLES = [0.9728, 0.9674];

export function unit(changes: Partial<UnitModel> & Pick<UnitModel, 'cvIndex' | 'repIndex'>): UnitModel {
  return {
    status: 'done',
    phase: '',
    attempt: 1,
    counts: 1,
    cutOff: false,
    cached: false,
    seconds: 29.3,
    gpus: ['GPU-0'],
    validation: null,
    test: null,
    curves: [],
    error: '',
    attempts: [],
    ...changes,
  };
}

/** A loss that falls and an accuracy that rises, a little different for each unit. */
export function curves(cvIndex: number, repIndex: number, epochs = 10): CurveModel[] {
  const x = [...Array(epochs).keys()].map((i) => i + 1);
  const shift = 1 + 0.03 * cvIndex - 0.04 * repIndex;
  const wave = (i: number): number => 0.01 * Math.sin(i * 1.7 + cvIndex + 2 * repIndex);
  return [
    { metric: 'loss', epochs: x, values: x.map((e) => 0.9 * shift * Math.exp(-0.35 * e) + 0.03) },
    {
      metric: 'val_loss',
      epochs: x,
      values: x.map((e) => 0.3 * shift * Math.exp(-0.3 * e) + 0.11 + wave(e)),
    },
    {
      metric: 'val_accuracy',
      epochs: x,
      values: x.map((e) => 0.966 - 0.08 * shift * Math.exp(-0.4 * e) + wave(e) / 10),
    },
  ];
}

const score = (accuracy: number): { accuracy: number; logLoss: number } => ({
  accuracy,
  logLoss: Math.round((1 - accuracy) * 3.4e4) / 1e4,
});

export function baseModel(changes: Partial<RunModel> = {}): RunModel {
  return {
    version: RUN_MODEL_VERSION,
    sequence: 41,
    id: 'r-20240501-1',
    name: 'mnist-mlp',
    dir: 'runs/mnist-mlp',
    status: 'done',
    activity: '',
    startedAt: '2024-05-01T10:00:00.000Z',
    seconds: 234,
    cpuSeconds: 410,
    secondsLeft: null,
    numFolds: 5,
    numRepetitions: 2,
    seedsShared: false,
    hasTest: true,
    selected: false,
    metrics: ['accuracy', 'logLoss'],
    backend: 'tensorflow',
    units: [],
    ensembles: [],
    wideEnsembles: [],
    testLooks: 1,
    outOfFold: [],
    leases: [],
    intervals: [],
    spans: [],
    pictures: [],
    merits: [],
    classCounts: [],
    hardest: null,
    grouping: null,
    selectedOnValidation: false,
    notices: [],
    ...changes,
  };
}

function units(numFolds: number, numRepetitions: number): UnitModel[] {
  return [...Array(numRepetitions).keys()].flatMap((repIndex) =>
    [...Array(numFolds).keys()].map((cvIndex) =>
      unit({
        cvIndex,
        repIndex,
        validation: score(
          VALIDATION[cvIndex % 5]![repIndex % 2]! -
            0.0007 * Math.floor(repIndex / 2) +
            0.0003 * Math.floor(cvIndex / 5),
        ),
        test: score(
          TEST[cvIndex % 5]![repIndex % 2]! +
            0.0004 * Math.floor(repIndex / 2) -
            0.0011 * Math.floor(cvIndex / 5),
        ),
        curves: curves(cvIndex, repIndex),
      }),
    ),
  );
}

function ensembles(numFolds: number, numRepetitions: number): EnsembleModel[] {
  return [...Array(numRepetitions).keys()].map((repIndex) => ({
    repIndex,
    method: 'mean',
    test: score(ENSEMBLES[repIndex % 2]! + 0.0005 * Math.floor(repIndex / 2)),
    members: [...Array(numFolds).keys()],
    survivorsOnly: false,
  }));
}

/** 5 folds × 2 repetitions, everything in. */
export function doneModel(changes: Partial<RunModel> = {}): RunModel {
  return baseModel({
    units: units(5, 2),
    ensembles: ensembles(5, 2),
    outOfFold: [
      { repIndex: 0, rows: 60000, metrics: score(0.964) },
      { repIndex: 1, rows: 60000, metrics: score(0.9589) },
    ],
    ...changes,
  });
}

/** The same in the middle of it: 3 units done, one in its test phase, one training, the rest queued. */
export function runningModel(changes: Partial<RunModel> = {}): RunModel {
  const state = (i: number): [UnitStatus, string] =>
    i < 3 ? ['done', ''] : i === 3 ? ['running', 'test'] : i === 4 ? ['running', 'train'] : ['queued', ''];
  return baseModel({
    status: 'running',
    activity: '3 of 10 units done',
    seconds: 72,
    secondsLeft: 160,
    units: units(5, 2).map((each, i) => {
      const [status, phase] = state(i);
      return unit({
        ...each,
        status,
        phase,
        seconds: i < 3 ? each.seconds : null,
        validation: i < 4 ? each.validation : null,
        test: i < 3 ? each.test : null,
        curves: i < 4 ? each.curves : i === 4 ? curves(4, 0, 4) : [],
        gpus: i < 5 ? each.gpus : [],
      });
    }),
    leases: [
      { id: 'lease-0', pid: 4711, node: '', gpus: ['GPU-0'], busyWith: 'fold 3, repetition 0' },
      { id: 'lease-1', pid: 4712, node: '', gpus: ['GPU-1'], busyWith: 'fold 4, repetition 0' },
    ],
    notices: ['2 GPUs were asked for, 1 is free: going on with 1'],
    ...changes,
  });
}

/** One fold failed, one has a NaN, the ensemble of its repetition is of survivors. */
export function failedModel(changes: Partial<RunModel> = {}): RunModel {
  const done = doneModel();
  return baseModel({
    status: 'failed',
    units: done.units.map((each) =>
      each.cvIndex === 2 && each.repIndex === 1
        ? unit({
            cvIndex: 2,
            repIndex: 1,
            status: 'failed',
            error: 'Error: out of memory <while> training "fold"',
          })
        : each.cvIndex === 4 && each.repIndex === 0
          ? { ...each, validation: { accuracy: 'NaN', logLoss: 'Infinity' } }
          : each,
    ),
    ensembles: [done.ensembles[0]!, { ...done.ensembles[1]!, members: [0, 1, 3, 4], survivorsOnly: true }],
    notices: ['no GPU found: 2 CPU slots'],
    ...changes,
  });
}

/** No test set: no test phase, no ensembles. */
export function noTestModel(changes: Partial<RunModel> = {}): RunModel {
  return doneModel({
    hasTest: false,
    units: units(5, 2).map((each) => ({ ...each, test: null, curves: [] })),
    ensembles: [],
    ...changes,
  });
}

/** 10 folds × 5 repetitions. */
export function largeModel(numFolds = 10, numRepetitions = 5): RunModel {
  return baseModel({
    numFolds,
    numRepetitions,
    units: units(numFolds, numRepetitions),
    ensembles: ensembles(numFolds, numRepetitions),
  });
}

/** One fold of five used, one repetition. */
export function singleModel(): RunModel {
  return baseModel({ numRepetitions: 1, units: units(1, 1), ensembles: ensembles(1, 1) });
}

/** Before the first unit starts. */
export function freshModel(): RunModel {
  return baseModel({
    status: 'running',
    activity: 'computing the data set',
    seconds: 0.4,
    units: units(5, 2).map(({ cvIndex, repIndex }) =>
      unit({ cvIndex, repIndex, status: 'queued', seconds: null, gpus: [], attempt: 0, counts: 0 }),
    ),
  });
}

/** Ten classes, mostly right; another pattern for each unit. */
function confusion(cvIndex: number, repIndex: number): PictureModel {
  const labels = [...Array(10).keys()].map(String);
  const counts = labels.map((_, r) =>
    labels.map((__, c) =>
      r === c
        ? 1150 - 13 * r
        : ((r * 7 + c * 3 + cvIndex + 2 * repIndex) % 9) + ((r * c) % 11 === 3 ? 20 : 0),
    ),
  );
  return { ...picture('confusion', 'confusion', cvIndex, repIndex), labels, counts };
}

function picture(
  name: string,
  kind: PictureModel['kind'],
  cvIndex: number | null,
  repIndex: number,
): PictureModel {
  const part = cvIndex === null ? 'test' : 'validation';
  return { name, kind, part, repIndex, cvIndex, labels: ['1'], counts: [], x: [], y: [], low: [], high: [] };
}

function rates(cvIndex: number | null, repIndex: number): PictureModel[] {
  const x = [...Array(21).keys()].map((i) => i / 20);
  const power = 0.06 + 0.004 * (cvIndex ?? -3) + 0.003 * repIndex;
  const bend = cvIndex === null ? 0.015 : -0.03 - 0.004 * cvIndex;
  const predicted = x.slice(1, -1).filter((_, i) => i % 2 === 0);
  const observed = predicted.map((p) => p + bend * Math.sin(Math.PI * p));
  return [
    { ...picture('roc', 'roc', cvIndex, repIndex), x, y: x.map((value) => value ** power) },
    {
      ...picture('pr', 'precisionRecall', cvIndex, repIndex),
      x: [...x].reverse(),
      y: [...x].reverse().map((value) => 1 - 0.4 * power * value ** 3),
    },
    {
      ...picture('calibration', 'calibration', cvIndex, repIndex),
      x: predicted,
      y: observed,
      low: observed.map((value) => value - 0.02),
      high: observed.map((value) => value + 0.02),
    },
  ];
}

/** Five members that differ in about one row of thirty. */
function merits(repIndex: number): MeritsModel {
  const mean = [0.9678, 0.9704, 0.9716, 0.9723, 0.9728].map((value) => value - 0.0025 * repIndex);
  const width = [0.0016, 0.0009, 0.0005, 0.0002, 0];
  return {
    repIndex,
    kind: 'class',
    metric: 'accuracy',
    rows: 10_000,
    orders: 20,
    mean,
    low: mean.map((value, i) => value - width[i]!),
    high: mean.map((value, i) => value + width[i]!),
    members: [0, 1, 2, 3, 4],
    gains: [0.0012, 0.0007, -0.0002, 0.0009, 0.0004].map((gain, i) => gain + ((i + repIndex) % 3) * 2e-4),
    disagreement: [0, 1, 2, 3, 4].map((a) =>
      [0, 1, 2, 3, 4].map((b) => (a === b ? 0 : 0.03 + ((a * b + repIndex) % 5) / 400)),
    ),
  };
}

const CLASS_COUNTS: ClassCountsModel = {
  repIndex: null,
  labels: [...Array(10).keys()].map(String),
  folds: [0, 1, 2, 3, 4],
  counts: [0, 1, 2, 3, 4].map((fold) =>
    [...Array(10).keys()].map((label) => 1150 + ((fold * 37 + label * 53) % 91)),
  ),
};

const HARDEST: HardestModel = {
  kind: 'class',
  repetitions: 3,
  rows: 60_000,
  wrongRows: 3_127,
  hardest: [...Array(20).keys()].map((i) => ({
    id: String(59_915 - 2_713 * i),
    target: String((i * 7 + 4) % 10),
    said: String((i * 3 + 9) % 10),
    wrong: i < 14 ? 3 : 2,
    of: 3,
    size: Math.round((0.9987 - 0.004 * (i % 14)) * 1e4) / 1e4,
  })),
};

/** 5 × 3 with everything: intervals, pictures, the leases' work, a unit run twice. */
export function fullModel(): RunModel {
  const all = units(5, 3).map((each) =>
    each.cvIndex === 3 && each.repIndex === 1
      ? unit({
          ...each,
          attempt: 2,
          attempts: [
            {
              attempt: 1,
              status: 'done',
              cutOff: false,
              changed: '',
              seconds: 29.3,
              validation: each.validation,
              test: each.test,
            },
            {
              attempt: 2,
              status: 'done',
              cutOff: false,
              changed: 'trainParams.learningRate 0.0003 → 0.001',
              seconds: 27.2,
              validation: score(0.9651),
              test: null,
            },
          ],
        })
      : each,
  );
  const lasting = (i: number): number => 27 + ((i * 5) % 7) / 2;
  const starts = [0, 0];
  const spans = all.map((each, i) => {
    const lane = i % 2;
    const start = 3 + starts[lane]!;
    starts[lane]! += lasting(i);
    return {
      lease: `GPU ${lane}`,
      work: `fold ${each.cvIndex}, repetition ${each.repIndex}`,
      start,
      end: 3 + starts[lane]!,
    };
  });
  return baseModel({
    numRepetitions: 3,
    units: all,
    ensembles: ensembles(5, 3),
    outOfFold: [0, 1, 2].map((repIndex) => ({
      repIndex,
      rows: 60000,
      metrics: score(0.964 - 0.002 * repIndex),
    })),
    selectedOnValidation: true,
    spans,
    merits: [0, 1, 2].map(merits),
    classCounts: [CLASS_COUNTS],
    hardest: HARDEST,
    pictures: [
      ...all.map(({ cvIndex, repIndex }) => confusion(cvIndex, repIndex)),
      ...all.flatMap(({ cvIndex, repIndex }) => rates(cvIndex, repIndex)),
      ...all.flatMap(({ cvIndex, repIndex }) =>
        rates(cvIndex, repIndex).map((each) => ({ ...each, part: 'test' as const })),
      ),
      ...[0, 1, 2].flatMap((repIndex) => rates(null, repIndex)),
    ],
    intervals: [
      {
        metric: 'accuracy',
        low: 0.9593,
        high: 0.9639,
        says: "Trained on about 48000 rows like these, the method's expected accuracy is 0.9593 to 0.9639 (95 % corrected resampled t (Nadeau & Bengio 2003); n = 5 folds; 3 repetitions averaged within each; approximate). Validation, also used for stopping: optimistic.",
      },
    ],
  });
}

export const EXAMPLES = {
  full: fullModel(),
  done: doneModel(),
  running: runningModel(),
  failed: failedModel(),
  noTest: noTestModel(),
  large: largeModel(),
  wide: largeModel(4, 11),
  single: singleModel(),
  fresh: freshModel(),
};

/** Two runs of five folds, three repetitions averaged; one fold is the other way round. */
export function comparisonModel(changes: Partial<ComparisonModel> = {}): ComparisonModel {
  const first = [0.9636, 0.9617, 0.9613, 0.9634, 0.9605];
  const second = [0.9601, 0.9588, 0.9617, 0.9596, 0.9571];
  return {
    version: COMPARISON_MODEL_VERSION,
    metric: 'accuracy',
    first: 'wide',
    second: 'narrow',
    numRepetitions: 3,
    folds: first.map((value, cvIndex) => ({
      cvIndex,
      repIndex: null,
      first: value,
      second: second[cvIndex]!,
      difference: Number((value - second[cvIndex]!).toFixed(4)),
    })),
    difference: {
      mean: 0.00264,
      low: -0.0001,
      high: 0.0054,
      level: 0.95,
      says: "Trained on about 48000 rows like these, the method's expected difference in accuracy is -0.0001 to 0.0054 (95 % corrected resampled t (Nadeau & Bengio 2003); n = 5 folds; 3 repetitions averaged within each; approximate).",
    },
    test: 'corrected resampled t-test (Nadeau & Bengio 2003)',
    t: 2.61,
    p: 0.0594,
    ...changes,
  };
}

/** Three runs, two pairs of which differ. */
export function pairsModel(changes: Partial<PairsModel> = {}): PairsModel {
  const pair = (first: string, second: string, mean: number, half: number, p: number, pHolm: number) => ({
    first,
    second,
    mean,
    low: mean - half,
    high: mean + half,
    p,
    pHolm,
  });
  return {
    version: ESTIMATES_MODEL_VERSION,
    kind: 'pairs',
    metric: 'accuracy',
    level: 0.95,
    numRuns: 3,
    numPairs: 3,
    pairs: [
      pair('wide', 'narrow', 0.0026, 0.0028, 0.0594, 0.0594),
      pair('wide', 'linear', 0.0411, 0.0052, 0.00002, 0.00006),
      pair('narrow', 'linear', 0.0385, 0.0061, 0.0004, 0.0008),
    ],
    test: 'corrected resampled t-test (Nadeau & Bengio 2003)',
    notes: [],
    ...changes,
  };
}

/** Five folds, three repetitions with seeds of their own. */
export function varianceModel(changes: Partial<VarianceModel> = {}): VarianceModel {
  return {
    version: ESTIMATES_MODEL_VERSION,
    kind: 'variance',
    metric: 'accuracy',
    level: 0.95,
    folds: 5,
    repetitions: 3,
    parts: [
      { name: 'fold', sd: 0.0017, low: 0.0004, high: 0.0054 },
      { name: 'seed and rest', sd: 0.0012, low: 0.0008, high: 0.0021 },
    ],
    moreSeeds: [
      { repetitions: 3, sd: 0.00031 },
      { repetitions: 6, sd: 0.00022 },
      { repetitions: 15, sd: 0.00014 },
    ],
    says: 'Standard deviations of the accuracy: fold 0.0017 (0.0004 to 0.0054), seed and rest 0.0012 (0.0008 to 0.0021) (95 % intervals; nested model, 5 folds × 3 repetitions). Seeds move the mean of all scores by 0.00031 now, by 0.00022 with 6 repetitions; more seeds shrink that part only, not the one of the folds.',
    ...changes,
  };
}
