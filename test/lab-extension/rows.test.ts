import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedStretch } from '../../lab-extension/src/charts/rows.js';

const row = fc.record({ unit: fc.constantFrom('a', 'b'), value: fc.integer({ min: 0, max: 2 }) });
const rows = fc.array(row, { maxLength: 12 });

it('names the stretch whose replacement gives the new rows, whatever they are', () => {
  fc.assert(
    fc.property(rows, rows, (before, after) => {
      const { start, removed, added } = changedStretch(before, after);
      const replaced = [...before];
      replaced.splice(start, removed, ...after.slice(start, start + added));
      expect(replaced).toEqual(after);
    }),
  );
});

it('is empty for the same content in other objects', () => {
  const before = [{ unit: 'a', value: NaN }, { unit: 'b' }];
  expect(changedStretch(before, structuredClone(before))).toMatchObject({ removed: 0, added: 0 });
});

it('leaves alone what stands around rows that come between', () => {
  const before = ['a', 'c'].map((unit) => ({ unit }));
  const after = ['a', 'b', 'c'].map((unit) => ({ unit }));
  expect(changedStretch(before, after)).toEqual({ start: 1, removed: 0, added: 1 });
});

it('counts a row with a field less as another one', () => {
  expect(changedStretch([{ unit: 'a', value: 1 }], [{ unit: 'a' }])).toEqual({
    start: 0,
    removed: 1,
    added: 1,
  });
});
