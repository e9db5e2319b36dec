/**
 * WebGPU computes what plain JavaScript does, where it was set up (FOLDLAB_TENSORFLOW=webgpu npx foldlab setup) and there is a Vulkan driver:
 * the machine's own, else Chromium's software one.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findBuild } from '../../sdk/src/backends/cache.js';

const ROOT = join(import.meta.dirname, '..', '..');
const SOFTWARE = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome']
  .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
  .find((file) => existsSync(file));
const build = findBuild('webgpu');
if (!build)
  console.warn('WebGPU is not tested: it is not set up; run FOLDLAB_TENSORFLOW=webgpu npx foldlab setup');

const program = `
  require(${JSON.stringify(join(ROOT, 'sdk/dist/backends/resolve.js'))}).installResolver();
  const tf = require('@tensorflow/tfjs-node-gpu');
  const { trainLoop, predict } = require(${JSON.stringify(join(ROOT, 'sdk/dist/tf'))});
  const { createRandGen } = require(${JSON.stringify(join(ROOT, 'sdk/dist/plan/seeds.js'))});
  (async () => {
    await tf.ready();
    const init = (seed) => tf.initializers.glorotUniform({ seed });
    const model = tf.sequential({ layers: [
      tf.layers.conv2d({ inputShape: [10, 10, 1], filters: 3, kernelSize: 3, activation: 'relu', kernelInitializer: init(1) }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, kernelInitializer: init(2) }),
    ] });
    const random = createRandGen(7);
    const x = { data: Uint8Array.from({ length: 20 * 100 }, () => random() * 256), shape: [20, 10, 10, 1], scale: 1 / 255 };
    const y = Uint8Array.from({ length: 20 }, () => random() * 3);
    const { epochs, ran } = await trainLoop({
      model, optimizer: tf.train.adam(0.02), loss: 'softmaxCrossEntropy', metrics: ['accuracy'],
      x, y, rows: Array.from({ length: 14 }, (_, i) => i), validation: { rows: [14, 15, 16, 17, 18, 19] },
      epochs: 4, batchSize: 8, randGen: createRandGen(3) });
    const { data } = await predict({ model, x, activation: 'softmax' });
    process.stdout.write(JSON.stringify({ backend: tf.getBackend(), ran, losses: epochs.flatMap((e) => [e.loss, e.valLoss, e.valAccuracy]), scores: [...data] }), () => process.exit(0));
  })();`;

async function train(kind: string) {
  const env = {
    ...process.env,
    FOLDLAB_TENSORFLOW: kind,
    ...(SOFTWARE && !process.env.VK_ICD_FILENAMES ? { VK_ICD_FILENAMES: SOFTWARE } : {}),
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { cwd: ROOT, env });
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    backend: string;
    ran: string;
    losses: number[];
    scores: number[];
  };
}

describe.skipIf(!build)('WebGPU', () => {
  it('trains and predicts as TensorFlow does, with trainLoop', async () => {
    const [webgpu, native] = [await train('webgpu'), await train('cpu')];
    expect([webgpu.backend, webgpu.ran]).toEqual(['webgpu', 'eager']);
    expect([native.backend, native.ran]).toEqual(['tensorflow', 'traced']);
    for (const what of ['losses', 'scores'] as const) {
      expect(webgpu[what]).toHaveLength(native[what].length);
      webgpu[what].forEach((value, i) => expect(value).toBeCloseTo(native[what][i]!, 3));
    }
  });
});
