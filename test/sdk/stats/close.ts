import { expect } from 'vitest';

/** Equal to within `tolerance`, relative to the larger of 1 and the expected value. */
export function expectClose(value: number | null, expected: number, tolerance = 1e-11): void {
  expect(value).not.toBeNull();
  expect(value, `expected ${expected}`).not.toBeNaN();
  expect(Math.abs(value! - expected), `${value} is not ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(1, Math.abs(expected)),
  );
}
