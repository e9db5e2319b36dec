import { expect, test } from 'vitest';
import { evenBlocks, wrapLine } from '../../../sdk/src/view/wrap.js';

test('wrapLine breaks at spaces, indents what follows and cuts what has none', () => {
  expect(wrapLine('one two three', 8)).toEqual(['one two', '  three']);
  expect(wrapLine('short', 8)).toEqual(['short']);
  expect(wrapLine('abcdefghijkl', 5)).toEqual(['  abc', '  def', '  ghi', '  jkl']);
});

test('evenBlocks makes as few blocks as possible of about the same size', () => {
  expect(evenBlocks([0, 1, 2, 3, 4, 5, 6, 7, 8], 8)).toEqual([
    [0, 1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  expect(evenBlocks([0, 1], 8)).toEqual([[0, 1]]);
  expect(evenBlocks([], 8)).toEqual([[]]);
});
