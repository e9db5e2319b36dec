import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../sdk/src/schedule/executor.js';
import { clashes, placesElsewhere, placesHere, signatureOf } from '../../../sdk/src/workers/slotPlaces.js';

const ask = (numGpusTotal: number, numGpusPerSplit: number, more = {}) => ({
  numGpusTotal,
  numGpusPerSplit,
  strictGpus: false,
  ...more,
});
const machine = (...gpus: string[]) => ({ gpus, variable: 'CUDA_VISIBLE_DEVICES', cores: 8, others: [] });
const engine = { name: 'slurm' } as Engine;
const cluster = { key: 'slurm', engine };

describe('slots on this machine', () => {
  it('have the GPUs that are free, by name, and an equal part of the cores', () => {
    const { places, threads } = placesHere(ask(2, 1), machine('a', 'b', 'c'));
    expect(places.map(({ gpus }) => gpus)).toEqual([['a'], ['b']]);
    expect(threads).toBe(4);
    expect(places[0]).toMatchObject({ variable: 'CUDA_VISIBLE_DEVICES', threads: 4, memoryFraction: null });
  });

  it('have the threads that are asked for', () => {
    expect(placesHere(ask(2, 1, { threadsPerWorker: 3 }), machine('a', 'b')).threads).toBe(3);
  });

  it('leave something of a shared GPU free', () => {
    const { places } = placesHere(ask(1, 0.5), machine('a'));
    expect(places.map(({ gpus, memoryFraction }) => [gpus, memoryFraction])).toEqual([
      [['a'], 0.45],
      [['a'], 0.45],
    ]);
  });

  it('have no part of a GPU where there is none', () => {
    const { places, notices } = placesHere(ask(1, 0.5), machine());
    expect(places.map(({ memoryFraction }) => memoryFraction)).toEqual([null, null]);
    expect(notices).toHaveLength(1);
  });
});

describe('slots of a cluster', () => {
  it('are as many leases as are asked for', () => {
    const { places, threads } = placesElsewhere(ask(8, 2), { ...cluster, cpus: 3 });
    expect(places).toHaveLength(4);
    expect(threads).toBe(3);
    expect(places[3]).toMatchObject({ gpus: [], elsewhere: { key: 'slurm', gpus: 2, slots: 4 } });
  });

  it('are four without GPUs, or numCpuSlots, of one thread', () => {
    expect(placesElsewhere(ask(0, 1), cluster)).toMatchObject({ threads: 1, places: { length: 4 } });
    expect(placesElsewhere(ask(0, 1, { numCpuSlots: 7 }), cluster).places).toHaveLength(7);
  });

  it('are all there in spite of floating point', () => {
    expect(placesElsewhere(ask(1, 1 / 3), cluster).places).toHaveLength(3);
    expect(placesElsewhere(ask(1, 0.1), cluster).places).toHaveLength(10);
  });
});

describe('signatureOf', () => {
  const [here] = placesHere(ask(1, 1), machine('a')).places;
  const [there] = placesElsewhere(ask(1, 1), cluster).places;

  it('is the same for the same slot of another run', () => {
    const again = placesHere(ask(1, 1), machine('a', 'b')).places[0]!;
    expect(signatureOf(again, 0)).toBe(signatureOf(here!, 0));
  });

  it('tells GPUs, threads, engines, and slots of one run apart', () => {
    const others = [
      signatureOf(here!, 0),
      signatureOf(here!, 1),
      signatureOf({ ...here!, gpus: ['b'] }, 0),
      signatureOf({ ...here!, threads: 1 }, 0),
      signatureOf({ ...here!, memoryFraction: 0.45 }, 0),
      signatureOf(there!, 0),
      signatureOf({ ...there!, elsewhere: { ...there!.elsewhere!, key: 'ray' } }, 0),
    ];
    expect(new Set(others).size).toBe(others.length);
  });
});

describe('clashes', () => {
  const gpu = (names: string, more = {}) => ({
    ...placesHere(ask(1, 1), machine('a')).places[0]!,
    gpus: names.split('').filter(Boolean),
    ...more,
  });
  const lease = (gpus: number, more = {}) => ({
    ...placesElsewhere(ask(gpus, gpus), cluster).places[0]!,
    ...more,
  });

  it('is a worker that holds one of its GPUs in another way', () => {
    expect(clashes(gpu('a'), gpu('ab'))).toBe(true);
    expect(clashes(gpu('a'), gpu('a', { memoryFraction: 0.45 }))).toBe(true);
    expect(clashes(gpu('a'), gpu('b'))).toBe(false);
    expect(clashes(gpu('a', { memoryFraction: 0.45 }), gpu('a', { memoryFraction: 0.45 }))).toBe(false);
    expect(clashes(gpu('a'), gpu(''))).toBe(false);
  });

  it('is a CPU worker of another thread count', () => {
    expect(clashes(gpu(''), gpu('', { threads: 1 }))).toBe(true);
    expect(clashes(gpu(''), gpu(''))).toBe(false);
    expect(clashes(gpu(''), gpu('a', { threads: 1 }))).toBe(false);
  });

  it('is a lease of the same engine and another shape', () => {
    expect(clashes(lease(1), lease(2))).toBe(true);
    expect(clashes(lease(1), lease(1, { threads: 9 }))).toBe(true);
    expect(clashes(lease(1), lease(1))).toBe(false);
    expect(clashes(lease(1), gpu('a'))).toBe(false);
    expect(clashes(gpu('a'), lease(1))).toBe(false);
    const other = { ...lease(2).elsewhere!, key: 'ray' };
    expect(clashes(lease(1), lease(2, { elsewhere: other }))).toBe(false);
  });
});
