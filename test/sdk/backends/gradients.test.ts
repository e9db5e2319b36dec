import { afterAll, describe, expect, it } from 'vitest';
import { packageDir } from '../../../sdk/src/backends/cache.js';
import { compileBackends, evaluate, nativeBuild, scratch } from './compiled.js';

const place = scratch();
afterAll(() => place.remove());

/** Gradients of poolings and rectifiers, with ties and zeros, as plain numbers. */
const PROGRAM = `
  const [build, backends, patch] = process.argv.slice(2);
  const compat = require(backends + '/compat.js');
  compat.restoreUtil();
  const tf = require(build + '/dist/index.js');
  compat.patchKernels(tf);
  const gradients = require(backends + '/gradients.js');
  if (patch === 'yes') for (let i = 0; i < 2; i++) gradients.patchGradients(tf, process.env);
  const results = [];
  for (const [size, stride, pad] of [[2, 2, 'valid'], [3, 3, 'same'], [2, 3, 'valid'], [3, 1, 'valid'], [3, 2, 'same']]) {
    const x = tf.randomNormal([3, 13, 11, 5], 0, 1, 'float32', size).relu();
    const weight = tf.randomNormal(tf.maxPool(x, size, stride, pad).shape, 0, 1, 'float32', 7);
    results.push(tf.grad((x) => tf.maxPool(x, size, stride, pad).mul(weight).sum())(x));
  }
  const x = tf.randomNormal([500], 0, 1, 'float32', 3).mul(tf.range(0, 500).mod(5).greater(0));
  results.push(tf.grad((x) => tf.relu(x).pow(3).sum())(x));
  results.push(tf.grad((x) => tf.grad((x) => tf.relu(x).pow(3).sum())(x).square().sum())(x));
  const before = tf.memory().numTensors;
  tf.tidy(() => tf.grad((x) => tf.maxPool(x.relu().reshape([1, 20, 25, 1]), 2, 2, 'valid').sum())(x).dataSync());
  console.log(JSON.stringify({
    numbers: results.map((tensor) => Array.from(tensor.dataSync())),
    leaked: tf.memory().numTensors - before,
    relu: tf.getKernel('FoldlabReluGrad', 'tensorflow') !== undefined,
  }));`;

describe.skipIf(!nativeBuild)('patchGradients', () => {
  it('gives exactly the numbers of tfjs-node, also for gradients of gradients, and leaks nothing', async () => {
    const backends = compileBackends(place.dir);
    const run = (patch: 'yes' | 'no') =>
      evaluate(PROGRAM, { dir: place.dir, args: [packageDir(nativeBuild!), backends, patch] });
    const [plain, patched] = [await run('no'), await run('yes')];
    expect([plain.relu, patched.relu]).toEqual([false, true]);
    // toEqual tells 0 from -0, which the two may differ in
    const positive = (numbers: number[][]) => numbers.map((list) => list.map((value) => value + 0));
    expect(positive(patched.numbers)).toEqual(positive(plain.numbers));
    expect(patched.numbers.flat().some((value: number) => value !== 0)).toBe(true);
    expect(patched.leaked).toBe(0);
  });
});
