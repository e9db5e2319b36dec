import { describe, expect, it } from 'vitest';
import { hideGpus, outerEnvironment } from '../../../sdk/src/backends/hideGpus.js';

describe('hideGpus', () => {
  it('hides the GPUs from this process and remembers what it could see', () => {
    const env: NodeJS.ProcessEnv = { CUDA_VISIBLE_DEVICES: '1,0', PATH: 'x' };
    hideGpus(env);
    hideGpus(env);
    expect(env.CUDA_VISIBLE_DEVICES).toBe('');
    expect(outerEnvironment(env)).toEqual({
      CUDA_VISIBLE_DEVICES: '1,0',
      PATH: 'x',
      TF_CPP_MIN_LOG_LEVEL: '2',
    });
  });

  it('restores a variable that was not set as not set', () => {
    const env: NodeJS.ProcessEnv = {};
    hideGpus(env);
    expect('CUDA_VISIBLE_DEVICES' in outerEnvironment(env)).toBe(false);
  });
});
