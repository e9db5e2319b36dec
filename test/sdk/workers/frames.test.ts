import { expect, it } from 'vitest';
import { decodeBatch, encodeFrame, FrameReader, frameStart } from '../../../sdk/src/workers/frames.js';

const batches = [[{ a: new Uint8Array([0, 10, 255]) }], [], [1, 2, 3], ['x'.repeat(10_000)]];
const bytes = Buffer.concat([frameStart(), ...batches.map(encodeFrame)]);

it('gives every batch back, in whatever pieces it arrives', () => {
  for (const size of [1, 3, 7, 1000, bytes.length]) {
    const reader = new FrameReader();
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size)
      read.push(...reader.read(bytes.subarray(at, at + size)).map(decodeBatch));
    expect(read).toEqual(batches);
  }
});

it('passes over what is printed before the first frame', () => {
  const reader = new FrameReader();
  expect(reader.read(Buffer.from('Welcome to the cluster!\n\nfoldlab fra'))).toEqual([]);
  expect(reader.read(bytes).map(decodeBatch)).toEqual(batches);
});

it('ends each frame with a newline, without which SLURM holds it back', () => {
  expect(encodeFrame([]).at(-1)).toBe(10);
  expect(frameStart().at(-1)).toBe(10);
});

it('refuses bytes that are no frames', () => {
  const reader = new FrameReader();
  reader.read(frameStart());
  expect(() => reader.read(Buffer.from([0, 0, 0, 1, 7, 7]))).toThrow(/does not end where it should/);
});

it('knows when a frame is not complete', () => {
  const reader = new FrameReader();
  const frame = encodeFrame(['x']);
  reader.read(frameStart());
  expect(reader.partial).toBe(false);
  reader.read(frame.subarray(0, 3));
  expect(reader.partial).toBe(true);
  reader.read(frame.subarray(3));
  expect(reader.partial).toBe(false);
});

it('makes a message of some kilobytes smaller, which SLURM would send in pieces, and leaves others as they are', () => {
  const job = [
    { keys: Array.from({ length: 40 }, (_, i) => `functions/${'0123456789abcdef'.repeat(4)}/${i}`) },
  ];
  const frame = encodeFrame(job);
  expect(frame.length).toBeLessThan(1_000);
  const reader = new FrameReader();
  reader.read(frameStart());
  expect(reader.read(frame).map(decodeBatch)).toEqual([job]);
  expect(encodeFrame([new Uint8Array(100_000)]).length).toBeGreaterThan(100_000);
});
