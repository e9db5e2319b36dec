import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, executeCells, ROOT, startKernel, type Kernel, type Message } from './harness.js';

const IMPORT = `const { openCellDisplay, isNotebook } = require(${JSON.stringify(`${ROOT}/sdk/dist/notebook/display.js`)});`;
const isDisplay = ({ type }: Message) => type === 'display_data' || type === 'update_display_data';

for (const name of ['foldlab', 'stock'] as const) {
  describeKernel(`openCellDisplay on the ${name} kernel`, () => {
    let kernel: Kernel;
    beforeAll(async () => {
      kernel = await startKernel({ kernel: name });
    });
    afterAll(() => kernel?.stop());

    it('replaces one output when it shows bundles from a later cell and between cells', async () => {
      const home = await kernel.execute(
        `${IMPORT} const live = openCellDisplay();
         live.show({ 'text/plain': 'one', 'text/x-own': { n: 1 } }, { 'text/x-own': { wide: true } });`,
      );
      const [made] = home.messages.filter(isDisplay);
      expect(made).toMatchObject({
        type: 'display_data',
        content: {
          data: { 'text/plain': 'one', 'text/x-own': { n: 1 } },
          metadata: { 'text/x-own': { wide: true } },
          transient: { display_id: expect.any(String) },
        },
      });

      const later = await kernel.execute("live.show({ 'text/plain': 'two' })");
      const [update] = later.messages.filter(isDisplay);
      expect(update).toMatchObject({
        type: 'update_display_data',
        content: { data: { 'text/plain': 'two' }, transient: made!.content.transient },
      });

      const timer = await kernel.execute(
        "setTimeout(() => live.show({ 'text/plain': 'three' }), 50); isNotebook()",
      );
      expect(timer.stdout).toContain('true');
      const third = await kernel.message(({ content }) => content.data?.['text/plain'] === 'three');
      expect(third.type).toBe('update_display_data');
      // between cells the foldlab kernel speaks as the display's own cell, tslab as the newest
      expect(third.parent).toBe(name === 'foldlab' ? home.id : timer.id);
    });
  });
}

describeKernel('nbclient with the foldlab kernel', () => {
  it('keeps an update that was sent between cells, and raises the real error', async () => {
    const { outputs, error } = await executeCells([
      `${IMPORT} const live = openCellDisplay(); live.show({ 'text/plain': 'one' });`,
      // the update comes after this cell's end and before the next begins, or at least without a running cell
      "setTimeout(() => { live.show({ 'text/plain': 'between' }); globalThis.shown = true; }, 0); null",
      'while (!(globalThis as any).shown) await new Promise((r) => setTimeout(r, 5));',
      'throw new TypeError("the real message")',
    ]);
    expect(outputs[0]).toMatchObject([{ output_type: 'display_data', data: { 'text/plain': 'between' } }]);
    expect(outputs[1]).toEqual([]);
    expect(error).toMatchObject({ ename: 'TypeError', evalue: 'the real message' });
    expect(outputs[3]).toMatchObject([
      { output_type: 'error', ename: 'TypeError', evalue: 'the real message' },
    ]);
  });
});
