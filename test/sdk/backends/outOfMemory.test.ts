import { expect, it } from 'vitest';
import { outOfMemory } from '../../../sdk/src/backends/outOfMemory.js';

const said = (message: string, name = 'Error') => outOfMemory({ name, message });

it.each([
  [
    'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[64,10] and type float on GPU:0 by allocator GPU_0_bfc',
    'OOM when allocating tensor with shape[64,10] and type float on GPU:0 by allocator GPU_0_bfc',
  ],
  [
    'failed to allocate 9.50G (10200547328 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY: out of memory',
    'failed to allocate 9.50G (10200547328 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY: out of memory',
  ],
  ['RESOURCE_EXHAUSTED: Failed to allocate request', 'RESOURCE_EXHAUSTED: Failed to allocate request'],
  ['Invalid TF_Status: 8\nMessage: SameWorkerRecvDone unable to allocate', 'Invalid TF_Status: 8'],
])('TensorFlow and CUDA are understood: %s', (message, line) => {
  expect(said(message)).toBe(line);
});

it('an error by its name alone', () => {
  expect(said('no room', 'ResourceExhaustedError')).toBe('no room');
});

it.each([
  'Invalid TF_Status: 3\nMessage: Incompatible shapes',
  'Invalid TF_Status: 80',
  "tensor 'room' is too small",
  'the zoom was wrong',
])('other errors are not taken for it: %s', (message) => {
  expect(said(message)).toBeNull();
});
