/** What a compiled step must keep of the eager one: fresh numbers, new rates, its own results, and honesty where it cannot. */
import { afterEach, describe, expect, it } from 'vitest';
import { describeTraining, noteTraining } from '../../sdk/src/backends/training.js';
import { compileStep } from '../../sdk/src/tf/compileStep.js';
import { difference, tf, uniform, type tensorflow } from './tensorflow.js';

afterEach(() => tf.disposeVariables());

/** Calls a step so often that it would be traced, and once more. */
function repeat<T>(calls: number, call: (index: number) => T): T[] {
  return Array.from({ length: calls }, (_, i) => call(i));
}

describe('compileStep', () => {
  it('runs as one operation after two equal recordings', () => {
    const step = compileStep((x: tensorflow.Tensor) => tf.relu(x).mul(2).sum());
    const { binding } = tf.backend() as any;
    const ran = repeat(4, (i) => {
      const before = binding.getNumOfTensors();
      const x = tf.tensor1d([i, -1]);
      const value = step(x);
      const [number] = value.dataSync();
      tf.dispose([x, value]);
      expect(binding.getNumOfTensors()).toBe(before);
      return [number, step.ran];
    });
    expect(ran).toEqual([
      [0, 'eager'],
      [2, 'traced'],
      [4, 'traced'],
      [6, 'traced'],
    ]);
    step.dispose();
  });

  it('takes and returns trees of tensors, one trace for each combination of shapes', () => {
    const step = compileStep(({ a, b }: { a: tensorflow.Tensor; b: tensorflow.Tensor[] }) => ({
      sum: tf.addN([a, ...b]),
      parts: [a.neg(), a],
    }));
    for (const length of [2, 3, 2, 3, 2, 3, 2, 3]) {
      const [a, b] = [tf.range(0, length), tf.ones([length])];
      const { sum, parts } = step({ a, b: [b, b] });
      expect(Array.from(sum.dataSync())).toEqual(repeat(length, (i) => i + 2));
      expect(Array.from(parts[0].dataSync())).toEqual(repeat(length, (i) => (i ? -i : -0)));
      expect(Array.from(parts[1].dataSync())).toEqual(repeat(length, (i) => i));
    }
    expect(step.ran).toBe('traced');
  });

  it('uses variables as they are at each call, also where they shared their data', () => {
    const shared = tf.scalar(1);
    const [one, two] = [tf.variable(shared), tf.variable(shared)];
    const step = compileStep(() => one.add(two).mul(10));
    repeat(3, () => step().dispose());
    expect(step.ran).toBe('traced');
    one.assign(tf.scalar(5));
    expect(step().dataSync()[0]).toBe(60);
    two.assign(tf.scalar(7));
    expect(step().dataSync()[0]).toBe(120);
    expect(step.ran).toBe('traced');
  });

  it.each([
    ['adam', () => tf.train.adam(0.1)],
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.1, 0.9)],
    ['rmsprop', () => tf.train.rmsprop(0.1)],
  ] as const)('follows the learning rate of %s, step by step', (_name, make) => {
    const run = (mode: 'auto' | 'eager') => {
      const weight = tf.variable(tf.tensor1d([1, -2]));
      const optimizer: any = make();
      const step = compileStep(() => optimizer.minimize(() => weight.square().sum(), true, [weight])!, {
        mode,
      });
      const losses = repeat(20, (i) => {
        const rate = 0.1 / (i + 1);
        if (optimizer.setLearningRate) optimizer.setLearningRate(rate);
        else optimizer.learningRate = rate;
        return (step() as tensorflow.Scalar).dataSync()[0];
      });
      return { losses, ran: step.ran, iterations: optimizer.iterations };
    };
    const [eager, traced] = [run('eager'), run('auto')];
    expect(traced.ran).toBe('traced');
    expect(difference(eager.losses, traced.losses)).toBeLessThan(1e-6);
    expect(traced.iterations).toBe(eager.iterations);
  });

  it('draws fresh random numbers at every call, the same for the same stream, also with a seed', () => {
    const draw = (key: number, mode: 'auto' | 'eager') => {
      const step = compileStep(
        () => [
          tf.randomUniform([4]),
          tf.randomUniform([4], -5, 5, 'float32', 7),
          tf.randomNormal([4], 3, 0.5),
          tf.truncatedNormal([4]),
          tf.dropout(tf.ones([4]), 0.5, undefined, 3),
          tf.randomUniform([4], 0, 1000, 'int32'),
          tf.randomUniform([4]),
        ],
        { mode, randGen: () => key },
      );
      return repeat(5, () => step().map((tensor) => Array.from(tensor.dataSync())));
    };
    const [traced, eager, other] = [draw(0.1, 'auto'), draw(0.1, 'eager'), draw(0.2, 'auto')];
    expect(traced).toEqual(eager);
    // one place in the step differs from another
    expect(traced[0][0]).not.toEqual(traced[0][6]);
    for (const [place, values] of traced[0].entries()) {
      const calls = traced.map((call) => JSON.stringify(call[place]));
      if (place !== 4) expect(new Set(calls).size).toBe(5);
      const seeded = place === 1 || place === 4;
      expect(JSON.stringify(other[0][place]) === JSON.stringify(values)).toBe(seeded);
    }
    expect(new Set(traced.map((call) => JSON.stringify(call[4]))).size).toBeGreaterThan(1);
  });

  it('draws numbers of the distributions that were asked for', () => {
    const step = compileStep(() => [
      tf.randomUniform([20_000], 2, 4),
      tf.randomNormal([20_000], 1, 3),
      tf.truncatedNormal([20_000], 0, 1),
      tf.dropout(tf.ones([20_000]), 0.25),
    ]);
    repeat(2, () => tf.dispose(step()));
    const [flat, normal, cut, dropped] = step();
    const moments = [flat, normal, dropped].map((values) => {
      const { mean, variance } = tf.moments(values);
      return [mean.dataSync()[0], variance.dataSync()[0]];
    });
    [
      [3, 1 / 3],
      [1, 9],
      [1, 1 / 3],
    ].forEach(([mean, variance], i) => {
      expect(Math.abs(moments[i][0] - mean)).toBeLessThan(0.1);
      expect(Math.abs(moments[i][1] - variance)).toBeLessThan(0.03 * Math.max(1, variance) + 0.02);
    });
    expect(cut.abs().max().dataSync()[0]).toBeLessThanOrEqual(2);
  });

  it('drops units of any number at any rate, and what is kept makes up for it', () => {
    for (const [rate, size] of [
      [0.2, 20_001],
      [0.5, 1],
      [1e-7, 7],
      [1 - 1e-7, 7],
    ] as const) {
      const step = compileStep(() => tf.dropout(tf.ones([size]), rate));
      const values = repeat(4, () => Array.from(step().dataSync())).at(-1)! as number[];
      expect(values.length).toBe(size);
      const kept = values.filter((value) => value !== 0);
      const scale = 1 / (1 - rate);
      // the rate is met to 1 / 65,536
      for (const value of kept) if (rate < 0.9) expect(Math.abs(value / scale - 1)).toBeLessThan(2e-5);
      expect(values.every(Number.isFinite)).toBe(true);
      if (rate < 1e-6) expect(kept.length).toBe(size);
      if (size > 1000) expect(Math.abs(kept.length / size - (1 - rate))).toBeLessThan(0.02);
    }
  });

  it('leaves what shares the data of a variable as it is', () => {
    const variable = tf.variable(tf.scalar(1));
    const step = compileStep(() => {
      variable.assign(variable.add(1) as tensorflow.Scalar);
    });
    repeat(4, () => step());
    expect(step.ran).toBe('traced');
    const before = variable.clone();
    step();
    expect([before.dataSync()[0], variable.dataSync()[0]]).toEqual([5, 6]);
    before.dispose();
    step();
    expect(variable.dataSync()[0]).toBe(7);
  });

  it('runs inside another compiled step', () => {
    const inner = compileStep((x: tensorflow.Tensor) => x.add(1));
    const outer = compileStep((x: tensorflow.Tensor) => inner(x).mul(2));
    expect(repeat(4, (i) => outer(tf.scalar(i)).dataSync()[0])).toEqual([2, 4, 6, 8]);
    expect(outer.ran).toBe('traced');
  });

  it('frees everything that it made, and runs eagerly after that', () => {
    const before = tf.memory().numTensors;
    const step = compileStep((x: tensorflow.Tensor) => x.add(tf.scalar(1)));
    repeat(4, (i) => tf.tidy(() => void step(tf.scalar(i))));
    step.dispose();
    expect(tf.tidy(() => step(tf.scalar(1)).dataSync()[0])).toBe(2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('notes how the process trains', () => {
    noteTraining(null);
    expect(describeTraining()).toBe('tensorflow');
    const step = compileStep((x: tensorflow.Tensor) => x.add(1));
    repeat(3, (i) => step(tf.scalar(i)));
    expect(describeTraining()).toBe('tensorflow (traced)');
    compileStep((x: tensorflow.Tensor) => x.add(1), { mode: 'eager' })(tf.scalar(1));
    expect(describeTraining()).toBe('tensorflow (eager)');
  });
});

describe('what no graph can repeat', () => {
  const reasonOf = (fn: (x: tensorflow.Tensor, call: number) => tensorflow.Tensor, wanted?: number[]) => {
    const reasons: string[] = [];
    let call = 0;
    const step = compileStep((x: tensorflow.Tensor) => fn(x, call), {
      onEager: (text) => reasons.push(text),
    });
    const values = repeat(8, (i) => ((call = i), step(tf.scalar(i)).dataSync()[0]));
    if (wanted) expect(values).toEqual(wanted);
    expect(step.ran).toBe('eager');
    expect(reasons).toEqual([step.reason]);
    return step.reason;
  };

  it('stays eager and says why, once, with the eager results', () => {
    const squares = repeat(8, (i) => i * i);
    expect(reasonOf((x, call) => x.mul(call), squares)).toBe(
      'it uses numbers or random values that change from call to call; pass them as tensors',
    );
    expect(reasonOf((x) => x.mul(x.dataSync()[0]), squares)).toBe('it reads the values of a tensor');
    expect(reasonOf((x) => x.mul(Math.random()))).toBe('it calls Math.random');
    expect(reasonOf((x) => tf.randomGamma([], 1).add(x))).toBe('it uses tf.randomGamma');
    expect(reasonOf((x, call) => (call % 2 ? x : x.add(1)))).toBe('its operations change from call to call');
    let kept = tf.scalar(0);
    expect(
      reasonOf(
        (x) => {
          const sum = tf.keep(kept.add(x));
          kept.dispose();
          kept = sum as tensorflow.Scalar;
          return sum.clone();
        },
        [0, 1, 3, 6, 10, 15, 21, 28],
      ),
    ).toBe('it uses other tensors at every call; pass them as arguments');
    const leaked: tensorflow.Tensor[] = [];
    expect(
      reasonOf((x) => {
        leaked.push(tf.keep(x.add(1)));
        return x.add(2);
      }),
    ).toBe('it keeps tensors that it does not return');
    expect(leaked).toHaveLength(8);
  });

  it('is refused where it is no tensor', () => {
    const number: any = compileStep((x: any) => x);
    expect(() => number(3)).toThrow(/its arguments must be tensors.*number 3, use tf.scalar/);
    const answer: any = compileStep(() => 3 as any);
    expect(() => answer()).toThrow(/its result must be tensors/);
    const later: any = compileStep((async () => tf.scalar(1)) as any);
    expect(() => later()).toThrow(/a promise/);
  });

  it('stays eager for shapes beyond the first sixteen', () => {
    const said: string[] = [];
    const step = compileStep((x: tensorflow.Tensor) => x.sum(), { onEager: (text) => said.push(text) });
    for (let round = 0; round < 3; round++) {
      for (let size = 1; size <= 20; size++) expect(step(tf.ones([size])).dataSync()[0]).toBe(size);
    }
    expect(said).toEqual(['it is called with more than 16 shapes; the first of them are traced']);
    expect(step.ran).toBe('traced');
  });

  it('runs eagerly on another backend', async () => {
    await tf.setBackend('cpu');
    try {
      const said: string[] = [];
      const step = compileStep((x: tensorflow.Tensor) => tf.dropout(x, 0.5), {
        onEager: (text) => said.push(text),
        randGen: () => 0.4,
      });
      const again = compileStep((x: tensorflow.Tensor) => tf.dropout(x, 0.5), {
        onEager: () => {},
        randGen: () => 0.4,
      });
      const ones = tf.ones([30]);
      const [first, second] = [step(ones), step(ones)].map((tensor) => Array.from(tensor.dataSync()));
      expect(first).not.toEqual(second);
      expect(Array.from(again(ones).dataSync())).toEqual(first);
      expect(said).toEqual(['the cpu backend cannot run graphs']);
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});

describe('a captured tensor', () => {
  it('that is replaced is found out, and the step recorded anew', () => {
    let factor: tensorflow.Tensor = uniform([3], 1);
    const step = compileStep((x: tensorflow.Tensor) => x.mul(factor));
    const x = tf.ones([3]);
    repeat(3, () => step(x));
    factor.dispose();
    factor = tf.tensor1d([1, 2, 3]);
    repeat(3, () => expect(Array.from(step(x).dataSync())).toEqual([1, 2, 3]));
    expect(step.ran).toBe('traced');
  });
});
