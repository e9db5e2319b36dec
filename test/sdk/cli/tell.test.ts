import { expect, it } from 'vitest';
import { tellError } from '../../../sdk/src/cli/tell.js';
import { kFold } from '../../../sdk/src/plan/kFold.js';
import { RunError } from '../../../sdk/src/errors.js';

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

it("tells foldlab's errors by their message and the lines of the user's files", () => {
  const [message, ...frames] = tellError(thrown(() => kFold(3, 5))).split('\n');
  expect(message).toMatch(/^Cannot split 3 samples into 5 folds/);
  expect(frames[0]).toMatch(/tell\.test\.ts:\d+:\d+/);
  expect(frames.join()).not.toMatch(/sdk\/src|node_modules|node:/);
});

it("leaves a user's error its whole stack", () => {
  const error = thrown(() => (undefined as unknown as { a: number }).a) as Error;
  expect(tellError(error)).toBe(error.stack);
  expect(tellError('text')).toBe('text');
});

it('tells of a failed run what its message says, wherever it was made', () => {
  const error = new RunError('The run failed', [], {} as never);
  expect(tellError(error).split('\n')[0]).toBe('The run failed');
});
