import Module from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { isNotebook, openCellDisplay } from '../../../sdk/src/notebook/display.js';
import { publishKernelLink } from '../../../sdk/src/notebook/kernel/link.js';

const cache = (Module as any)._cache;
const STOCK = '/nowhere/node_modules/tslab/dist/jupyter.js';
const linkTo = (show: (...args: unknown[]) => void) =>
  publishKernelLink({ version: 1, openDisplay: () => ({ show }) });

afterEach(() => {
  delete (globalThis as any)[Symbol.for('foldlab.kernel')];
  delete cache[STOCK];
});

describe('openCellDisplay', () => {
  it('gives null when there is no kernel', () => {
    expect(openCellDisplay()).toBeNull();
    expect(isNotebook()).toBe(false);
  });

  it('gives null when a stock kernel has executed no cell', () => {
    cache[STOCK] = { exports: { lastWriteDisplayData: null } };
    expect(openCellDisplay()).toBeNull();
  });

  it('shows through the patched kernel when there is one', () => {
    const shown: unknown[] = [];
    linkTo((...args) => shown.push(args));
    openCellDisplay()!.show({ 'text/plain': 'a' }, { b: 1 });
    expect(shown).toEqual([[{ 'text/plain': 'a' }, { b: 1 }]]);
    expect(isNotebook()).toBe(true);
  });

  it('makes one output and then updates it when the kernel is stock', () => {
    const written: any[] = [];
    const writer = (cell: number) => (content: object, update: boolean) =>
      written.push({ cell, content, update });
    cache[STOCK] = { exports: { lastWriteDisplayData: writer(1) } };
    const display = openCellDisplay()!;
    cache[STOCK].exports.lastWriteDisplayData = writer(2);
    display.show({ 'text/plain': 'a' });
    display.show({ 'text/plain': 'b' });
    expect(written).toMatchObject([
      { cell: 1, update: false, content: { data: { 'text/plain': 'a' }, metadata: {} } },
      { cell: 2, update: true, content: { data: { 'text/plain': 'b' } } },
    ]);
    expect(written[1].content.transient).toEqual(written[0].content.transient);
  });

  it('does not throw when the kernel is closed', () => {
    linkTo(() => {
      throw new Error('Socket is closed');
    });
    expect(() => openCellDisplay()!.show({})).not.toThrow();
  });
});
