import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDataset, loadDataset, storeDataset } from '../../../sdk/src/store/datasets.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-datasets-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const half = (data: object, length = 3) => ({ data, length, ids: null, labels: null, groups: null });

describe('storeDataset', () => {
  it('gives back typed arrays, nesting, dates and maps as they were', () => {
    const data = {
      length: 3,
      images: Uint8Array.of(1, 2, 3),
      weights: { deep: [Float32Array.of(0.5), { big: BigInt64Array.of(7n) }] },
      when: new Date(5),
      lookup: new Map([['a', Int16Array.of(9)]]),
      labels: ['x', 'y', 'z'],
    };
    const { train } = storeDataset(dir, 'key', { train: half(data), test: null });
    expect(loadDataset(dir, 'key', train)).toEqual(data);
  });

  it('is found again by its key, and only by it', () => {
    const manifest = storeDataset(dir, 'key', { train: half({ length: 3 }), test: half({ length: 1 }, 1) });
    expect(findDataset(dir, 'key')).toEqual(manifest);
    expect(findDataset(dir, 'other')).toBeNull();
  });

  it('is stored where one of another format lies', () => {
    mkdirSync(join(dir, 'datasets', 'key'), { recursive: true });
    writeFileSync(join(dir, 'datasets', 'key', 'dataset.json'), '{"format":1}');
    const manifest = storeDataset(dir, 'key', { train: half({ length: 3 }), test: null });
    expect(findDataset(dir, 'key')).toEqual(manifest);
  });

  it('has the same hash for the same content and another for other content', () => {
    const of = (value: number) => ({ train: half({ length: 3, x: Float64Array.of(value) }), test: null });
    const first = storeDataset(dir, 'a', of(1));
    expect(storeDataset(dir, 'b', of(1)).hash).toBe(first.hash);
    expect(storeDataset(dir, 'c', of(2)).hash).not.toBe(first.hash);
  });

  it('keeps the first when two store the same key', () => {
    const pair = { train: half({ length: 3 }), test: null };
    storeDataset(dir, 'key', pair);
    expect(storeDataset(dir, 'key', pair).train.length).toBe(3);
    expect(readdirSync(join(dir, 'datasets', 'v2'))).toEqual(['key']);
  });

  it.each<[string, object, RegExp]>([
    ['a function', { length: 3, get: () => 1 }, /train\.get is a function/],
    ['an instance', { length: 3, inner: [new (class Reader {})()] }, /train\.inner\[0\] is a Reader/],
  ])('refuses %s by its path, and leaves nothing', (_, data, message) => {
    expect(() => storeDataset(dir, 'key', { train: half(data), test: null })).toThrow(message);
    expect(findDataset(dir, 'key')).toBeNull();
    expect(readdirSync(join(dir, 'datasets', 'v2'))).toEqual([]);
  });

  it('freezes plain objects, so that a function cannot change what the next fold sees', () => {
    const { train } = storeDataset(dir, 'key', {
      train: half({ length: 3, meta: { scale: 1 } }),
      test: null,
    });
    const data = loadDataset(dir, 'key', train) as { meta: { scale: number } };
    expect(() => (data.meta.scale = 2)).toThrow(TypeError);
  });

  it('refuses a cached array that was cut off', () => {
    const { train } = storeDataset(dir, 'key', {
      train: half({ length: 3, x: Float64Array.of(1, 2) }),
      test: null,
    });
    truncateSync(join(dir, 'datasets', 'v2', 'key', 'train', '0.bin'), 8);
    expect(() => loadDataset(dir, 'key', train)).toThrow(/has 8 bytes and should have 16/);
  });
});
