import { describe, expect, it } from 'vitest';
import { createRandGen } from '../../../sdk/src/plan/seeds.js';
import { positionsOf, shuffle, streamOf } from '../../../sdk/src/tf/batches.js';

describe('positionsOf', () => {
  it('gives all rows, or the chosen ones', () => {
    expect(Array.from(positionsOf(undefined, 3, 'rows'))).toEqual([0, 1, 2]);
    expect(Array.from(positionsOf([2, 0], 3, 'rows'))).toEqual([2, 0]);
  });

  it('refuses rows outside and none', () => {
    expect(() => positionsOf([3], 3, 'rows')).toThrow(
      'rows must be positions from 0 to 2, at least one; one is 3',
    );
    expect(() => positionsOf([-1], 3, 'rows')).toThrow('one is -1');
    expect(() => positionsOf([], 3, 'validation.rows')).toThrow('there are none');
  });
});

describe('shuffle', () => {
  const numbers = () => Int32Array.from({ length: 50 }, (_, i) => i);

  it('gives the same order for the same stream, with and without its own shuffle', () => {
    for (const make of [
      createRandGen,
      (seed: number) =>
        (
          (stream) => () =>
            stream()
        )(createRandGen(seed)),
    ]) {
      const orders = [1, 1, 2].map((seed) => {
        const order = numbers();
        shuffle(order, make(seed));
        return Array.from(order);
      });
      expect(orders[1]).toEqual(orders[0]);
      expect(orders[2]).not.toEqual(orders[0]);
      expect(orders[0]).not.toEqual(Array.from(numbers()));
      expect([...orders[0]].sort((a, b) => a - b)).toEqual(Array.from(numbers()));
    }
  });
});

describe('streamOf', () => {
  const tensor = (size: number) => ({ dataId: {}, shape: [size], dtype: 'float32' }) as any;

  it('reads iterables, async iterables and tf.data’s iterators, single tensors and several', async () => {
    const batches = [
      { xs: tensor(1), ys: tensor(1) },
      { xs: [tensor(2), tensor(2)], ys: { a: tensor(2), b: tensor(2) } as any },
    ];
    const sources = [
      batches,
      (async function* () {
        yield* batches;
      })(),
      {
        iterator: async () => {
          const rest = [...batches];
          return { next: async () => ({ done: rest.length === 0, value: rest.shift() }) };
        },
      },
    ];
    for (const source of sources) {
      const shapes: number[][] = [];
      for await (const { xs, ys } of streamOf(source)) shapes.push([xs.length, ys.length]);
      expect(shapes).toEqual([
        [1, 1],
        [2, 2],
      ]);
    }
  });

  it('asks for the next batch before this one is done, and frees it when the reader stops', async () => {
    const disposed: string[] = [];
    let asked = 0;
    let closed = false;
    async function* source() {
      try {
        for (;;) {
          const name = `batch ${asked++}`;
          const one = { ...tensor(1), dispose: () => disposed.push(name) };
          yield { xs: one, ys: [one] };
        }
      } finally {
        closed = true;
      }
    }
    for await (const { xs } of streamOf(source())) {
      expect(xs).toHaveLength(1);
      await Promise.resolve();
      expect(asked).toBe(2);
      break;
    }
    expect(disposed).toEqual(['batch 1', 'batch 1']);
    expect(closed).toBe(true);
  });

  it('passes a failure of the source on', async () => {
    async function* source() {
      yield { xs: tensor(1), ys: tensor(1) };
      throw new Error('disk is gone');
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { xs } of streamOf(source())) seen.push(xs.length);
    })();
    await expect(reading).rejects.toThrow('disk is gone');
    expect(seen).toEqual([1]);
  });
});
