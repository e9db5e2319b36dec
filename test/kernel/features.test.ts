/** What tslab documents works as before. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel } from './harness.js';

for (const name of ['foldlab', 'stock'] as const) {
  describeKernel(`tslab's features on the ${name} kernel`, () => {
    let kernel: Kernel;
    beforeAll(async () => {
      kernel = await startKernel({ kernel: name });
    });
    afterAll(() => kernel?.stop());

    it('awaits at top level, and prints the last expression', async () => {
      const cell = await kernel.execute('const seven = await Promise.resolve(7); seven');
      expect(cell.stdout).toBe('7\n');
    });

    it('imports a module cell', async () => {
      await kernel.execute('/** @module shapes */\nexport const area = (r: number) => 3 * r * r;');
      const used = await kernel.execute("import { area } from './shapes'; console.log(area(2))");
      expect(used.stdout).toBe('12\n');
    });

    it('declares again what an earlier cell declared', async () => {
      await kernel.execute('class Twice { a = 1 }');
      const again = await kernel.execute('class Twice { b = "2" } console.log(new Twice().b)');
      expect(again.stdout).toBe('2\n');
    });

    it('displays HTML and PNG', async () => {
      const { messages } = await kernel.execute(
        `import { display } from 'tslab'; display.html('<b>bold</b>'); display.png(Buffer.from('png'));`,
      );
      const shown = messages.filter(({ type }) => type === 'display_data').map(({ content }) => content.data);
      expect(shown).toEqual([{ 'text/html': '<b>bold</b>' }, { 'image/png': 'cG5n' }]);
    });

    it('completes and inspects', async () => {
      await kernel.execute('const completed = { alpha: 1, beta: 2 };');
      const { content } = await kernel.request('complete_request', { code: 'completed.a', cursor_pos: 11 });
      expect(content).toMatchObject({
        status: 'ok',
        matches: expect.arrayContaining(['alpha']),
        cursor_start: 10,
      });
      const inspected = await kernel.request('inspect_request', {
        code: 'completed',
        cursor_pos: 3,
        detail_level: 0,
      });
      expect(inspected.content.data['text/plain']).toContain('alpha: number');
    });

    it('shows the diagnostics of a cell that does not compile', async () => {
      const { reply, stderr } = await kernel.execute('const n: number = "text";');
      expect(reply.status).toBe('error');
      const text = name === 'foldlab' ? reply.evalue : stderr.trim();
      expect(text).toBe("1:7 - Type 'string' is not assignable to type 'number'.");
    });
  });
}
