import { expect, it } from 'vitest';
import { createLoad } from '../../../sdk/src/schedule/load.js';

it('knows which leases have so many tasks, the one that has had them longest first', () => {
  const load = createLoad();
  for (const lease of ['a', 'b', 'c']) load.set(lease, 0);
  load.set('a', 1);
  load.set('c', 1);
  load.set('a', 0);
  expect([...load.with(0)]).toEqual(['b', 'a']);
  expect([...load.with(1)]).toEqual(['c']);
  expect([...load.with(2)]).toEqual([]);
  load.delete('b');
  expect([...load.with(0)]).toEqual(['a']);
  expect([...load.leases()]).toEqual(['a', 'c']);
  expect(load.of('b')).toBeUndefined();
  load.clear();
  expect([load.size, ...load.with(0), ...load.with(1)]).toEqual([0]);
});

it('shows those that get a task meanwhile at their new level only', () => {
  const load = createLoad();
  for (const lease of ['a', 'b']) load.set(lease, 0);
  for (const lease of load.with(0)) load.set(lease, 1);
  expect([...load.with(0)]).toEqual([]);
  expect([...load.with(1)]).toEqual(['a', 'b']);
});
