import { expect, it } from 'vitest';
import { tooLarge } from '../../lab-extension/src/view/measure.js';
import { largeModel } from '../sdk/view/models.js';

it('lets a large honest run through', () => {
  expect(tooLarge(largeModel(10, 5))).toBe('');
});

it('stops at the first value beyond the limit', () => {
  expect(tooLarge({ text: 'x'.repeat(2000) }, 1000)).toMatch(/larger than/);
  expect(tooLarge([...Array(1000).keys()], 1000)).toMatch(/larger than/);
  expect(tooLarge({ ['k'.repeat(2000)]: 1 }, 1000)).toMatch(/larger than/);
});

it('refuses a depth that would end a recursive reader', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(tooLarge(deep)).toMatch(/nested deeper than 16/);
});
