/** Texts of SLURM 22.05, as its programs print them. */
import { describe, expect, it } from 'vitest';
import { endOfStep, errorsOf, isPassing, jobOf, stepWaits } from '../../../../sdk/src/engines/slurm/says.js';

it('finds the job that salloc speaks of', () => {
  expect(jobOf('salloc: Pending job allocation 12\nsalloc: job 12 queued and waiting for resources\n')).toBe(
    '12',
  );
  expect(jobOf('salloc: Granted job allocation 7\n')).toBe('7');
  expect(jobOf('salloc: error: Job submit/allocate failed: Invalid partition name specified\n')).toBeNull();
});

it('gives the errors without the programs’ names', () => {
  expect(
    errorsOf(
      'salloc: error: invalid partition specified: x\nsalloc: error: Job submit/allocate failed: Invalid\n',
    ),
  ).toBe('invalid partition specified: x; Job submit/allocate failed: Invalid');
  expect(errorsOf('')).toBe('it does not say why');
});

it('tells what may pass from what is refused', () => {
  expect(
    isPassing(
      'salloc: error: Job submit/allocate failed: Unable to contact slurm controller (connect failure)',
    ),
  ).toBe(true);
  expect(isPassing('salloc: error: Job submit/allocate failed: Invalid account')).toBe(false);
});

it('says why a step waits', () => {
  expect(
    stepWaits('srun: Job 5 step creation temporarily disabled, retrying (Requested nodes are busy)'),
  ).toBe('Requested nodes are busy');
  expect(stepWaits('srun: Step created for StepId=5.1')).toBeNull();
});

describe('endOfStep', () => {
  const end = (rest: string): string | null =>
    endOfStep('5', `slurmstepd: error: *** STEP 5.0 ON n1 ${rest}`);
  it('tells a time limit, a preemption, a lost node and a cancellation apart', () => {
    expect(end('CANCELLED AT 2026-11-26T19:00:00 DUE TO TIME LIMIT ***')).toMatch(
      /time limit .* job 5 was over on n1/,
    );
    expect(end('CANCELLED AT 2026-11-26T19:00:00 DUE TO PREEMPTION ***')).toMatch(
      /job 5 was preempted on n1/,
    );
    expect(end('CANCELLED AT 2026-11-26T19:00:00 DUE TO NODE FAILURE ***')).toMatch(
      /node of SLURM's job 5 failed/,
    );
    expect(end('CANCELLED AT 2026-11-26T19:00:00 ***')).toBe("SLURM's job 5 was cancelled on n1");
  });

  it('tells a worker that was killed from a job that was cancelled', () => {
    const output = 'srun: error: n2: task 0: Killed\nsrun: Force Terminated StepId=3.0\n';
    expect(endOfStep('3', output)).toBe('killed with SIGKILL on n2 (often: out of memory)');
  });

  it('says nothing of an end that is the worker’s own', () => {
    expect(endOfStep('5', 'srun: error: n1: task 0: Exited with exit code 17')).toBeNull();
  });
});
