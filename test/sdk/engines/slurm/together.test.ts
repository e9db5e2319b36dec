import { expect, it } from 'vitest';
import { together } from '../../../../sdk/src/engines/slurm/together.js';

it('is done once for all ids of one moment, and again for later ones', async () => {
  const calls: (readonly string[])[] = [];
  const cancel = together(async (ids) => void calls.push(ids));
  await Promise.all([cancel('1'), cancel('2'), cancel('3')]);
  await cancel('4');
  expect(calls).toEqual([['1', '2', '3'], ['4']]);
});
