import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { whereAmI } from '../../../sdk/src/workers/place.js';

it('names the GPUs that its kernel chose', () => {
  expect(whereAmI({ FOLDLAB_GPUS: 'GPU-1,GPU-2' }, 7)).toEqual({
    node: hostname(),
    pid: 7,
    gpus: ['GPU-1', 'GPU-2'],
  });
});

it('names GPUs that SLURM chose by node and number', () => {
  const env = {
    FOLDLAB_GPUS: 'placed',
    SLURMD_NODENAME: 'n1',
    SLURM_STEP_GPUS: '2,3',
    CUDA_VISIBLE_DEVICES: '0,1',
  };
  expect(whereAmI(env, 7)).toEqual({ node: 'n1', pid: 7, gpus: ['n1/gpu2', 'n1/gpu3'] });
});

it('has no GPU on a CPU lease, whatever the job around it has', () => {
  expect(whereAmI({ FOLDLAB_GPUS: '', SLURM_JOB_GPUS: '0', CUDA_VISIBLE_DEVICES: '0' }).gpus).toEqual([]);
});

it('takes a UUID as it is', () => {
  expect(whereAmI({ FOLDLAB_GPUS: 'placed', CUDA_VISIBLE_DEVICES: 'GPU-6f1c' }).gpus).toEqual(['GPU-6f1c']);
});
