/** Checks a run model that came from outside (the wire, a saved notebook) before anything is drawn from it. */

import { z } from 'zod';
import { RUN_MODEL_LIMITS } from './limits.js';
import { migrate } from './migrations.js';
import { RUN_MODEL_VERSION, VIEW_RUN_STATUSES, type RunModel } from './model.js';
import {
  classCounts,
  ensemble,
  grouping,
  hardest,
  interval,
  lease,
  list,
  merits,
  name,
  outOfFold,
  picture,
  seconds,
  span,
  text,
  unit,
  wideEnsemble,
} from './schemaParts.js';

export { RUN_MODEL_LIMITS };

const limits = RUN_MODEL_LIMITS;

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
