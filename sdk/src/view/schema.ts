/** Checks a run model that came from outside (the wire, a saved notebook) before anything is drawn from it. */

import { z } from 'zod';
import { migrate } from './migrations.js';
import {
  PICTURE_KINDS,
  RUN_MODEL_VERSION,
  SPREAD_PARTS,
  UNIT_STATUSES,
  VIEW_RUN_STATUSES,
  type RunModel,
} from './model.js';

/** Sizes a run model must keep within; a producer cuts its texts and thins its curves to these. */
export const RUN_MODEL_LIMITS = {
  /** Characters of a name, an id, a metric's name. */
  name: 256,
  /** Characters of a path, an error, a notice. */
  text: 4096,
  folds: 10_000,
  repetitions: 10_000,
  units: 20_000,
  metrics: 256,
  curves: 32,
  /** Points of one curve. */
  points: 1000,
  /** Points of all curves together. */
  allPoints: 1_000_000,
  attempts: 1000,
  leases: 1024,
  notices: 256,
  spans: 5000,
  pictures: 1000,
  classes: 100,
  hardest: 200,
} as const;

const limits = RUN_MODEL_LIMITS;
const name = z.string().max(limits.name);
const text = z.string().max(limits.text);
const index = z.int().min(0).max(limits.units);
const seconds = z.number().min(0);
const wireNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const list = <T extends z.ZodType>(item: T, max: number) => z.array(item).max(max).readonly();

/** Names that would reach an object's prototype when a reader is careless. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const scores = z.preprocess(
  (value, context) => {
    // zod drops such keys silently; a model that has one is not ours
    const bad =
      value !== null && typeof value === 'object' && Object.keys(value).find((key) => FORBIDDEN.has(key));
    if (bad) context.addIssue({ code: 'custom', message: `"${bad}" cannot be a metric's name` });
    return value;
  },
  z
    .record(name, wireNumber)
    .refine((value) => Object.keys(value).length <= limits.metrics, `at most ${limits.metrics} metrics`)
    .readonly(),
);

const curve = z
  .object({ metric: name, epochs: list(z.number(), limits.points), values: list(wireNumber, limits.points) })
  .refine((value) => value.epochs.length === value.values.length, 'epochs and values must be equally long')
  .readonly();

const attempt = z
  .object({
    attempt: z.int().min(1),
    status: z.enum(UNIT_STATUSES),
    changed: text,
    seconds: seconds.nullable(),
    validation: scores.nullable(),
    test: scores.nullable(),
  })
  .readonly();

// A field that came after the first models were saved has a default: those still open.
const unit = z
  .object({
    repIndex: index,
    cvIndex: index,
    status: z.enum(UNIT_STATUSES),
    phase: name,
    attempt: z.int().min(0),
    counts: z.int().min(0),
    cached: z.boolean(),
    seconds: seconds.nullable(),
    gpus: list(name, limits.leases),
    validation: scores.nullable(),
    test: scores.nullable(),
    curves: list(curve, limits.curves),
    error: text,
    attempts: list(attempt, limits.attempts).default([]),
  })
  .readonly();

const ensemble = z
  .object({
    repIndex: index,
    method: name,
    test: scores,
    members: list(index, limits.folds),
    survivorsOnly: z.boolean(),
  })
  .readonly();

const wideEnsemble = z
  .object({
    method: name,
    over: z.enum(['fold', 'all']),
    cvIndex: index.nullable(),
    test: scores,
    members: z.int().min(0).max(limits.units),
    survivorsOnly: z.boolean(),
  })
  .readonly();

const lease = z
  .object({
    id: name,
    pid: z.int().min(0),
    node: name.default(''),
    gpus: list(name, limits.leases),
    busyWith: name,
  })
  .readonly();

const span = z.object({ lease: name, work: name, start: seconds, end: seconds.nullable() }).readonly();

const numbers = list(z.number(), limits.points);
const picture = z
  .object({
    name,
    kind: z.enum(PICTURE_KINDS),
    part: z.enum(['validation', 'test']),
    repIndex: index,
    cvIndex: index.nullable(),
    labels: list(name, limits.classes),
    counts: list(list(z.number(), limits.classes), limits.classes),
    x: numbers,
    y: numbers,
    low: numbers,
    high: numbers,
  })
  .refine(({ x, y }) => x.length === y.length, 'x and y must be equally long')
  .refine(
    ({ labels, counts }) =>
      counts.length === 0 ||
      (counts.length === labels.length && counts.every((row) => row.length === labels.length)),
    'counts must be [labels][labels]',
  )
  .readonly();

const outOfFold = z.object({ repIndex: index, rows: z.int().min(0), metrics: scores }).readonly();

const interval = z
  .object({ metric: name, low: z.number().nullable(), high: z.number().nullable(), says: text })
  .readonly();

const wireNumbers = list(wireNumber, limits.classes);
const merits = z
  .object({
    repIndex: index,
    kind: z.enum(['class', 'value']),
    metric: name,
    rows: z.int().min(0),
    orders: z.int().min(1),
    mean: wireNumbers,
    low: wireNumbers,
    high: wireNumbers,
    members: list(index, limits.classes),
    gains: wireNumbers,
    disagreement: list(wireNumbers, limits.classes),
  })
  .refine(
    ({ mean, low, high, members, gains }) =>
      [mean, low, high, gains].every((each) => each.length === members.length),
    'mean, low, high and gains must be as long as members',
  )
  .refine(
    ({ disagreement, members }) =>
      disagreement.length === 0 ||
      (disagreement.length === members.length && disagreement.every((row) => row.length === members.length)),
    'disagreement must be [members][members]',
  )
  .readonly();

const classCounts = z
  .object({
    repIndex: index.nullable(),
    labels: list(name, limits.classes),
    folds: list(index, limits.folds),
    counts: list(list(z.int().min(0), limits.classes), limits.folds),
  })
  .refine(
    ({ labels, folds, counts }) =>
      counts.length === folds.length && counts.every((row) => row.length === labels.length),
    'counts must be [folds][labels]',
  )
  .readonly();

const hardest = z
  .object({
    kind: z.enum(['class', 'value']),
    repetitions: z.int().min(1),
    rows: z.int().min(0),
    wrongRows: z.int().min(0),
    hardest: list(
      z
        .object({
          id: name,
          target: name,
          said: name,
          wrong: z.int().min(0),
          of: z.int().min(0),
          size: wireNumber,
        })
        .readonly(),
      limits.hardest,
    ),
  })
  .readonly();

const blocks = list(z.tuple([index, index]).readonly(), limits.folds);
const count = z.int().min(0);
const grouping = z
  .object({
    folds: blocks,
    repetitions: blocks,
    numFolds: z.int().min(1),
    members: count,
    statuses: z
      .object({ queued: count, running: count, done: count, failed: count, cancelled: count })
      .readonly(),
    spreads: list(
      z
        .object({
          of: z.enum(SPREAD_PARTS),
          metric: name,
          mean: wireNumber,
          sd: wireNumber,
          min: wireNumber,
          max: wireNumber,
          n: count,
          expected: count,
          flagged: count,
        })
        .readonly(),
      limits.metrics * SPREAD_PARTS.length,
    ),
  })
  .readonly();

// Not exported: the declarations that users compile must not name zod's types.
const runModel = z
  .object({
    version: z.literal(RUN_MODEL_VERSION),
    sequence: z.int().min(0),
    id: name,
    name,
    dir: text,
    status: z.enum(VIEW_RUN_STATUSES),
    activity: text,
    startedAt: name,
    seconds,
    cpuSeconds: seconds,
    secondsLeft: seconds.nullable(),
    numFolds: z.int().min(1).max(limits.folds),
    numRepetitions: z.int().min(1).max(limits.repetitions),
    seedsShared: z.boolean(),
    hasTest: z.boolean(),
    selected: z.boolean().default(false),
    metrics: list(name, limits.metrics),
    backend: name,
    units: list(unit, limits.units),
    ensembles: list(ensemble, limits.units),
    wideEnsembles: list(wideEnsemble, limits.units).default([]),
    outOfFold: list(outOfFold, limits.repetitions),
    intervals: list(interval, limits.metrics).default([]),
    leases: list(lease, limits.leases),
    spans: list(span, limits.spans).default([]),
    pictures: list(picture, limits.pictures).default([]),
    merits: list(merits, limits.repetitions),
    classCounts: list(classCounts, limits.repetitions),
    hardest: hardest.nullable(),
    grouping: grouping.nullable(),
    selectedOnValidation: z.boolean().default(false),
    testLooks: z.int().min(0).default(0),
    notices: list(text, limits.notices),
  })
  .readonly();

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = T extends readonly (infer U)[]
  ? readonly Flat<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Flat<T[K]> }
    : T;
/** Fails to compile as soon as schema and interface differ in any field. */
const _sameAsInterface: Same<Flat<z.infer<typeof runModel>>, Flat<RunModel>> = true;

/**
 * Checks and copies a run model. Unknown keys are dropped.
 *
 * @throws {TypeError} for anything that is not a run model of this version within {@link RUN_MODEL_LIMITS}: the message
 * names the field and the rule
 */
export function parseRunModel(value: unknown): RunModel {
  const version =
    value !== null && typeof value === 'object' && Object.hasOwn(value, 'version')
      ? (value as { version: unknown }).version
      : undefined;
  if (typeof version === 'number' && version > RUN_MODEL_VERSION) {
    throw new TypeError(
      `Cannot show this run: it was written by a newer foldlab (run model version ${version}, ` +
        `this one reads up to ${RUN_MODEL_VERSION}); update foldlab`,
    );
  }
  const parsed = runModel.safeParse(migrate(value));
  if (parsed.success) {
    checkPlaces(parsed.data);
    return parsed.data;
  }
  const issue = parsed.error.issues[0]!;
  refuse(issue.path.join('.'), issue.message);
}

/** What one field alone cannot tell. */
function checkPlaces(model: RunModel): void {
  let points = 0;
  model.units.forEach((unit, i) => {
    if (unit.cvIndex >= model.numFolds)
      refuse(`units.${i}.cvIndex`, `must be below numFolds, ${model.numFolds}`);
    points += unit.curves.reduce((sum, each) => sum + each.epochs.length, 0);
  });
  for (const key of ['units', 'ensembles', 'outOfFold'] as const) {
    model[key].forEach((each, i) => {
      if (each.repIndex >= model.numRepetitions) {
        refuse(`${key}.${i}.repIndex`, `must be below numRepetitions, ${model.numRepetitions}`);
      }
    });
  }
  const { grouping: blocksOf } = model;
  if (
    blocksOf &&
    (blocksOf.folds.length !== model.numFolds || blocksOf.repetitions.length !== model.numRepetitions)
  )
    refuse('grouping', 'its blocks must be as many as numFolds and numRepetitions');
  if (model.numFolds * model.numRepetitions > limits.units) {
    refuse('numRepetitions', `numFolds × numRepetitions must be at most ${limits.units}`);
  }
  if (points > limits.allPoints)
    refuse('units', `all curves together must have at most ${limits.allPoints} points`);
}

function refuse(path: string, rule: string): never {
  throw new TypeError(`Cannot show this run: its model is not valid at "${path || 'the top'}": ${rule}`);
}
