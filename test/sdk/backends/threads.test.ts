import { describe, expect, it } from 'vitest';
import { threadEnvironment } from '../../../sdk/src/backends/threads.js';

describe('threadEnvironment', () => {
  it('fixes the thread count, lets GPUs be shared and leaves oneDNN to the user', () => {
    expect(threadEnvironment(3)).toEqual({
      TF_NUM_INTRAOP_THREADS: '3',
      TF_NUM_INTEROP_THREADS: '1',
      TF_CPP_MIN_LOG_LEVEL: '2',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE: 'false',
    });
  });
  it('leaves what the user has set about oneDNN’s memory', () => {
    const { TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE } = threadEnvironment(1, {
      TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE: 'true',
    });
    expect(TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE).toBe('true');
  });
  it('refuses a count that is not a positive integer', () => {
    for (const threads of [0, -1, 1.5, NaN]) expect(() => threadEnvironment(threads)).toThrow(RangeError);
  });
});
