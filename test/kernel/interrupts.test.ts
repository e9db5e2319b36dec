/** Interrupts of the real kernel, as the stop button sends them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel } from './harness.js';

const LISTEN = `const told = []; const forget = (globalThis as any)[Symbol.for('foldlab.kernel')].onInterrupt((cell) => told.push(cell));`;

/** A cell that prints and awaits for ever. */
const awaiting = (text: string) => `console.log('${text}'); await new Promise(() => {});`;

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
    expect(cell.reply.status).toBe('error');
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

  it('are never lost when they come right after the first output', async () => {
    for (let i = 0; i < 20; i++) {
      const running = kernel.execute(awaiting(`round ${i}`));
      await kernel.message(({ content }) => content.text === `round ${i}\n`);
      kernel.interrupt();
      // in the synchronous part or after it
      expect((await running).reply.evalue).toMatch(
        /^(Interrupted asynchronously|Script execution was interrupted)/,
      );
    }
  });

  it('are never lost around the moment when the listeners come back', async () => {
    for (let ms = 44; ms < 64; ms += 2) {
      const text = `after ${ms} ms`;
      const running = kernel.execute(
        `await new Promise(() => setTimeout(() => console.log('${text}'), ${ms}))`,
      );
      await kernel.message(({ content }) => content.text === `${text}\n`);
      kernel.interrupt();
      expect((await running).reply.evalue).toBe('Interrupted asynchronously');
    }
  });

  it('reach a listener that a cell added, and the kernel lives on', async () => {
    await kernel.execute(`let heard = 0; process.on('SIGINT', () => heard++); null`);
    kernel.interrupt();
    await new Promise((done) => setTimeout(done, 500));
    expect((await kernel.execute('console.log(heard)')).stdout).toBe('1\n');
  });

  it('reach a listener that a cell added when the signal comes while the loop is blocked', async () => {
    const { stdout } = await kernel.execute(
      `let inTurn = 0; process.on('SIGINT', () => inTurn++);
       const block = (ms) => { const until = Date.now() + ms; while (Date.now() < until); };
       setTimeout(() => { process.kill(process.pid, 'SIGINT'); block(150); }, 0);
       setTimeout(() => console.log('later'), 300); null`,
    );
    expect(stdout).toBe('');
    await kernel.message(({ content }) => content.text === 'later\n');
    expect((await kernel.execute('console.log(inTurn)')).stdout).toBe('1\n');
  });

  it('end a cell that is still being compiled', async () => {
    // enough to be compiled for a while; a statement that would print if the code ran
    const long = Array.from({ length: 800 }, (_, i) => `const long${i} = ${i};`).join('\n');
    const running = kernel.execute(`console.log('ran');\n${long}\nawait new Promise(() => {});`);
    const busy = kernel.messages.length;
    await kernel.message(
      (message) => message.content.execution_state === 'busy' && kernel.messages.indexOf(message) >= busy,
    );
    kernel.interrupt();
    const { reply, stdout } = await running;
    expect(reply.evalue).toMatch(/^Script execution was interrupted/);
    expect(stdout).toBe('');
  });
});
