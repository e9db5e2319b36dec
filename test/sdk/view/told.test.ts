import { afterEach, expect, it } from 'vitest';
import { speak } from '../../../sdk/src/view/say.js';
import { told } from '../../../sdk/src/view/told.js';

afterEach(() => speak(null));

it('knows what a lease of a cluster waits for, job and reason apart', () => {
  speak({
    say: (text, ...args) => [text, ...args].join('|'),
    count: (one) => one,
  });
  expect(told('waiting for SLURM, job 12, reason Priority')).toBe(
    'waiting for SLURM, job %1, reason %2|12|Priority',
  );
  expect(told('waiting for SLURM, job 12')).toBe('waiting for SLURM, job %1|12');
  expect(told('waiting for Ray, 0 of 4 GPUs are free')).toBe('waiting for Ray, %1 of %2 GPUs are free|0|4');
});
