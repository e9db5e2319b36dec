/**
 * What a run model is made of, as checks. Not for the package's own declarations, which must not name zod's types:
 * `schema.ts` gives functions alone.
 */
import { z } from 'zod';
import { RUN_MODEL_LIMITS } from './limits.js';
import { PICTURE_KINDS, SPREAD_PARTS, UNIT_STATUSES } from './model.js';

const limits = RUN_MODEL_LIMITS;
export const name = z.string().max(limits.name);
export const text = z.string().max(limits.text);
export const index = z.int().min(0).max(limits.units);
export const seconds = z.number().min(0);
export const wireNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export const list = <T extends z.ZodType>(item: T, max: number) => z.array(item).max(max).readonly();

/** Names that would reach an object's prototype when a reader is careless. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
export const scores = z.preprocess(
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

export const curve = z
  .object({ metric: name, epochs: list(z.number(), limits.points), values: list(wireNumber, limits.points) })
  .refine((value) => value.epochs.length === value.values.length, 'epochs and values must be equally long')
  .readonly();

export const attempt = z
  .object({
    attempt: z.int().min(1),
    status: z.enum(UNIT_STATUSES),
    cutOff: z.boolean().default(false),
    changed: text,
    seconds: seconds.nullable(),
    validation: scores.nullable(),
    test: scores.nullable(),
  })
  .readonly();

// A field that came after the first models were saved has a default: those still open.
export const unit = z
  .object({
    repIndex: index,
    cvIndex: index,
    status: z.enum(UNIT_STATUSES),
    cutOff: z.boolean().default(false),
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

export const ensemble = z
  .object({
    repIndex: index,
    method: name,
    test: scores,
    members: list(index, limits.folds),
    survivorsOnly: z.boolean(),
  })
  .readonly();

export const wideEnsemble = z
  .object({
    method: name,
    over: z.enum(['fold', 'all']),
    cvIndex: index.nullable(),
    test: scores,
    members: z.int().min(0).max(limits.units),
    survivorsOnly: z.boolean(),
  })
  .readonly();

export const lease = z
  .object({
    id: name,
    pid: z.int().min(0),
    node: name.default(''),
    gpus: list(name, limits.leases),
    busyWith: name,
  })
  .readonly();

export const span = z.object({ lease: name, work: name, start: seconds, end: seconds.nullable() }).readonly();

export const numbers = list(z.number(), limits.points);
export const picture = z
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

export const outOfFold = z.object({ repIndex: index, rows: z.int().min(0), metrics: scores }).readonly();

export const interval = z
  .object({ metric: name, low: z.number().nullable(), high: z.number().nullable(), says: text })
  .readonly();

export const wireNumbers = list(wireNumber, limits.classes);
export const merits = z
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

export const classCounts = z
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

export const hardest = z
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

export const blocks = list(z.tuple([index, index]).readonly(), limits.folds);
export const count = z.int().min(0);
export const grouping = z
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
