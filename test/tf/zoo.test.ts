/** A traced step gives what the eager one gives, for every kind of network. */
import { describe, expect, it } from 'vitest';
import { compileStep } from '../../sdk/src/tf/compileStep.js';
import { difference, tf, uniform, type tensorflow } from './tensorflow.js';
import { zoo, type Specimen } from './zoo.js';

const STEPS = 50;

/** Losses of each step and the final weights; every fifth batch is a partial one, and the learning rate drops half-way. */
function train(make: () => Specimen, mode: 'auto' | 'eager') {
  const { model, optimizer, inputs, targets, loss } = make();
  const variables = model.trainableWeights.map((weight) => (weight as any).val as tensorflow.Variable);
  const regularisers = () => (model as any).calculateLosses() as tensorflow.Scalar[];
  const list = <T>(value: T | T[]) => (Array.isArray(value) ? value : [value]);
  const step = compileStep(
    (x: tensorflow.Tensor[], y: tensorflow.Tensor[]) =>
      optimizer.minimize(
        () => {
          const outputs = list(
            model.apply(x.length === 1 ? x[0] : x, { training: true }),
          ) as tensorflow.Tensor[];
          return regularisers().reduce<tensorflow.Tensor>(
            (sum, one) => sum.add(one),
            loss(y, outputs),
          ) as any;
        },
        true,
        variables,
      )!,
    { mode, randGen: () => 0.3 },
  );
  const losses: number[] = [];
  const tensors: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    if (i === STEPS / 2) setRate(optimizer, 0.003);
    const batch = i % 5 === 4 ? 7 : 12;
    const [x, y] = [inputs(batch, i + 1), targets(batch, i + 100)];
    const value = step(x, y);
    losses.push(value.dataSync()[0]);
    tf.dispose([x, y, value]);
    tensors.push(tf.memory().numTensors);
  }
  const weights = model.getWeights().map((weight) => weight.dataSync());
  const result = { losses, weights, ran: step.ran, reason: step.reason, grown: tensors.at(-1)! - tensors[1] };
  step.dispose();
  model.dispose();
  return result;
}

function setRate(optimizer: any, rate: number) {
  if (optimizer.setLearningRate) optimizer.setLearningRate(rate);
  else optimizer.learningRate = rate;
}

describe.each(Object.entries(zoo))('%s', (_name, make) => {
  it('trains the same traced and eager, and leaves no tensor behind', () => {
    const eager = train(make, 'eager');
    const traced = train(make, 'auto');
    expect(traced.reason).toBeNull();
    expect(traced.ran).toBe('traced');
    expect(difference(eager.losses, traced.losses)).toBeLessThan(1e-5);
    // a graph may sum in another order, and the optimizers that divide by a gradient's size enlarge that
    eager.weights.forEach((weight, i) => expect(difference(weight, traced.weights[i])).toBeLessThan(1e-4));
    expect(eager.losses.every(Number.isFinite)).toBe(true);
    expect(new Set(eager.losses).size).toBeGreaterThan(STEPS / 2);
    expect(traced.grown).toBe(0);
  });
});

describe('attention from single operations', () => {
  it('trains the same traced and eager', () => {
    const run = (mode: 'auto' | 'eager') => {
      const weight = (seed: number, ...shape: number[]) => tf.variable(uniform(shape, seed).mul(0.3));
      const [query, key, value, out] = [weight(1, 8, 8), weight(2, 8, 8), weight(3, 8, 8), weight(4, 8, 1)];
      const optimizer = tf.train.adam(0.01);
      const forward = (x: tensorflow.Tensor3D) => {
        const flat = x.reshape([-1, 8]);
        const heads = (w: tensorflow.Tensor) =>
          flat
            .matMul(w as tensorflow.Tensor2D)
            .reshape([-1, 6, 2, 4])
            .transpose([0, 2, 1, 3]);
        const scores = tf.matMul(heads(query), heads(key), false, true).div(Math.sqrt(4));
        const causal = tf.linalg
          .bandPart(tf.ones([6, 6]), -1, 0)
          .sub(1)
          .mul(1e9);
        const mixed = tf.matMul(tf.softmax(scores.add(causal)), heads(value));
        return mixed
          .transpose([0, 2, 1, 3])
          .reshape([-1, 8])
          .add(flat)
          .matMul(out as tensorflow.Tensor2D);
      };
      const step = compileStep(
        (x: tensorflow.Tensor3D, y: tensorflow.Tensor2D) => {
          const { value: loss, grads } = tf.variableGrads(() => tf.losses.meanSquaredError(y, forward(x)));
          // gradient clipping by the global norm
          const norm = tf.sqrt(tf.addN(Object.values(grads).map((g) => g.square().sum())));
          const factor = tf.minimum(1, tf.div(0.5, norm));
          optimizer.applyGradients(
            Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, g.mul(factor)])) as any,
          );
          return { loss, norm };
        },
        { mode },
      );
      const losses: number[] = [];
      for (let i = 0; i < STEPS; i++) {
        const [x, y] = [
          uniform([4, 6, 8], i) as tensorflow.Tensor3D,
          uniform([24, 1], i) as tensorflow.Tensor2D,
        ];
        const result = step(x, y);
        losses.push(result.loss.dataSync()[0], result.norm.dataSync()[0]);
        tf.dispose([x, y, result]);
      }
      expect(step.reason).toBe(mode === 'eager' ? 'it was asked to' : null);
      step.dispose();
      tf.dispose([query, key, value, out]);
      return losses;
    };
    expect(difference(run('eager'), run('auto'))).toBeLessThan(1e-5);
  });
});
