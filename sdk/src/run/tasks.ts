/**
 * What there is to do, as tasks for the scheduler: a whole run's, a re-run's, and what follows when another attempt counts.
 */
import type { UnitPlace } from '../contract.js';
import type { Task, TaskKind } from '../schedule/machine.js';
import type { Settings } from './options.js';
import type { PlannedEnsemble, PlannedUnit, RunPlan } from './plan.js';
import { describeEnsemble, isSameEnsemble } from './ensembleRecord.js';
import { counting, describeUnit, unitOf, type RunRecord } from './record.js';
import type { Reuse } from './reuse.js';

/** A unit's attempt, beside the one that counts or in its place. */
export interface Course {
  readonly planned: PlannedUnit;
  readonly beside: boolean;
  readonly changed: string;
  /** Replaces the run's `unitTimeoutMs`; undefined: as in the run. */
  readonly unitTimeoutMs?: number | null;
}

export type Work =
  | { readonly kind: 'fold' | 'test'; readonly course: Course }
  | { readonly kind: 'outOfFold'; readonly repIndex: number }
  | { readonly kind: 'ensemble'; readonly ensemble: PlannedEnsemble };

export interface Item {
  readonly task: Task;
  readonly work: Work;
}

export interface TaskSource {
  readonly settings: Settings;
  readonly plan: RunPlan;
  readonly record: RunRecord;
  readonly reuse: Reuse;
}

const foldId = (r: number, k: number): string => `fold ${r}/${k}`;
const testId = (r: number, k: number): string => `test ${r}/${k}`;

/** Everything that a run does; what is there already is marked. */
export function runItems({ settings, plan, record, reuse }: TaskSource): Item[] {
  const items: Item[] = [];
  for (const base of plan.units) {
    const { repIndex: r, cvIndex: k } = base;
    const shown = counting(unitOf(record, r, k));
    // an attempt that a person chose stands for the unit
    const planned = shown.beside ? shown.planned : base;
    const course: Course = { planned, beside: false, changed: '' };
    items.push({
      task: { id: foldId(r, k), kind: 'fold', after: [], reused: reuse.isDone(planned, 'validation') },
      work: { kind: 'fold', course },
    });
    if (!plan.hasTest) continue;
    const reused = reuse.isDone(planned, 'test');
    items.push({
      task: { id: testId(r, k), kind: 'test', after: [foldId(r, k)], reused },
      work: { kind: 'test', course },
    });
  }
  const folds = plan.splits.map((_, k) => k);
  for (let r = 0; r < settings.numRepetitions; r++) {
    const reused = record.outOfFold.some(({ repIndex }) => repIndex === r);
    items.push({
      task: { id: `outOfFold ${r}`, kind: 'outOfFold', after: folds.map((k) => foldId(r, k)), reused },
      work: { kind: 'outOfFold', repIndex: r },
    });
  }
  for (const ensemble of plan.ensembles) {
    const { over, repIndex, fold } = ensemble;
    const repetitions = over === 'repetition' ? [repIndex] : [...Array(settings.numRepetitions).keys()];
    items.push({
      task: {
        id: ensembleId(ensemble),
        kind: 'ensemble',
        after: repetitions.flatMap((r) => (fold === null ? folds : [fold]).map((k) => testId(r, k))),
        despiteFailures: settings.ensembleSurvivors,
        reused: record.ensembles.some((each) => isSameEnsemble(each, ensemble)),
      },
      work: { kind: 'ensemble', ensemble },
    });
  }
  return items;
}

const ensembleId = ({ over, repIndex, fold, index }: PlannedEnsemble): string =>
  `ensemble ${over === 'repetition' ? repIndex : over === 'fold' ? `fold ${fold}` : 'all'}/${index}`;

/** A number for each addition, so that its tasks' names are new. */
let additions = 0;

/** The tasks of other units that are still to do: of the unit's own repetition, and of the others. */
export interface OtherTasks {
  readonly own: readonly Task[];
  readonly elsewhere: readonly Task[];
}

/** One unit again. In place of an attempt that failed it is followed by what its repetition, and the run, then can combine. */
export function rerunItems(source: TaskSource, course: Course, others: OtherTasks): Item[] {
  const { plan, reuse } = source;
  const { repIndex: r, cvIndex: k } = course.planned;
  const mark = `#${++additions}`;
  const fold = `${foldId(r, k)}${mark}`;
  const items: Item[] = [
    {
      task: {
        id: fold,
        kind: 'fold',
        after: [],
        urgent: true,
        reused: reuse.isDone(course.planned, 'validation'),
      },
      work: { kind: 'fold', course },
    },
  ];
  if (plan.hasTest) {
    items.push({
      task: { id: `${testId(r, k)}${mark}`, kind: 'test', after: [fold], urgent: true },
      work: { kind: 'test', course },
    });
  }
  return course.beside
    ? items
    : [
        ...items,
        ...combineItems(source, course.planned, {
          own: [...others.own, ...items.map(({ task }) => task)],
          elsewhere: others.elsewhere,
        }),
      ];
}

/** What a unit's repetition and the run combine, made again after the given tasks. */
export function combineItems(
  source: TaskSource,
  { repIndex, cvIndex }: UnitPlace,
  { own, elsewhere }: OtherTasks,
): Item[] {
  const { settings, plan } = source;
  const idsOf = (tasks: readonly Task[], kind: TaskKind): string[] =>
    tasks.filter((task) => task.kind === kind).map(({ id }) => id);
  const mark = `#${++additions}`;
  return [
    {
      task: {
        id: `outOfFold ${repIndex}${mark}`,
        kind: 'outOfFold',
        after: idsOf(own, 'fold'),
        urgent: true,
      },
      work: { kind: 'outOfFold', repIndex },
    },
    ...plan.ensembles
      .filter(
        ({ over, ...place }) =>
          over === 'all' || (over === 'fold' ? place.fold === cvIndex : place.repIndex === repIndex),
      )
      .map((ensemble): Item => ({
        task: {
          id: `${ensembleId(ensemble)}${mark}`,
          kind: 'ensemble',
          after: idsOf(ensemble.over === 'repetition' ? own : [...own, ...elsewhere], 'test'),
          urgent: true,
          despiteFailures: settings.ensembleSurvivors,
        },
        work: { kind: 'ensemble', ensemble },
      })),
  ];
}

/** Whether it executes functions of a unit. */
export const isUnitItem = ({ task: { kind } }: Item): boolean => kind === 'fold' || kind === 'test';

export function describeWork(work: Work): string {
  if (work.kind === 'outOfFold') return `out-of-fold metrics, repetition ${work.repIndex}`;
  if (work.kind === 'ensemble') return describeEnsemble(work.ensemble);
  const { repIndex, cvIndex } = work.course.planned;
  return `${describeUnit(repIndex, cvIndex)}${work.kind === 'test' ? ', test' : ''}`;
}
