import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../sdk/src/run/stored/inOrder.js';

const later = (): Promise<void> => new Promise(setImmediate);

describe('inOrder', () => {
  it('handles at once what takes no time, and all else in its order', async () => {
    const seen: string[] = [];
    const events = inOrder<string>(
      (event) => {
        if (event.startsWith('quick')) return void seen.push(event);
        return later().then(() => void seen.push(event));
      },
      () => {},
    );
    events.add('quick 1');
    expect(seen).toEqual(['quick 1']);
    for (const event of ['slow 2', 'quick 3', 'slow 4', 'quick 5']) events.add(event);
    expect(seen).toEqual(['quick 1']);
    await events.settled();
    expect(seen).toEqual(['quick 1', 'slow 2', 'quick 3', 'slow 4', 'quick 5']);
    events.add('quick 6');
    expect(seen.at(-1)).toBe('quick 6');
  });

  it('handles nothing after a failure, which it tells once and at the end', async () => {
    const seen: number[] = [];
    const failures: unknown[] = [];
    const error = new Error('full');
    const events = inOrder<number>(
      async (event) => {
        await later();
        if (event === 2) throw error;
        seen.push(event);
      },
      (failure) => failures.push(failure),
    );
    for (const event of [1, 2, 3]) events.add(event);
    await expect(events.settled()).rejects.toBe(error);
    events.add(4);
    expect(seen).toEqual([1]);
    expect(failures).toEqual([error]);
  });

  it('tells what is thrown at once in the same way', async () => {
    const events = inOrder<number>(
      () => {
        throw new Error('no');
      },
      () => {},
    );
    events.add(1);
    await expect(events.settled()).rejects.toThrow('no');
  });
});
