import { describe, expect, it, vi } from 'vitest';
import { acquireFunction, releaseFunction } from '../../../../sdk/src/tf/trace/functions.js';
import type { Trace } from '../../../../sdk/src/tf/trace/record.js';

const traceOf = (text: string) =>
  ({ graph: Buffer.from(text), inputs: [{}, {}], outputs: ['o0'] }) as unknown as Trace;

describe('graph functions', () => {
  it('are added once for equal graphs, and the longest unused go once there are more than 32', () => {
    const alive = new Set<string>();
    const binding = {
      addGraphFunction: vi.fn((name: string) => void alive.add(name)),
      removeGraphFunction: vi.fn((name: string) => void alive.delete(name)),
    } as any;
    const used = acquireFunction(binding, traceOf('used'));
    expect(acquireFunction(binding, traceOf('used'))).toBe(used);
    expect(binding.addGraphFunction).toHaveBeenCalledExactlyOnceWith(
      used,
      Buffer.from('used'),
      ['x0', 'x1'],
      ['o0'],
    );
    const names = Array.from({ length: 40 }, (_, i) => acquireFunction(binding, traceOf(`graph ${i}`)));
    expect(new Set([used, ...names]).size).toBe(41);
    releaseFunction(used); // one of its two users
    names.forEach(releaseFunction);
    expect(alive).toEqual(new Set([used, ...names.slice(8)]));
    // an unused one is there at once for the next user
    binding.addGraphFunction.mockClear();
    expect(acquireFunction(binding, traceOf('graph 39'))).toBe(names[39]);
    expect(binding.addGraphFunction).not.toHaveBeenCalled();
  });
});
