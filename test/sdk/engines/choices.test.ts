import { describe, expect, it } from 'vitest';
import { checkExecutor, local, ray, slurm } from '../../../sdk/src/engines/choices.js';

describe('slurm', () => {
  it('keeps what it is given, as plain data', () => {
    const choice = slurm({ partition: 'gpu', cpus: 4, extraArgs: ['--exclude=n7'], account: undefined });
    expect(choice).toEqual({ kind: 'slurm', partition: 'gpu', cpus: 4, extraArgs: ['--exclude=n7'] });
    expect(checkExecutor(structuredClone(choice))).toEqual(choice);
  });

  it('refuses an unknown option and names those that there are', () => {
    expect(() => slurm({ partitions: 'gpu' } as object)).toThrow(
      /Cannot use slurm\(\): 'partitions' is not one of its options \(partition, account, /,
    );
  });

  it('refuses a value of another kind, with rule and value', () => {
    expect(() => slurm({ time: 8 } as object)).toThrow(
      new TypeError("Cannot use slurm(): 'time' must be a text without line breaks; current value is 8"),
    );
    expect(() => slurm({ cpus: 0 })).toThrow(RangeError);
    expect(() => slurm({ extraArgs: 'x' } as object)).toThrow(/must be an array of texts/);
    expect(() => slurm({ account: 'a\nb' })).toThrow(TypeError);
  });
});

describe('checkExecutor', () => {
  it('is this machine when nothing is given', () => {
    expect(checkExecutor(undefined)).toEqual(local());
  });

  it('refuses what none of the functions made', () => {
    expect(() => checkExecutor('slurm')).toThrow(
      /'executor' must be made by local\(\), slurm\(\).*; found slurm/,
    );
    expect(() => checkExecutor(slurm)).toThrow(/found a function \(call it\)/);
    expect(() => checkExecutor({ kind: 'pbs' })).toThrow(TypeError);
  });
});

describe('ray', () => {
  it('keeps what it is given, custom resources copied', () => {
    const resources = { a100: 1 };
    const choice = ray({ address: 'ray://head:10001', resources });
    resources.a100 = 2;
    expect(choice).toEqual({ kind: 'ray', address: 'ray://head:10001', resources: { a100: 1 } });
    expect(checkExecutor(structuredClone(choice))).toEqual(choice);
  });

  it('refuses amounts that are none', () => {
    expect(() => ray({ resources: { a100: -1 } })).toThrow(
      /'resources' must be an object of positive numbers/,
    );
    expect(() => ray({ partition: 'gpu' } as object)).toThrow(/'partition' is not one of its options/);
  });
});
