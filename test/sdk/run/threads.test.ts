import { expect, it } from 'vitest';
import { nextThreads, threadsNotice } from '../../../sdk/src/run/threads.js';

const all = { executes: true, keeps: true };
const counts = (threadsPerWorker: number, ...earlierThreadsPerWorker: number[]) => ({
  threadsPerWorker,
  earlierThreadsPerWorker,
});

it('one count stays one', () => {
  expect(nextThreads(null, 2, { executes: true, keeps: false })).toEqual(counts(2));
  expect(nextThreads(counts(2), 2, all)).toEqual(counts(2));
  expect(threadsNotice(counts(2))).toBeNull();
});

it('other counts are kept as long as anything of theirs is', () => {
  expect(nextThreads(counts(1), 2, all)).toEqual(counts(2, 1));
  expect(nextThreads(counts(2, 1), 4, all)).toEqual(counts(4, 1, 2));
  expect(nextThreads(counts(2, 1), 1, all)).toEqual(counts(1, 2));
  expect(nextThreads(counts(2, 1), 4, { executes: true, keeps: false })).toEqual(counts(4));
});

it('where nothing is executed the count of then stands', () => {
  expect(nextThreads(counts(2, 1), 4, { executes: false, keeps: true })).toEqual(counts(2, 1));
});

it('the notice says what to do', () => {
  expect(threadsNotice(counts(4, 1, 2))).toBe(
    'Units of this run are executed with different thread counts: 4 per worker now, 1, 2 before. ' +
      "The same seed then gives slightly other numbers; use threadsPerWorker: 1, or another 'dir' for all of it",
  );
});
