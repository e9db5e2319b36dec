/**
 * numpy's legacy `RandomState`, bit for bit: MT19937 seeded by init_genrand, bounded integers by masked rejection, the
 * Fisher–Yates shuffle from the end. This is the stream that decides scikit-learn's folds; numpy promises never to
 * change it (NEP 19).
 */
import { mersenne } from 'pure-rand/generator/mersenne';
import type { TypedArray } from '../contract.js';

const TWO_32 = 0x1_0000_0000;

export interface RandomState {
  /** The next 32 bits, as an unsigned integer. */
  u32(): number;
  /** Uniform integer in [0, max], both ends included; `max` up to 2^53 − 1. Draws nothing when max is 0. */
  interval(max: number): number;
  /** Shuffles in place and returns the same array, as `RandomState.shuffle`. */
  shuffle<T extends unknown[] | TypedArray>(array: T): T;
  /** A random order of 0…n−1, as `RandomState.permutation`. */
  permutation(n: number): Uint32Array;
  /** Uniform in [0, 1) with 53 bits, as `RandomState.random_sample`. */
  random(): number;
  /** Standard normal by the polar method, as `RandomState.standard_normal` (but for the last bit of the logarithm). */
  normal(): number;
}

/**
 * The same stream as `numpy.random.RandomState(seed)`.
 *
 * @param seed an integer in [0, 2^32)
 * @throws RangeError for any other seed
 * @example randomState(1234).permutation(10) // 7, 2, 9, 1, 0, 8, 4, 5, 6, 3
 */
export function randomState(seed: number): RandomState {
  if (!Number.isInteger(seed) || seed < 0 || seed >= TWO_32) {
    throw new RangeError(
      `Cannot seed the random stream: the seed must be an integer from 0 to ${TWO_32 - 1}; current value is ${String(seed)}`,
    );
  }
  const generator = mersenne(seed | 0);
  const u32 = () => generator.next() >>> 0;
  const random = () => ((u32() >>> 5) * 0x400_0000 + (u32() >>> 6)) / 0x20_0000_0000_0000;

  const interval = (max: number) => {
    if (max === 0) return 0;
    if (max < TWO_32) {
      const mask = 0xffff_ffff >>> Math.clz32(max);
      let value;
      do value = (u32() & mask) >>> 0;
      while (value > max);
      return value;
    }
    // numpy draws the high word first
    const mask = 0xffff_ffff >>> Math.clz32(Math.floor(max / TWO_32));
    let value;
    do {
      const high = (u32() & mask) >>> 0;
      value = high * TWO_32 + u32();
    } while (value > max);
    return value;
  };

  const shuffle = <T extends unknown[] | TypedArray>(array: T): T => {
    const items = array as unknown[];
    for (let i = items.length - 1; i > 0; i--) {
      const j = interval(i);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
    return array;
  };

  // the polar method makes two normals at a time; numpy hands out the second coordinate first
  let spare: number | null = null;
  const normal = () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    let x;
    let y;
    let squared;
    do {
      x = 2 * random() - 1;
      y = 2 * random() - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared === 0);
    const scale = Math.sqrt((-2 * Math.log(squared)) / squared);
    spare = scale * x;
    return scale * y;
  };

  return {
    u32,
    interval,
    shuffle,
    permutation: (n) => shuffle(Uint32Array.from({ length: n }, (_, i) => i)),
    random,
    normal,
  };
}
