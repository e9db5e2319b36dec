import { expect, it } from 'vitest';
import { separateTimers } from '../../../../sdk/src/notebook/kernel/watch.js';

it('separateTimers leaves tslab the timer that builds again, and gives every other its own', async () => {
  const kept: unknown[] = [];
  const system = {
    setTimeout: (callback: () => void) => kept.push(callback),
    clearTimeout: (timer: unknown) => void kept.splice(Number(timer) - 1, 1),
  };
  separateTimers(system as any);
  const timers = system as any;
  function updateProgramWithWatchStatus() {}
  const timer = timers.setTimeout(updateProgramWithWatchStatus, 250);
  expect(kept).toEqual([updateProgramWithWatchStatus]);

  const called: string[] = [];
  const dropped = timers.setTimeout(() => called.push('dropped'), 0);
  timers.clearTimeout(dropped);
  await new Promise<void>((done) => timers.setTimeout(done, 0));
  expect(called).toEqual([]);
  expect(kept).toHaveLength(1);
  timers.clearTimeout(timer);
  expect(kept).toEqual([]);
});
