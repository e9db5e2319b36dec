/** A stock tslab kernel that imports foldlab. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, executeCells, startKernel, type Execution, type Kernel } from './harness.js';

const IMPORT = `import * as foldlab from 'foldlab';
  const link = (globalThis as any)[Symbol.for('foldlab.kernel')];`;

describeKernel('a stock tslab kernel that imports foldlab', () => {
  let kernel: Kernel;
  let first: Execution;
  beforeAll(async () => {
    kernel = await startKernel({ kernel: 'stock' });
    first = await kernel.execute(
      `${IMPORT}
       const attachedIn = link.runningCell();
       const told = []; link.onInterrupt((cell) => told.push(cell));
       link.onComm('test.echo', (comm) => comm.onMessage((data) => comm.send({ echo: data })));
       const live = link.openDisplay(); live.show({ 'text/plain': 'one' }, { wide: true });
       let afterwards: unknown; setTimeout(() => (afterwards = link.runningCell()), 200);
       console.log('of the first cell');`,
    );
    await new Promise((done) => setTimeout(done, 600));
  });
  afterAll(() => kernel?.stop());

  it('says once what is missing, in the cell that imports it', async () => {
    expect(first.reply.status).toBe('ok');
    expect(first.stderr).toMatch(
      /^foldlab: this kernel is tslab without .*npx foldlab kernel install --user\n$/,
    );
    expect(first.stdout).toBe('of the first cell\n');
    const again = await kernel.execute(
      `delete require.cache[require.resolve('foldlab')]; require('foldlab'); null`,
    );
    expect(again.stderr).toBe('');
  });

  it('knows the cell that imports it, and that it ended', async () => {
    expect((await kernel.execute('console.log(attachedIn)')).stdout).toBe(`${first.id}\n`);
    expect((await kernel.execute('console.log(afterwards)')).stdout).toBe('null\n');
  });

  it('answers a comm while a cell awaits, and stays busy', async () => {
    const running = kernel.execute(
      `console.log('runs'); await new Promise((done) => link.onComm('test.release', done)); null`,
    );
    const { parent } = await kernel.message(({ content }) => content.text === 'runs\n');
    await kernel.send('comm_open', { comm_id: 'c', target_name: 'test.echo', data: {} });
    await kernel.send('comm_msg', { comm_id: 'c', data: 'now' });
    const echo = await kernel.message(({ type }) => type === 'comm_msg');
    expect(echo).toMatchObject({ parent, content: { comm_id: 'c', data: { echo: 'now' } } });
    const info = await kernel.request('comm_info_request', {});
    expect(info).toMatchObject({ type: 'comm_info_reply', content: { comms: { c: {} } } });
    const newest = kernel.messages.filter(({ type }) => type === 'status').at(-1);
    await kernel.message(
      (message) =>
        message.content.execution_state === 'busy' &&
        message.parent === parent &&
        kernel.messages.indexOf(message) >= kernel.messages.indexOf(newest!),
    );
    await kernel.send('comm_open', { comm_id: 'r', target_name: 'test.release', data: {} });
    expect((await running).reply.status).toBe('ok');
  });

  it('replaces a full bundle from a later cell', async () => {
    const made = first.messages.find(({ type }) => type === 'display_data')!;
    expect(made.content).toMatchObject({ data: { 'text/plain': 'one' }, metadata: { wide: true } });
    const later = await kernel.execute(`live.show({ 'text/plain': 'two' })`);
    expect(later.messages.find(({ type }) => type === 'update_display_data')?.content).toMatchObject({
      data: { 'text/plain': 'two' },
      transient: made.content.transient,
    });
  });

  it('tells of an interrupt which cell it met', async () => {
    for (const loop of ['await new Promise(() => {});', 'for (;;);']) {
      await kernel.execute('told.length = 0');
      const running = kernel.execute(`console.log('started'); ${loop}`);
      const before = kernel.messages.length;
      await kernel.message(
        (message) => message.content.text === 'started\n' && kernel.messages.indexOf(message) >= before,
      );
      kernel.interrupt();
      const cell = await running;
      expect(cell.reply.status).toBe('error');
      expect((await kernel.execute('console.log(told.join())')).stdout).toBe(`${cell.id}\n`);
    }
  });

  it('prints in the cell that caused it, and loses nothing of a burst', async () => {
    const starter = await kernel.execute(`setTimeout(() => console.log('late'), 300); null`);
    await kernel.execute(`await new Promise((done) => setTimeout(done, 600))`);
    expect((await kernel.message(({ content }) => content.text === 'late\n')).parent).toBe(starter.id);
    const burst = await kernel.execute('for (let i = 0; i < 20000; i++) console.log(i)');
    expect(burst.stdout).toBe(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(''));
  });
});

describeKernel('nbclient with a stock tslab kernel that imports foldlab', () => {
  it('keeps what the importing cell prints at its very end', async () => {
    const { outputs, error } = await executeCells(
      [
        `${IMPORT} for (let i = 0; i < 3000; i++) console.log(i);`,
        `console.log(link.runningCell() !== null)`,
      ],
      { kernel: 'stock' },
    );
    expect(error).toBeNull();
    const printed = outputs[0]!.filter(({ name }) => name === 'stdout').map(({ text }) => text);
    expect(printed.join('')).toBe(Array.from({ length: 3000 }, (_, i) => `${i}\n`).join(''));
    expect(outputs[1]).toMatchObject([{ text: 'true\n' }]);
  });
});

describeKernel('importing foldlab outside a kernel', () => {
  it('attaches nothing', async () => {
    await using kernel = await startKernel();
    const { stdout, stderr } = await kernel.execute(
      `const loaded = () => Object.keys(require.cache).some((file) => file.endsWith('late.js'));
       import * as foldlab from 'foldlab'; console.log(loaded(), typeof foldlab.run)`,
    );
    expect([stdout, stderr]).toEqual(['false function\n', '']);
  });
});
