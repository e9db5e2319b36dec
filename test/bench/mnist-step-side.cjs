// One training of the benchmark mnist-step on TensorFlow.js: node mnist-step-side.cjs traced|eager|fit DATA LIMIT SEED
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { installResolver } = require('../../sdk/dist/backends/resolve.js');
const { createRandGen } = require('../../sdk/dist/plan/seeds.js');

installResolver();
const tf = require('@tensorflow/tfjs-node-gpu');
const { trainLoop, predict } = require('../../sdk/dist/tf');
const { describeTraining } = require('../../sdk/dist/backends/training.js');

const [side, folder, limit, seed] = process.argv.slice(2);
const EPOCHS = 2;
const BATCH = 128;

function digits(part, count) {
  const images = readFileSync(join(folder, `${part}-images-idx3-ubyte`)).subarray(16, 16 + count * 784);
  const labels = readFileSync(join(folder, `${part}-labels-idx1-ubyte`)).subarray(8, 8 + count);
  return { count, images: Uint8Array.from(images), labels: Uint8Array.from(labels) };
}

function network(randGen) {
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: randGen.seed() });
  const conv = (filters, rest) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: kernelInitializer(),
      ...rest,
    });
  return tf.sequential({
    layers: [
      conv(16, { inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      conv(32),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: 'relu', kernelInitializer: kernelInitializer() }),
      tf.layers.dense({ units: 10, kernelInitializer: kernelInitializer() }),
    ],
  });
}

async function main() {
  const train = digits('train', Number(limit));
  const test = digits('t10k', 10_000);
  const randGen = createRandGen(Number(seed));
  const model = network(randGen);
  const columns = ({ images, count }) => ({ data: images, shape: [count, 28, 28, 1], scale: 1 / 255 });
  const started = performance.now();
  if (side === 'fit') {
    // as tfjs's documentation has it: one tensor of images, one-hot targets
    const x = tf.tidy(() => tf.tensor4d(Float32Array.from(train.images), [train.count, 28, 28, 1]).div(255));
    const y = tf.tidy(() => tf.oneHot(tf.tensor1d(train.labels, 'int32'), 10).toFloat());
    model.compile({
      optimizer: tf.train.adam(1e-3),
      loss: (targets, outputs) => tf.losses.softmaxCrossEntropy(targets, outputs),
      metrics: ['accuracy'],
    });
    await model.fit(x, y, { epochs: EPOCHS, batchSize: BATCH, shuffle: true, verbose: 0 });
  } else {
    await trainLoop({
      model,
      optimizer: tf.train.adam(1e-3),
      loss: 'softmaxCrossEntropy',
      metrics: ['accuracy'],
      x: columns(train),
      y: train.labels,
      epochs: EPOCHS,
      batchSize: BATCH,
      randGen,
      mode: side === 'eager' ? 'eager' : 'auto',
    });
  }
  const epochSeconds = (performance.now() - started) / 1000 / EPOCHS;
  const { data } = await predict({ model, x: columns(test) });
  let right = 0;
  for (let row = 0; row < test.count; row++) {
    const scores = data.subarray(row * 10, row * 10 + 10);
    if (scores.indexOf(Math.max(...scores)) === test.labels[row]) right++;
  }
  const { binding } = tf.backend();
  console.log(
    JSON.stringify({
      epochSeconds,
      accuracy: right / test.count,
      version: `tfjs ${tf.version.tfjs}, TensorFlow ${binding?.TF_Version}`,
      backend: side === 'fit' ? tf.getBackend() : describeTraining(),
    }),
  );
}

main();
