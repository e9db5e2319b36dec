/**
 * The options of run(), checked and completed. Everything that can be known without running a function is refused here.
 */
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import {
  DATASET_MODES,
  FAILURE_POLICIES,
  OUT_OF_MEMORY_POLICIES,
  LEAK_POLICIES,
  REEXECUTE_POLICIES,
  SEED_POLICIES,
  TEST_SCORE_POLICIES,
  type DatasetMode,
  type EnsembleFunc,
  type EnsembleMethod,
  type EnsembleOver,
  type ExecutorChoice,
  type FailurePolicy,
  type OutOfMemoryPolicy,
  type LeakPolicy,
  type MetricFunc,
  type Overrides,
  type ReexecutePolicy,
  type RunOptions,
  type SeedPolicy,
  type SplitIds,
  type TestScorePolicy,
} from '../contract.js';
import { checkExecutor } from '../engines/choices.js';
import { contentKey } from '../plan/contentKey.js';
import { SPLITTER_KINDS, type Splitter } from '../plan/splitters.js';
import { checkEnsembles } from './ensembleOptions.js';
import { flag, oneOf, show, text, whole, wrongRange } from './readOption.js';
import { suggest } from './suggest.js';

export const FUNCTION_NAMES = ['datasetFunc', 'trainFunc', 'inferFunc', 'evalFunc'] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];
const PARAM_NAMES = ['datasetParams', 'trainParams', 'inferParams', 'evalParams'] as const;

const KNOWN: readonly (keyof RunOptions)[] = [
  'numFolds',
  'numGpusTotal',
  'numGpusPerSplit',
  'numRepetitions',
  ...FUNCTION_NAMES,
  ...PARAM_NAMES,
  'sampleIds',
  'splits',
  'executor',
  'onLeak',
  'testScores',
  'numFoldsUsed',
  'dir',
  'seed',
  'seedPolicy',
  'ensembles',
  'ensembleSurvivors',
  'metrics',
  'onFailure',
  'onOutOfMemory',
  'datasetMode',
  'unitTimeoutMs',
  'keepModels',
  'numCpuSlots',
  'threadsPerWorker',
  'strictGpus',
  'waitForGpus',
  'onReexecute',
  'cacheDir',
  'name',
  'signal',
  'display',
];

/** A function that was packed by an earlier process. */
export interface StoredFunction {
  readonly name: string;
  readonly print: string;
  readonly key: string;
  /** Null where the run's directory does not have it. */
  readonly payload: Uint8Array | null;
}
export type FunctionSource = ((...args: any[]) => unknown) | string | StoredFunction;

export interface EnsembleSetting {
  readonly combine: EnsembleMethod | EnsembleFunc | StoredFunction;
  readonly over: EnsembleOver;
}

/** Options with every default filled in. Params and ids are copies: the caller may change its own while the run goes on. */
export interface Settings {
  readonly numFolds: number;
  readonly numFoldsUsed: number;
  readonly numGpusTotal: number;
  readonly numGpusPerSplit: number;
  readonly numRepetitions: number;
  readonly functions: Readonly<Record<FunctionName, FunctionSource>>;
  readonly params: {
    readonly dataset: unknown;
    readonly train: unknown;
    readonly infer: unknown;
    readonly eval: unknown;
  };
  readonly sampleIds: readonly SplitIds[] | null;
  /** Null: the default, or those of `sampleIds`. */
  readonly splits: Splitter | null;
  readonly executor: ExecutorChoice;
  readonly onLeak: LeakPolicy;
  readonly testScores: TestScorePolicy;
  /** Absolute; null: a new one. */
  readonly dir: string | null;
  readonly seed: number;
  readonly seedPolicy: SeedPolicy;
  readonly ensembles: readonly EnsembleSetting[];
  readonly ensembleSurvivors: boolean;
  readonly metrics: Readonly<Record<string, MetricFunc | StoredFunction>> | null;
  readonly onFailure: FailurePolicy;
  readonly onOutOfMemory: OutOfMemoryPolicy;
  readonly datasetMode: DatasetMode;
  readonly unitTimeoutMs: number | null;
  readonly keepModels: boolean;
  readonly numCpuSlots: number | undefined;
  readonly threadsPerWorker: number | undefined;
  readonly strictGpus: boolean;
  /** 0: not at all; Infinity: as long as it takes. */
  readonly waitForGpusMs: number;
  readonly onReexecute: ReexecutePolicy;
  readonly cacheDir: string;
  readonly name: string | null;
  readonly signal: AbortSignal | null;
  readonly display: boolean;
}

/**
 * @throws TypeError for a missing, unknown or wrongly typed option
 * @throws RangeError for a number outside its range
 */
export function checkOptions(options: RunOptions): Settings {
  if (options === null || typeof options !== 'object') {
    throw new TypeError(`Cannot start a run: run() takes one options object; found ${show(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!(KNOWN as readonly string[]).includes(name)) {
      const near = suggest(name, KNOWN);
      throw new TypeError(
        `Cannot start a run: '${name}' is not an option${near ? `; did you mean '${near}'?` : ` (known: ${KNOWN.join(', ')})`}`,
      );
    }
  }
  const splits = checkSplits(options);
  const numFolds = countFolds(options, splits);
  const numRepetitions = whole(options, 'numRepetitions', 1);
  const numGpusTotal = whole(options, 'numGpusTotal', 0);
  const numGpusPerSplit = gpusPerSplit(options, numGpusTotal);
  const numFoldsUsed = options.numFoldsUsed === undefined ? numFolds : whole(options, 'numFoldsUsed', 1);
  if (numFoldsUsed > numFolds) {
    throw wrongRange(
      'numFoldsUsed',
      `at most numFolds (${numFolds})`,
      numFoldsUsed,
      `use ${numFolds} or fewer`,
    );
  }
  const sampleIds = options.sampleIds ?? null;
  if (sampleIds !== null) checkSampleIds(sampleIds, numFolds);
  for (const name of FUNCTION_NAMES) checkFunction(options, name);
  const [dataset, train, infer, evaluate] = PARAM_NAMES.map((name) => copyParams(options, name));
  return {
    numFolds,
    numFoldsUsed,
    numGpusTotal,
    numGpusPerSplit,
    numRepetitions,
    functions: {
      datasetFunc: options.datasetFunc,
      trainFunc: options.trainFunc,
      inferFunc: options.inferFunc,
      evalFunc: options.evalFunc,
    },
    params: { dataset, train, infer, eval: evaluate },
    splits,
    executor: executorOf(options, numGpusTotal, numGpusPerSplit),
    onLeak: oneOf(options, 'onLeak', LEAK_POLICIES, 'error'),
    testScores: oneOf(options, 'testScores', TEST_SCORE_POLICIES, 'shown'),
    sampleIds: sampleIds && sampleIds.map(([train, validation]) => [train.slice(), validation.slice()]),
    dir: options.dir === undefined ? null : resolve(text(options, 'dir')),
    seed: options.seed === undefined ? 0 : whole(options, 'seed', 0, 2 ** 32 - 1),
    seedPolicy: oneOf(options, 'seedPolicy', SEED_POLICIES, 'per-fold'),
    ensembles: checkEnsembles(options.ensembles, { splits, numFolds, numFoldsUsed }),
    ensembleSurvivors: flag(options, 'ensembleSurvivors', false),
    metrics: checkMetrics(options.metrics),
    onFailure: oneOf(options, 'onFailure', FAILURE_POLICIES, 'continue'),
    onOutOfMemory: oneOf(options, 'onOutOfMemory', OUT_OF_MEMORY_POLICIES, 'fail'),
    datasetMode: oneOf(options, 'datasetMode', DATASET_MODES, 'shared'),
    unitTimeoutMs: options.unitTimeoutMs === undefined ? null : whole(options, 'unitTimeoutMs', 1),
    keepModels: flag(options, 'keepModels', true),
    numCpuSlots: options.numCpuSlots === undefined ? undefined : whole(options, 'numCpuSlots', 1),
    threadsPerWorker:
      options.threadsPerWorker === undefined ? undefined : whole(options, 'threadsPerWorker', 1),
    strictGpus: flag(options, 'strictGpus', false),
    waitForGpusMs: waitMs(options.waitForGpus),
    onReexecute: oneOf(options, 'onReexecute', REEXECUTE_POLICIES, 'new'),
    cacheDir: resolve(options.cacheDir === undefined ? defaultCacheDir() : text(options, 'cacheDir')),
    name: options.name === undefined ? null : text(options, 'name').slice(0, 80),
    signal: checkSignal(options.signal),
    display: flag(options, 'display', true),
  };
}

/** The settings of another run that does something otherwise. */
export function applyOverrides(settings: Settings, overrides: Overrides): Settings {
  const given = <T>(value: T | undefined, own: T): T => (value === undefined ? own : value);
  const { functions, params } = settings;
  return {
    ...settings,
    functions: {
      datasetFunc: functions.datasetFunc,
      trainFunc: given(overrides.trainFunc, functions.trainFunc),
      inferFunc: given(overrides.inferFunc, functions.inferFunc),
      evalFunc: given(overrides.evalFunc, functions.evalFunc),
    },
    params: {
      dataset: params.dataset,
      train: copyParams({ trainParams: given(overrides.trainParams, params.train) }, 'trainParams'),
      infer: copyParams({ inferParams: given(overrides.inferParams, params.infer) }, 'inferParams'),
      eval: copyParams({ evalParams: given(overrides.evalParams, params.eval) }, 'evalParams'),
    },
    unitTimeoutMs: given(overrides.unitTimeoutMs, settings.unitTimeoutMs),
    // a new run in a directory of its own has a name of its own
    name: null,
  };
}

/** The user's cache directory: FOLDLAB_CACHE, XDG_CACHE_HOME/foldlab or ~/.cache/foldlab. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.FOLDLAB_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'foldlab');
}

export const cores = (): number => availableParallelism();

function gpusPerSplit(options: RunOptions, total: number): number {
  const value: unknown = options.numGpusPerSplit;
  if (value === undefined)
    throw new TypeError(`Cannot start a run: 'numGpusPerSplit' is missing; give 1 for one GPU per fold`);
  // what one would write for a run without GPUs; the number of GPUs per fold has no meaning there
  if (value === 0 && total === 0) return 1;
  if (typeof value !== 'number' || !(value > 0)) {
    throw wrongRange('numGpusPerSplit', 'a positive whole number, or 1/m to share a GPU', value);
  }
  if (value < 1) {
    if (Math.abs(1 / value - Math.round(1 / value)) > 1e-6) {
      throw wrongRange(
        'numGpusPerSplit',
        '1/m for a whole m when it is below 1',
        value,
        'use 0.5 for two folds on one GPU',
      );
    }
    return 1 / Math.round(1 / value);
  }
  if (!Number.isInteger(value))
    throw wrongRange('numGpusPerSplit', 'a whole number, or 1/m to share a GPU', value);
  if (total > 0 && value > total) {
    throw wrongRange('numGpusPerSplit', `at most numGpusTotal (${total})`, value, `use ${total} or fewer`);
  }
  if (total > 0 && total % value !== 0) {
    throw wrongRange(
      'numGpusPerSplit',
      `a divisor of numGpusTotal (${total})`,
      value,
      `with ${total} GPUs, ${total % value} would stay unused`,
    );
  }
  return value;
}

function executorOf(options: RunOptions, total: number, perSplit: number): ExecutorChoice {
  const executor = checkExecutor(options.executor);
  if (executor.kind === 'slurm' && total > 0 && perSplit < 1 && executor.gres === undefined) {
    throw wrongRange(
      'numGpusPerSplit',
      'a whole number with slurm(), which gives whole GPUs',
      perSplit,
      "use 1, or say in slurm({ gres }) what shares of a GPU are called on your cluster ('shard:1', 'mps:50')",
    );
  }
  return executor;
}

function checkSampleIds(value: unknown, numFolds: number): void {
  const rule = `'sampleIds' must be an array of [trainIds, validationIds] pairs, one for each fold`;
  if (!Array.isArray(value)) throw new TypeError(`Cannot start a run: ${rule}; found ${show(value)}`);
  if (value.length !== numFolds) {
    throw new RangeError(
      `Cannot start a run: 'sampleIds' must have numFolds (${numFolds}) pairs; it has ${value.length}; set numFolds to ${value.length} or add splits`,
    );
  }
  value.forEach((pair: unknown, fold) => {
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((part) => isList(part))) {
      throw new TypeError(`Cannot start a run: ${rule}; fold ${fold} is ${show(pair)}`);
    }
  });
}

/** A splitter, copied. */
function checkSplits(options: RunOptions): Splitter | null {
  const value: unknown = options.splits;
  if (value === undefined || value === null) return null;
  const kind = (value as { kind?: unknown }).kind;
  if (typeof value !== 'object' || !(SPLITTER_KINDS as readonly unknown[]).includes(kind)) {
    throw new TypeError(
      `Cannot start a run: 'splits' must be made by one of ${SPLITTER_KINDS.map((name) => `${name}()`).join(', ')}; found ${show(value)}`,
    );
  }
  if (options.sampleIds !== undefined && options.sampleIds !== null) {
    throw new TypeError(
      `Cannot start a run: 'sampleIds' and 'splits' both say how folds are cut; leave one of them out`,
    );
  }
  try {
    return structuredClone(value) as Splitter;
  } catch (cause) {
    throw new TypeError(
      `Cannot start a run: 'splits' must be plain data, as ${String(kind)}() makes it (${(cause as Error).message})`,
      { cause },
    );
  }
}

/** The run's number of folds: its own, or the one that its splitter has. */
function countFolds(options: RunOptions, splits: Splitter | null): number {
  const own =
    splits && 'numFolds' in splits
      ? splits.numFolds
      : splits && 'numSplits' in splits
        ? splits.numSplits
        : splits?.kind === 'predefined'
          ? (splits.sampleIds?.length ?? null)
          : null;
  if (options.numFolds !== undefined || own === null) {
    const numFolds = whole(options, 'numFolds', 2);
    if (own !== null && own !== numFolds) {
      throw wrongRange('numFolds', `what 'splits' has (${own})`, numFolds, 'leave one of them out');
    }
    return numFolds;
  }
  return whole({ ...options, numFolds: own }, 'numFolds', 2);
}

const isList = (value: unknown): boolean => Array.isArray(value) || ArrayBuffer.isView(value);

function checkFunction(options: RunOptions, name: FunctionName): void {
  const value: unknown = options[name];
  if (typeof value === 'function' || (typeof value === 'string' && value !== '')) return;
  const fix = value instanceof Promise ? '; give the function itself, without calling it' : '';
  throw new TypeError(
    value === undefined
      ? `Cannot start a run: '${name}' is missing; give a function or a module path such as './train.ts'`
      : `Cannot start a run: '${name}' must be a function or a module path such as './train.ts'; found ${show(value)}${fix}`,
  );
}

function copyParams(options: Partial<RunOptions>, name: (typeof PARAM_NAMES)[number]): unknown {
  const value: unknown = options[name] ?? {};
  try {
    // its content decides what is reused
    contentKey(value);
    return deserialize(serialize(value));
  } catch (cause) {
    const reason =
      cause instanceof RangeError ? 'it contains itself, or is nested too deeply' : (cause as Error).message;
    throw new TypeError(
      `Cannot start a run: '${name}' must be plain data, since it travels to the workers (${reason}); put functions and classes into the cell instead`,
      { cause },
    );
  }
}

/** Of whatever realm: a cell's AbortController may not be this module's. */
function checkSignal(value: unknown): AbortSignal | null {
  if (value === undefined || value === null) return null;
  const { aborted, addEventListener } = value as Partial<AbortSignal>;
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return value as AbortSignal;
  throw new TypeError(
    `Cannot start a run: 'signal' must be an AbortSignal; found ${show(value)}, give controller.signal`,
  );
}

function checkMetrics(value: unknown): Settings['metrics'] {
  if (value === undefined) return null;
  if (
    value === null ||
    typeof value !== 'object' ||
    Array.isArray(value) ||
    !Object.values(value).every((item) => typeof item === 'function')
  ) {
    throw new TypeError(
      `Cannot start a run: 'metrics' must be an object of functions by name; found ${show(value)}`,
    );
  }
  return value as Settings['metrics'];
}

function waitMs(value: unknown): number {
  if (value === undefined || value === false) return 0;
  if (value === true) return Infinity;
  if (typeof value === 'number' && value >= 0) return value;
  throw new TypeError(
    `Cannot start a run: 'waitForGpus' must be true, false or a number of milliseconds; found ${show(value)}`,
  );
}
