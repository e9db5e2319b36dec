import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../../sdk/src/notebook/kernel/cells.js';
import { createStreams } from '../../../../sdk/src/notebook/kernel/streams.js';

const [first, second] = [{}, {}] as Cell[];

describe('createStreams', () => {
  function setUp() {
    const sent: { cell: Cell; name: string; text: string }[] = [];
    let time = 0;
    const streams = createStreams(
      (cell, _type, content) => void sent.push({ cell, ...(content as { name: string; text: string }) }),
      () => time,
    );
    return { sent, streams, wait: (ms: number) => void (time += ms) };
  }

  it('sends the first writes as they are', () => {
    const { sent, streams } = setUp();
    streams.write(first, 'stdout', 'a');
    streams.write(first, 'stderr', 'b');
    expect(sent.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('puts writes together beyond the rate, and loses none', () => {
    const { sent, streams, wait } = setUp();
    for (let i = 0; i < 10_000; i++) streams.write(first, 'stdout', `${i};`);
    expect(sent).toHaveLength(100);
    wait(100);
    streams.write(first, 'stdout', 'end');
    expect(sent.map(({ text }) => text).join('')).toBe(
      `${Array.from({ length: 10_000 }, (_, i) => `${i};`).join('')}end`,
    );
    expect(sent.length).toBeLessThan(110);
  });

  it('keeps cells and streams apart', () => {
    const { sent, streams } = setUp();
    for (let i = 0; i < 100; i++) streams.write(first, 'stdout', '.');
    streams.write(first, 'stdout', 'out');
    streams.write(second, 'stdout', 'other');
    streams.write(first, 'stderr', 'err');
    sent.length = 0;
    streams.flush(first);
    expect(sent).toEqual([
      { cell: first, name: 'stdout', text: 'out' },
      { cell: first, name: 'stderr', text: 'err' },
    ]);
    streams.flush();
    expect(sent.at(-1)).toEqual({ cell: second, name: 'stdout', text: 'other' });
  });

  it('bounds the length of what it puts together', () => {
    const { sent, streams } = setUp();
    for (let i = 0; i < 100; i++) streams.write(first, 'stdout', '.');
    for (let i = 0; i < 1_000; i++) streams.write(first, 'stdout', 'x'.repeat(1_000));
    expect(sent.length).toBeGreaterThan(102);
    expect(Math.max(...sent.map(({ text }) => text.length))).toBeLessThan(270_000);
  });
});
