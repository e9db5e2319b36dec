import { describe, expect, it } from 'vitest';
import { networkOf, objectiveOf } from '../../../sdk/src/tf/loopOptions.js';

const optimizer = { applyGradients() {}, dispose() {} };
const loss = () => 1;

describe('objectiveOf', () => {
  it('takes what a compiled model has, and what is given before that', () => {
    const other = { ...optimizer };
    const inner = {
      optimizer,
      lossFunctions: [loss],
      metricsTensors: [[loss, 0]],
      metricsNames: ['loss', 'acc'],
    };
    for (const model of [inner, { model: inner }] as any[]) {
      const found = objectiveOf({ model });
      expect(found.optimizer).toBe(optimizer);
      expect(found.losses(1)).toEqual([loss]);
      expect(found.metrics).toEqual([{ name: 'acc', output: 0, of: loss }]);
      const mine = () => 2;
      const given = objectiveOf({ model, optimizer: other, loss: mine });
      expect([given.optimizer, given.losses(1), given.metrics]).toEqual([other, [mine], []]);
    }
  });

  it('wants a loss for all outputs, or one for each', () => {
    const found = objectiveOf({ model: () => 0, optimizer, loss: [loss, loss] });
    expect(found.losses(2)).toEqual([loss, loss]);
    expect(() => found.losses(3)).toThrow('one for each of the 3 outputs; there are 2');
    expect(objectiveOf({ model: () => 0, optimizer, loss }).losses(3)).toHaveLength(3);
    expect(() => objectiveOf({ model: () => 0, optimizer })).toThrow(
      'loss must be given, or the model compiled',
    );
  });
});

describe('networkOf', () => {
  it('calls a function with one input or several, and a model with its training flag', () => {
    const calls: unknown[] = [];
    const plain = networkOf((inputs, training) => (calls.push([inputs, training]), 'output'));
    expect(plain.forward(['a'] as any, true)).toEqual(['output']);
    plain.forward(['a', 'b'] as any, false);
    const weight = { name: 'w' };
    const model: any = {
      apply: (inputs: unknown, options: unknown) => (calls.push([inputs, options]), ['p', 'q']),
      trainableWeights: [{ val: weight }, weight],
      calculateLosses: () => ['penalty'],
    };
    const layers = networkOf(model);
    expect(layers.forward(['a'] as any, true)).toEqual(['p', 'q']);
    expect([layers.variables, layers.penalties()]).toEqual([[weight, weight], ['penalty']]);
    expect(calls).toEqual([
      ['a', true],
      [['a', 'b'], false],
      ['a', { training: true }],
    ]);
  });
});
