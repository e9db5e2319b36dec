import { describe, expect, it } from 'vitest';
import { planSlots } from '../../../sdk/src/workers/slots.js';

const ask = (numGpusTotal: number, numGpusPerSplit: number, more = {}) => ({
  numGpusTotal,
  numGpusPerSplit,
  strictGpus: false,
  ...more,
});

describe('planSlots', () => {
  it('gives each slot its own GPUs', () => {
    expect(planSlots(ask(4, 2), 8, 2)).toEqual({ slots: [{ gpus: [0, 1] }, { gpus: [2, 3] }], notices: [] });
  });

  it('shares a GPU between slots below one', () => {
    expect(planSlots(ask(2, 0.5), 2, 2).slots).toEqual([
      { gpus: [0] },
      { gpus: [0] },
      { gpus: [1] },
      { gpus: [1] },
    ]);
    expect(planSlots(ask(1, 1 / 3), 1, 2).slots).toHaveLength(3);
  });

  it('uses the GPUs that are free and says so', () => {
    const plan = planSlots(ask(4, 1), 3, 2);
    expect(plan.slots).toHaveLength(3);
    expect(plan.notices).toEqual(['3 of the 4 GPUs asked for are free: running on 3']);
  });

  it('makes as many CPU slots as there would have been GPU slots, and says so', () => {
    const plan = planSlots(ask(4, 2), 0, 2);
    expect(plan.slots).toEqual([{ gpus: [] }, { gpus: [] }]);
    expect(plan.notices).toEqual(['No free GPU was found: running on 2 CPU slots']);
  });

  it('falls back to the CPU when not even one slot can be filled', () => {
    const plan = planSlots(ask(4, 2), 1, 2);
    expect(plan.slots).toEqual([{ gpus: [] }, { gpus: [] }]);
    expect(plan.notices[0]).toMatch(/Only 1 GPU is free and each fold wants 2/);
  });

  it('makes CPU slots without a word when none was asked for', () => {
    expect(planSlots(ask(0, 1), 8, 2)).toEqual({ slots: [{ gpus: [] }, { gpus: [] }], notices: [] });
    expect(planSlots(ask(0, 1, { numCpuSlots: 3 }), 0, 2).slots).toHaveLength(3);
  });

  it('refuses when strictGpus is set and too few are free', () => {
    expect(() => planSlots(ask(4, 1, { strictGpus: true }), 3, 2)).toThrow(
      /strictGpus is set and 3 are free/,
    );
    expect(() => planSlots(ask(1, 1, { strictGpus: true }), 0, 2)).toThrow(/0 are free/);
  });
});
