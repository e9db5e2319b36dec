/** Values that show themselves when a cell ends in them; comparisons of runs do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { COMPARISON_MIME_TYPE, parseComparison } from '../../sdk/src/view/index.js';
import { describeKernel, startKernel, type Execution, type Kernel } from './harness.js';

const displayed = ({ messages }: Execution): any[] =>
  messages.filter(({ type }) => type === 'display_data').map(({ content }) => content.data);
const SHOWN = `{ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'shown' }) }`;

for (const name of ['foldlab', 'stock'] as const) {
  describeKernel(`a cell's last value on the ${name} kernel`, () => {
    let kernel: Kernel;
    let dir: string;
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'foldlab-values-'));
      kernel = await startKernel({ kernel: name });
      await kernel.execute("import { compare, run } from 'foldlab';");
    });
    afterAll(async () => {
      await kernel?.stop();
      rmSync(dir, { recursive: true, force: true });
    });

    it('is displayed instead of printed where it says how', async () => {
      const cell = await kernel.execute(`(${SHOWN})`);
      expect(displayed(cell)).toEqual([{ 'text/plain': 'shown' }]);
      expect(cell.stdout).toBe('');
      const awaited = await kernel.execute(
        `await null; ({ [Symbol.for('Jupyter.display')]: async () => { await new Promise((done) => setTimeout(done, 50)); return { 'text/plain': 'late' }; } })`,
      );
      expect(displayed(awaited)).toEqual([{ 'text/plain': 'late' }]);
      expect(awaited.stdout).toBe('');
    });

    it('is printed as ever where it does not, and a value in the middle is not displayed', async () => {
      const cell = await kernel.execute(`const quiet = ${SHOWN}; ({ plain: 1 })`);
      expect(displayed(cell)).toEqual([]);
      expect(cell.stdout).toContain('{ plain: 1 }');
      expect((await kernel.execute(`(${SHOWN}); 1 + 1`)).stdout.trim()).toBe('2');
    });

    it('says why it cannot be displayed, and the cell does not fail', async () => {
      const cell = await kernel.execute(
        `({ [Symbol.for('Jupyter.display')]() { throw new Error('not today'); } })`,
      );
      expect(cell.reply.status).toBe('ok');
      expect(displayed(cell)).toEqual([{ 'text/plain': 'It cannot be displayed: not today' }]);
    });

    it('is the picture, the sentences and the table of a comparison of two runs', async () => {
      const options = (which: string, plus: number): string => `{
        numFolds: 3, numRepetitions: 1, numGpusTotal: 0, numCpuSlots: 1, numGpusPerSplit: 1, display: false,
        dir: ${JSON.stringify(join(dir, which))}, name: '${which}', cacheDir: ${JSON.stringify(join(dir, 'cache'))},
        datasetFunc: async () => ({ train: { length: 12 } }), trainFunc: async () => ({}),
        inferFunc: async (c) => ({ ids: c.sampleIds[1], scores: c.sampleIds[1].map(() => [1, 0]) }),
        evalFunc: async (c) => ({ accuracy: 0.5 + (0.1 + ${plus}) * Number(c.cvIndex) }) }`;
      const cell = await kernel.execute(
        `const one = await run(${options('one', 0.05)}); const two = await run(${options('two', 0)}); compare(one, two)`,
      );
      expect(cell.stderr).toBe('');
      const [bundle] = displayed(cell);
      expect(parseComparison(bundle[COMPARISON_MIME_TYPE])).toMatchObject({ first: 'one', second: 'two' });
      expect(bundle['image/svg+xml']).toContain('one less two');
      expect(bundle['text/plain']).toContain('fold 2    0.8000  0.7000     +0.1000');
      expect(cell.stdout).toBe('');
      // a cell without await has ended before the picture is drawn: what has none stands there until then
      const atOnce = await kernel.execute('compare(one, two)');
      expect(displayed(atOnce)[0]['text/plain']).toBe(bundle['text/plain']);
      await vi.waitFor(() => {
        const updates = kernel.messages.filter(({ type }) => type === 'update_display_data');
        expect(updates.at(-1)?.content.data['image/svg+xml']).toBe(bundle['image/svg+xml']);
      }, 20_000);
      // printed it is the same table
      const printed = await kernel.execute('console.log(compare(one, two))');
      expect(printed.stdout).toContain('fold 2    0.8000  0.7000     +0.1000');
      expect(displayed(printed)).toEqual([]);
    });
  });
}
