/** Interrupts of the real kernel, as the stop button sends them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel } from './harness.js';

const LISTEN = `const told = []; const forget = (globalThis as any)[Symbol.for('foldlab.kernel')].onInterrupt((cell) => told.push(cell));`;

/** Prints from a later turn: Node may swallow an interrupt that comes while a cell's synchronous part ends. */
const awaiting = (text: string) =>
  `setTimeout(() => console.log('${text}'), 50); await new Promise(() => {});`;

describeKernel('interrupts of the foldlab kernel', () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await startKernel();
    await kernel.execute(LISTEN);
  });
  afterAll(() => kernel?.stop());

  it('end an awaiting cell with an error and tell which cell it was', async () => {
    const running = kernel.execute(awaiting('awaits'));
    await kernel.message(({ content }) => content.text === 'awaits\n');
    kernel.interrupt();
    const cell = await running;
    expect(cell.reply).toMatchObject({ status: 'error', evalue: 'Interrupted asynchronously' });
    const { stdout } = await kernel.execute('console.log(told.splice(0).join())');
    expect(stdout).toBe(`${cell.id}\n`);
  });

  it('end a synchronous loop with an error and tell which cell it was', async () => {
    const running = kernel.execute('console.log("loops"); for (;;);');
    await kernel.message(({ content }) => content.text === 'loops\n');
    kernel.interrupt();
    const cell = await running;
    expect(cell.reply.status).toBe('error');
    const { stdout } = await kernel.execute('console.log(told.splice(0).join())');
    expect(stdout).toBe(`${cell.id}\n`);
  });

  it('tell null between cells, and the kernel lives on', async () => {
    await kernel.execute('told.length = 0');
    kernel.interrupt();
    await new Promise((done) => setTimeout(done, 500));
    expect((await kernel.execute('console.log(told.splice(0))')).stdout).toBe('[ null ]\n');
  });

  it('are no longer told once the listener is taken away', async () => {
    await kernel.execute('forget()');
    const running = kernel.execute(awaiting('again'));
    await kernel.message(({ content }) => content.text === 'again\n');
    kernel.interrupt();
    expect((await running).reply.status).toBe('error');
    expect((await kernel.execute('console.log(told)')).stdout).toBe('[]\n');
  });
});
