import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyBuild, compileBackends, evaluate, scratch } from './compiled.js';

const place = scratch();
let backends: string;
beforeAll(() => void (backends = compileBackends(place.dir)));
afterAll(() => place.remove());

/** Every build has the wasm package beside it, so the kernels are tested whichever build this machine has. */
const load = `
  const { createRequire } = require('node:module');
  const [backends, build] = process.argv.slice(2);
  const fromBuild = createRequire(build + '/package.json');
  const tf = fromBuild('@tensorflow/tfjs');
  fromBuild('@tensorflow/tfjs-backend-wasm');
`;
const run = (program: string) =>
  evaluate(load + program, { dir: join(place.dir, 'programs'), args: [backends, anyBuild!.dir] });

const CASES = [
  // an even filter is padded at one side only
  { x: [2, 5, 6, 2], filter: [2, 4, 2, 3], strides: 1, pad: 'same' },
  { x: [2, 7, 6, 3], filter: [3, 3, 3, 4], strides: 1, pad: 'valid' },
  { x: [2, 7, 6, 3], filter: [3, 3, 3, 4], strides: 1, pad: 'same' },
  { x: [1, 8, 9, 2], filter: [2, 3, 2, 5], strides: [2, 3], pad: 'same' },
  { x: [1, 8, 9, 2], filter: [3, 2, 2, 1], strides: 2, pad: 'valid' },
  { x: [3, 5, 5, 1], filter: [1, 1, 1, 2], strides: 1, pad: 'valid' },
  { x: [1, 6, 6, 2], filter: [3, 3, 2, 2], strides: 1, pad: 1 },
];

describe.skipIf(!anyBuild)('registerWasmKernels', () => {
  it("gives the cpu backend's gradient for every stride and padding", async () => {
    const differences = await run(`
      require(backends + '/wasmKernels.js').registerWasmKernels(tf);
      (async () => {
        const gradients = async (backend, { x, filter, strides, pad }) => {
          await tf.setBackend(backend);
          return tf.tidy(() => {
            const [dx, dw] = tf.grads((a, b) => tf.conv2d(a, b, strides, pad).square().sum())([
              tf.randomNormal(x, 0, 1, 'float32', 1), tf.randomNormal(filter, 0, 1, 'float32', 2)]);
            return [...dx.dataSync(), ...dw.dataSync()];
          });
        };
        const differences = [];
        for (const test of ${JSON.stringify(CASES)}) {
          const [wasm, cpu] = [await gradients('wasm', test), await gradients('cpu', test)];
          const scale = Math.max(...cpu.map(Math.abs));
          differences.push(wasm.length === cpu.length ? Math.max(...cpu.map((v, i) => Math.abs(v - wasm[i]))) / scale : Infinity);
        }
        console.log(JSON.stringify(differences));
      })();`);
    expect(differences).toHaveLength(CASES.length);
    for (const difference of differences) expect(difference).toBeLessThan(1e-5);
  });
});

describe.skipIf(!anyBuild)('startWasm', () => {
  it('computes in plain JavaScript until WASM is ready, and keeps the tensors', async () => {
    const result = await run(`
      require(backends + '/wasmStart.js').startWasm(tf);
      (async () => {
        const first = tf.tensor1d([1, 2]).add(1);
        const before = tf.getBackend();
        await tf.ready();
        console.log(JSON.stringify([before, tf.getBackend(), Array.from(first.mul(2).dataSync())]));
      })();`);
    expect(result).toEqual(['cpu', 'wasm', [4, 6]]);
  });

  it('stays in plain JavaScript when WASM cannot start', async () => {
    const result = await run(`
      tf.removeBackend('wasm');
      tf.registerBackend('wasm', () => Promise.reject(new Error('no WASM here')), 2);
      require(backends + '/wasmStart.js').startWasm(tf);
      tf.ready().then(() => console.log(JSON.stringify([tf.getBackend(), tf.scalar(2).square().dataSync()[0]])));`);
    expect(result).toEqual(['cpu', 4]);
  });
});
