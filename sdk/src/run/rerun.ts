/**
 * One unit again, and which of its attempts counts.
 */
import type { Overrides, RerunOptions, RunResult, UnitPlace } from '../contract.js';
import { CancelledError } from '../errors.js';
import { runError } from './conclude.js';
import type { RunCore } from './core.js';
import { drop } from './drop.js';
import { planMark } from './journalEntries.js';
import { checkOverrides, packOverrides } from './overrides.js';
import { counting, describeUnit, unitOf, type RunRecord, type UnitRecord } from './record.js';
import { toRunResult } from './result.js';
import type { Prepared } from './stretch.js';
import { isWithheldNote } from './testLooks.js';
import { combineItems, rerunItems, type Course, type OtherTasks } from './tasks.js';

const NONE_PENDING: OtherTasks = { own: [], elsewhere: [] };

export interface StartedRerun {
  /** Resolves when it has its place among what is to do. */
  readonly accepted: Promise<void>;
  /** Resolves when the unit and what depends on it have ended. */
  readonly result: Promise<RunResult>;
}

/**
 * Starts a re-run.
 *
 * @throws TypeError, RangeError at once for a wrong place or override, and for a unit that waits or runs already
 */
export function rerun(
  core: RunCore,
  options: RerunOptions,
  session: { provide(key: string, bytes: Uint8Array): void },
): StartedRerun {
  const { record } = core;
  if (options === null || typeof options !== 'object')
    throw new TypeError('Cannot re-run: rerun() takes { cvIndex, repIndex, ...overrides }');
  const { cvIndex, repIndex, ...overrides } = options;
  const unit = findUnit(record, { cvIndex, repIndex }, 're-run');
  const name = describeUnit(repIndex, cvIndex);
  checkOverrides(overrides, `re-run ${name}`);
  const prepared = needPlan(core, `re-run ${name}`);
  if (unit.doing !== null) {
    throw new RangeError(
      `Cannot re-run ${name}: it is ${unit.doing} now; wait for it, or run.cancel({ cvIndex: ${cvIndex}, repIndex: ${repIndex} }) first`,
    );
  }
  // from now on a second re-run of it is refused
  unit.doing = 'queued';
  core.changed();
  let accept!: () => void;
  const placed = new Promise<void>((resolve) => (accept = resolve));
  const result = carryOut(core, prepared, { cvIndex, repIndex }, overrides, session, accept);
  return { result, accepted: Promise.race([placed, result.then(() => {})]) };
}

async function carryOut(
  core: RunCore,
  { settings, shippedRun }: Prepared,
  { cvIndex, repIndex }: UnitPlace,
  overrides: Overrides,
  session: { provide(key: string, bytes: Uint8Array): void },
  accept: () => void,
): Promise<RunResult> {
  const { record } = core;
  let course: Course | null = null;
  try {
    const change = await packOverrides(overrides, settings, shippedRun, core.notice);
    await core.submit(({ ready, driver }) => {
      for (const [key, bytes] of change.payloads) session.provide(key, bytes);
      const { plan, reuse } = ready;
      const base = plan.units[repIndex * record.numFolds + cvIndex]!;
      const unit = unitOf(record, repIndex, cvIndex);
      const beside = change.line !== '' || counting(unit).status === 'done';
      if (!beside) reuse.forget(base);
      course = {
        planned: beside ? plan.vary(base, { ...change, salt: unit.attempt + 1 }) : base,
        beside,
        changed: change.line,
        unitTimeoutMs: overrides.unitTimeoutMs,
      };
      unit.doing = 'queued';
      accept();
      return rerunItems(ready, course, driver?.pending(repIndex, cvIndex) ?? NONE_PENDING);
    });
  } catch (error) {
    unitOf(record, repIndex, cvIndex).doing = null;
    core.changed();
    throw error;
  }
  return outcome(record, unitOf(record, repIndex, cvIndex), course!);
}

/** @throws RunError or CancelledError when the new attempt did not succeed */
function outcome(record: RunRecord, unit: UnitRecord, course: Course): RunResult {
  const result = toRunResult(record);
  const attempt = unit.attempts.findLast(({ planned }) => planned === course.planned);
  if (attempt?.status === 'done') return result;
  if (attempt?.status === 'failed' && attempt.failure) throw runError(record, [attempt.failure], result);
  throw new CancelledError(`The re-run of ${describeUnit(unit.repIndex, unit.cvIndex)} was cancelled`);
}

/**
 * Makes an attempt of a unit count, and its repetition combined anew.
 *
 * @throws RangeError when there is no such attempt, or it did not succeed
 */
export async function use(core: RunCore, options: UnitPlace & { attempt: number }): Promise<RunResult> {
  const { record } = core;
  const { cvIndex, repIndex, attempt: number } = options;
  const unit = findUnit(record, options, 'use an attempt');
  const name = `attempt ${String(number)} of ${describeUnit(repIndex, cvIndex)}`;
  needPlan(core, `use ${name}`);
  const known = unit.attempts.map(({ attempt, status }) => `${attempt} (${status})`).join(', ');
  const attempt = unit.attempts.find((each) => each.attempt === number);
  if (!attempt)
    throw new RangeError(`Cannot use ${name}: there is none; there are ${known || 'no attempts'}`);
  if (attempt.status !== 'done')
    throw new RangeError(`Cannot use ${name}: it is ${attempt.status}; only one that is done can count`);
  await core.submit(({ ready, driver, append }) => {
    const base = ready.plan.units[repIndex * record.numFolds + cvIndex]!;
    const now = unitOf(record, repIndex, cvIndex);
    append({ type: 'use', repIndex, cvIndex, attempt: number, of: planMark(base) });
    now.counts = number;
    now.chosen = true;
    drop(record.failures, (each) => each.repIndex === repIndex && each.cvIndex === cvIndex);
    return combineItems(ready, { repIndex, cvIndex }, driver?.pending(repIndex, cvIndex) ?? NONE_PENDING);
  });
  return toRunResult(record);
}

/** Shows test scores that are withheld. */
export async function showTest(core: RunCore): Promise<RunResult> {
  needPlan(core, 'use the run');
  const { record } = core;
  if (record.testWithheld) {
    await core.submit(() => {
      record.testWithheld = false;
      drop(record.notices, isWithheldNote);
      return [];
    });
  }
  return toRunResult(record);
}

/** @throws RangeError */
export function findUnit(record: RunRecord, { cvIndex, repIndex }: UnitPlace, what: string): UnitRecord {
  for (const [name, value, count] of [
    ['cvIndex', cvIndex, record.numFolds],
    ['repIndex', repIndex, record.numRepetitions],
  ] as const) {
    if (!Number.isInteger(value) || value < 0 || value >= count)
      throw new RangeError(
        `Cannot ${what}: '${name}' must be a whole number from 0 to ${count - 1}; current value is ${String(value)}`,
      );
  }
  return unitOf(record, repIndex, cvIndex);
}

/** @throws RangeError */
export function needPlan({ prepared, record }: RunCore, what: string): Prepared {
  if (prepared) return prepared;
  throw new RangeError(
    record.status === 'running'
      ? `Cannot ${what}: the run has not planned its units yet (${record.activity}); wait for its first phase`
      : `Cannot ${what}: the run ended before its units were planned (${record.activity}); start it again with run()`,
  );
}
