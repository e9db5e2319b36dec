/**
 * How a run ended: its status from what is there, its result or the error that tells why there is none.
 */
import type { RunResult, RunStatus } from '../contract.js';
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
  const lines = failures.slice(0, 5).map(describeFailure);
  const more = failures.length > 5 ? [`… and ${failures.length - 5} more`] : [];
  const count = failures.length === 1 ? '1 unit' : `${failures.length} units`;
  const [what, ended] = failures.every(isCancelled)
    ? ['is incomplete', failures.length === 1 ? 'was cancelled' : 'were cancelled']
    : ['failed', 'failed'];
  return new RunError(
    [
      `The run '${record.name}' ${what}: ${count} of ${record.units.length} ${ended}, the others are kept in '${record.dir}'`,
      ...lines,
      ...more,
    ].join('\n'),
    failures,
    result,
  );
}

function describeFailure(failure: RunFailure): string {
  const { cvIndex, repIndex, phase, part, name, message, remoteStack } = failure;
  const pooled = part === 'validation' ? 'out-of-fold metrics' : 'ensemble';
  const place =
    cvIndex === 'ensemble'
      ? `${pooled} of repetition ${repIndex}`
      : `fold ${cvIndex}, repetition ${repIndex}`;
  const lines = remoteStack.split('\n');
  const where = ['>', 'at'].flatMap((mark) => lines.find((text) => text.startsWith(`    ${mark} `)) ?? []);
  return [`  ${place}, ${phase} (${part}): ${name}: ${message.split('\n')[0]}`, ...where].join('\n');
}

/** The error of a run that was cancelled as a whole. */
export function cancelledError({ reason }: AbortSignal): CancelledError {
  return reason instanceof CancelledError
    ? reason
    : new CancelledError('The run was cancelled', { cause: reason });
}
