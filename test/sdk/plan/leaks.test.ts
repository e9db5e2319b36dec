import { describe, expect, it } from 'vitest';
import { cutSplits } from '../../../sdk/src/plan/cut/cutSplits.js';
import { findLeaks, type LeakRows } from '../../../sdk/src/plan/leaks.js';
import { rowHashes } from '../../../sdk/src/plan/rowHashes.js';
import { splitters } from '../../../sdk/src/plan/splitters.js';

const rowsOf = (given: Partial<LeakRows>): LeakRows => ({ ids: null, groups: null, hashes: null, ...given });
const foldsOf = (n: number) => cutSplits(splitters.kFold({ numFolds: 3 }), { n }).repetitions[0];

describe('findLeaks', () => {
  it('finds nothing in clean splits', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const clean = rowsOf({ ids, hashes: ids, groups: ids });
    expect(findLeaks(foldsOf(12), clean, rowsOf({ ids: ['q1'], groups: ['g'], hashes: ['h'] }))).toEqual([]);
  });

  it('finds rows on both sides, and names them', () => {
    const [leak] = findLeaks(
      [{ train: [0, 1, 2], validation: [2, 3] }],
      rowsOf({ ids: ['a', 'b', 'c', 'd'] }),
    );
    expect(leak).toMatchObject({ kind: 'rows', severity: 'error', cvIndex: 0, count: 1 });
    expect(leak.message).toContain('Fold 0 validates on 1 row that it trains on ("c")');
  });

  it('finds groups on both sides, and names them', () => {
    const groups = ['anna', 'anna', 'bert', 'bert', 'carl', 'carl'];
    const folds = [{ train: [0, 2, 3], validation: [1, 4, 5] }];
    const [leak] = findLeaks(folds, rowsOf({ groups }));
    expect(leak).toMatchObject({ kind: 'groups', severity: 'error', count: 1 });
    expect(leak.message).toContain('rows of the same group ("anna"; 1 validation row: 1)');
    expect(leak.message).toContain('use splits: groupKFold()');
    const ids = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'];
    expect(findLeaks(folds, rowsOf({ groups, ids }))[0].message).toContain('1 validation row: "a2")');
    const grouped = cutSplits(splitters.groupKFold({ numFolds: 3 }), { n: 6, groups }).repetitions[0];
    expect(findLeaks(grouped, rowsOf({ groups }))).toEqual([]);
  });

  it('warns of exact copies across the split, with counts', () => {
    const pixels = new Uint8Array([1, 2, 3, 4, 1, 2, 9, 9]);
    const hashes = rowHashes({ length: 4, pixels, labels: [0, 1, 2, 3] });
    const folds = [
      { train: [1, 2, 3], validation: [0] },
      { train: [0, 1, 3], validation: [2] },
      { train: [0, 2], validation: [1, 3] },
    ];
    const leaks = findLeaks(folds, rowsOf({ hashes }));
    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toMatchObject({ kind: 'duplicates', severity: 'warning', count: 2, cvIndex: 0 });
    expect(leaks[0].message).toContain('2 validation rows (counted over the folds; rows 0, 2)');
  });

  it('finds test ids, groups and copies inside development, errors first', () => {
    const leaks = findLeaks(
      foldsOf(4),
      rowsOf({ ids: [10, 11, 12, 13], groups: [1, 2, 3, 4], hashes: ['a', 'b', 'c', 'd'] }),
      rowsOf({ ids: [13, 14], groups: [5, 2], hashes: ['d', 'e'] }),
    );
    expect(leaks.map((leak) => [leak.kind, leak.severity])).toEqual([
      ['testIds', 'error'],
      ['testGroups', 'error'],
      ['testDuplicates', 'warning'],
    ]);
    expect(leaks[0].message).toContain('The test set holds 1 id of the development set (13)');
    expect(leaks[1].message).toContain('of 1 group of the development set (2; test row 14)');
    expect(leaks[2].message).toContain('1 test row have an exact copy in the development set (test row 13)');
  });

  it('does not take row numbers for names', () => {
    expect(findLeaks(foldsOf(4), rowsOf({ ids: [0, 1, 2, 3] }), rowsOf({ ids: [0, 1] }))).toEqual([]);
  });
});

describe('rowHashes', () => {
  it('hashes every field that has values for each row, without names and labels', () => {
    const one = rowHashes({
      length: 2,
      x: [1, 1],
      names: ['a', 'a'],
      vectors: [
        [1, 2],
        [1, 2],
      ],
      ids: [7, 8],
    });
    expect(one![0]).toBe(one![1]);
    const other = rowHashes({
      length: 2,
      x: [1, 1],
      names: ['a', 'b'],
      vectors: [
        [1, 2],
        [1, 2],
      ],
    });
    expect(other![0]).not.toBe(other![1]);
    expect(rowHashes({ length: 2, x: [1, '1'] })!.length).toBe(
      new Set(rowHashes({ length: 2, x: [1, '1'] })).size,
    );
  });

  it('is null where no field belongs to rows', () => {
    expect(rowHashes({ length: 2, ids: ['a', 'b'], about: 'text', scale: new Float32Array(3) })).toBeNull();
    expect(rowHashes({ length: 2, stream: [{}, {}] })).toBeNull();
  });
});
