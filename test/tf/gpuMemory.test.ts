/** The cap on a shared GPU's memory, as far as it can be seen without one: TensorFlow gets it and computes the same. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import './tensorflow.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** A product of two matrices in a process of its own. */
async function compute(fraction: string) {
  const code = `require(${JSON.stringify(join(ROOT, 'sdk/dist/backends/resolve.js'))}).installResolver();
    const tf = require('@tensorflow/tfjs-node-gpu');
    const x = tf.randomUniform([64, 64], -1, 1, 'float32', 1);
    console.log(tf.getBackend(), tf.matMul(x, x).sum().dataSync()[0]);`;
  const env = { ...process.env, FOLDLAB_GPU_MEMORY_FRACTION: fraction };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { cwd: ROOT, env });
  return stdout.trim();
}

it('the addon hands TensorFlow a configuration, which stock tfjs-node does not', () => {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json');
  const addon = readFileSync(join(dirname(main), 'lib', 'napi-v8', 'tfjs_binding.node'));
  expect(addon.includes('TFE_ContextOptionsSetConfig')).toBe(true);
});

it('with a cap TensorFlow loads and computes the same; a cap that is none is ignored', async () => {
  const plain = await compute('');
  expect(plain).toMatch(/^tensorflow -?\d/);
  for (const fraction of ['0.45', '1', '0', '7', 'half']) expect(await compute(fraction)).toBe(plain);
});
