/**
 * How a run ended: its status from what is there, its result or the error that tells why there is none.
 */
import { join, sep } from 'node:path';
import type { RunResult, RunStatus } from '../contract.js';
import { outOfMemory } from '../backends/outOfMemory.js';
import { CancelledError, RunError } from '../errors.js';
import type { RunFailure } from '../contract.js';
import { counting, type RunRecord } from './record.js';
import { toRunResult } from './result.js';

const isCancelled = ({ name }: RunFailure): boolean => name === 'CancelledError';

/** The status of a run in which nothing goes on. */
export function restingStatus(record: RunRecord): RunStatus {
  if (record.failures.some((failure) => !isCancelled(failure))) return 'failed';
  const missing = record.units.some((unit) => counting(unit).status !== 'done');
  return missing || record.failures.length > 0 ? 'cancelled' : 'done';
}

/** @throws RunError with the failures and the partial result. */
export function conclude(record: RunRecord): RunResult {
  const result = toRunResult(record);
  if (record.failures.length === 0) return result;
  throw runError(record, record.failures.slice(), result);
}

export function runError(record: RunRecord, failures: readonly RunFailure[], result: RunResult): RunError {
  const alike = groupAlike(failures);
  const lines = alike.slice(0, SHOWN).map(describeFailures);
  const unsaid = alike.slice(SHOWN).flat().length;
  const more = unsaid > 0 ? [`… and ${unsaid} more`] : [];
  const places = new Set(failures.map(({ repIndex, cvIndex }) => `${repIndex}/${cvIndex}`)).size;
  const all = record.units.length;
  const [what, ended] = failures.every(isCancelled)
    ? ['is incomplete', failures.length === 1 ? 'was cancelled' : 'were cancelled']
    : ['failed', 'failed'];
  const count =
    places < all
      ? `${failures.length} ${failures.length === 1 ? 'unit' : 'units'} of ${all} ${ended}, the others are kept in`
      : `${all === 1 ? 'its only unit' : `all its ${all} units`} ${ended}; its directory is`;
  return new RunError(
    [`The run '${record.name}' ${what}: ${count} '${record.dir}'`, ...lines, ...more].join('\n'),
    failures,
    result,
  );
}

/** Failures that an error describes; `failures` has all of them. */
const SHOWN = 5;

/** Failures that differ by fold and repetition only stand together: most often they are one mistake. */
function groupAlike(failures: readonly RunFailure[]): RunFailure[][] {
  const groups = new Map<string, RunFailure[]>();
  for (const failure of failures) {
    const { cvIndex, over, phase, part } = failure;
    const key = [cvIndex === 'ensemble', over, phase, part, what(failure), ...where(failure)].join('\n');
    const group = groups.get(key);
    if (group) group.push(failure);
    else groups.set(key, [failure]);
  }
  return [...groups.values()];
}

function describeFailures(alike: readonly RunFailure[]): string {
  const [first] = alike as [RunFailure];
  const { cvIndex, repIndex, over, phase, part } = first;
  const pooled = part === 'validation' ? 'out-of-fold metrics' : 'ensemble';
  const place =
    cvIndex === 'ensemble'
      ? over
        ? `ensemble over ${over === 'fold' ? 'the repetitions of a fold' : 'all models'}`
        : `${pooled} of repetition ${repIndex}`
      : `fold ${cvIndex}, repetition ${repIndex}`;
  const others = alike.length > 1 ? ` and ${alike.length - 1} other${alike.length > 2 ? 's' : ''}` : '';
  // training is of one part only
  const when = phase === 'train' ? phase : `${phase} (${part})`;
  return [`  ${place}${others}, ${when}: ${what(first)}`, ...where(first)].join('\n');
}

function what({ name, message }: RunFailure): string {
  const memory = outOfMemory({ name, message });
  return memory === null
    ? `${name}: ${message.split('\n')[0]}`
    : `out of memory: ${memory} (use a smaller batch, fewer units on one GPU, or onOutOfMemory: 'retryAlone')`;
}

/** The line that failed, and its place in what the user wrote: that foldlab threw it says nothing. */
function where({ remoteStack }: RunFailure): string[] {
  const lines = remoteStack
    .split('\n')
    .filter((text) => !text.includes(OWN_ROOT) && !text.includes('(node:'));
  return ['>', 'at'].flatMap((mark) => lines.find((text) => text.startsWith(`    ${mark} `)) ?? []);
}

/** This package's folder: this file is dist/run/conclude.js or src/run/conclude.ts. */
const OWN_ROOT = join(__dirname, '..', '..') + sep;

/** The error of a run that was cancelled as a whole. */
export function cancelledError({ reason }: AbortSignal): CancelledError {
  return reason instanceof CancelledError
    ? reason
    : new CancelledError('The run was cancelled', { cause: reason });
}
