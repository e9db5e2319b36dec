import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { packageDir } from '../../../sdk/src/backends/cache.js';
import { patchKernels, restoreUtil } from '../../../sdk/src/backends/compat.js';
import { compileBackends, evaluate, nativeBuild, scratch } from './compiled.js';

const place = scratch();
afterAll(() => place.remove());

describe('restoreUtil', () => {
  it('puts the removed functions back on Node 22 and later only', () => {
    const target: Record<string, any> = {};
    restoreUtil(target, '20.19.0');
    expect(Object.getOwnPropertyNames(target)).toEqual([]);
    restoreUtil(target, '24.1.0');
    expect([null, undefined, 0, ''].map((value) => target.isNullOrUndefined(value))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(target.isArray([])).toBe(true);
  });
});

describe('patchKernels', () => {
  it('wraps each kernel once when it is called twice', () => {
    const kernels = new Map([
      ['Round', { kernelName: 'Round', backendName: 'tensorflow', kernelFunc: vi.fn() }],
    ]);
    const registerKernel = vi.fn((config: any) => void kernels.set(config.kernelName, config));
    const registry = {
      getKernel: (name: string) => kernels.get(name),
      registerKernel,
      unregisterKernel: (name: string) => void kernels.delete(name),
    };
    patchKernels(registry as any);
    patchKernels(registry as any);
    expect(registerKernel).toHaveBeenCalledTimes(1);
  });

  it.skipIf(!nativeBuild)(
    'rounds integers and joins scalars without leaking on the native build',
    async () => {
      const result = await evaluate(
        `const compat = require(process.argv[3] + '/compat.js');
       compat.restoreUtil();
       const tf = require(process.argv[2] + '/dist/index.js');
       compat.patchKernels(tf);
       const ints = tf.tensor1d([7, -3, 5], 'int32'), floats = tf.tensor1d([0.4, 1.6]);
       const scalars = [tf.scalar(1), tf.scalar(2)];
       const before = [tf.memory().numTensors, tf.backend().numDataIds()];
       const results = [tf.round(ints), tf.round(floats), tf.engine().runKernel('Concat', scalars, { axis: 0 })];
       const out = results.map((t) => Array.from(t.dataSync()));
       tf.dispose(results);
       const after = [tf.memory().numTensors, tf.backend().numDataIds()];
       console.log(JSON.stringify({ out, leaked: after.map((n, i) => n - before[i]) }));`,
        { dir: place.dir, args: [packageDir(nativeBuild!), compileBackends(place.dir)] },
      );
      expect(result).toEqual({
        out: [
          [7, -3, 5],
          [0, 2],
          [1, 2],
        ],
        leaked: [0, 0],
      });
    },
  );

  it.skipIf(!nativeBuild)('gathers without reading the indices, and still checks them', async () => {
    const result = await evaluate(
      `const compat = require(process.argv[3] + '/compat.js');
       compat.restoreUtil();
       const tf = require(process.argv[2] + '/dist/index.js');
       compat.patchKernels(tf);
       const { binding } = tf.backend();
       const x = tf.tensor2d([[1, 2], [3, 4]]), rows = tf.tensor1d([1, 0, 1], 'int32').add(tf.scalar(0, 'int32'));
       let reads = 0;
       tf.backend().binding = Object.create(binding, { tensorDataSync: { value: (id) => (reads++, binding.tensorDataSync(id)) } });
       const found = [tf.gather(x, rows), tf.gather(x, rows, 1), tf.gather(x, tf.tensor2d([[1], [0]], [2, 1], 'int32'), 1, 1)];
       const seen = reads;
       const out = found.map((t) => t.arraySync());
       tf.dispose(found);
       let error = null;
       try { tf.gather(x, tf.tensor1d([2], 'int32')); } catch ({ message }) { error = message; }
       console.log(JSON.stringify({ out, seen, error }));`,
      { dir: place.dir, args: [packageDir(nativeBuild!), compileBackends(join(place.dir, 'gather'))] },
    );
    expect(result).toEqual({
      out: [
        [
          [3, 4],
          [1, 2],
          [3, 4],
        ],
        [
          [2, 1, 2],
          [4, 3, 4],
        ],
        [[2], [3]],
      ],
      seen: 0,
      error: expect.stringContaining('indices[0] = 2 is not in [0, 2)'),
    });
  });
});
