import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel } from './harness.js';

describeKernel('the foldlab kernel', () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await startKernel();
  });
  afterAll(() => kernel?.stop());

  it('resolves shorthand properties when they name variables of an earlier cell', async () => {
    await kernel.execute('const trainFunc = () => 7; let rate = 0.5;');
    const used = await kernel.execute(
      'const options = { trainFunc, rate }; console.log(options.trainFunc(), options.rate)',
    );
    expect(used.stdout).toBe('7 0.5\n');
  });

  it('takes the inner variable when a shorthand property names both', async () => {
    await kernel.execute('let shadowed = "outer";');
    const used = await kernel.execute(
      'const inner = (shadowed: string) => ({ shadowed }); console.log(inner("inner"), { shadowed })',
    );
    expect(used.stdout).toBe("{ shadowed: 'inner' } { shadowed: 'outer' }\n");
  });

  it('assigns variables of an earlier cell when a pattern is shorthand', async () => {
    await kernel.execute('let assigned = 1; let filled = 1;');
    const used = await kernel.execute(
      '({ assigned, filled = 5 } = { assigned: 4 } as any); console.log(assigned, filled)',
    );
    expect(used.stdout).toBe('4 5\n');
  });

  it('loses nothing of 50,000 lines in one turn, in few messages', async () => {
    await using fresh = await startKernel();
    const burst = await fresh.execute('for (let i = 0; i < 50000; i++) console.log(i)');
    expect(burst.reply.status).toBe('ok');
    expect(burst.stdout).toBe(Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join(''));
    // Jupyter Server lets 3,000 through in 3 s
    expect(burst.messages.length).toBeLessThan(1_000);
  });

  it('loses nothing of 20 MB in one turn', async () => {
    const burst = await kernel.execute(`for (let i = 0; i < 20; i++) console.log('x'.repeat(1e6))`);
    expect(burst.stdout.length).toBe(20 * 1_000_001);
  });

  it('shows what is printed before a long synchronous part while that goes on', async () => {
    const cell = await kernel.execute(
      'console.log(Date.now()); const until = Date.now() + 1000; while (Date.now() < until); console.log("done")',
    );
    // not put together, though both are of one turn
    expect(cell.messages.filter(({ type }) => type === 'stream')).toHaveLength(2);
  });

  it('keeps stdout, stderr, displays and the error in order', async () => {
    const { messages } = await kernel.execute(
      `import { display } from 'tslab';
       for (let i = 0; i < 300; i++) console.log(i);
       console.error('to stderr'); display.text('shown'); console.log('last'); throw new Error('end');`,
    );
    const shown = messages.map(({ type, content }) =>
      type === 'stream' ? content.text : type === 'display_data' ? content.data['text/plain'] : type,
    );
    expect(shown.join('')).toBe(
      `status${Array.from({ length: 300 }, (_, i) => `${i}\n`).join('')}to stderr\nshownlast\nerrorstatus`,
    );
  });

  it('sends an error message and names it in the reply when a cell throws', async () => {
    const failed = await kernel.execute('const bad = 3;\nthrow new RangeError(`bad is ${bad}`);');
    const error = failed.messages.find(({ type }) => type === 'error');
    expect(error?.content).toMatchObject({ ename: 'RangeError', evalue: 'bad is 3' });
    expect(failed.reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'bad is 3' });
    const trace = error!.content.traceback.join('\n');
    expect(trace).toContain('RangeError: bad is 3');
    expect(trace).not.toMatch(/tslab.dist|notebook.kernel/);
    expect(failed.stderr).toBe('');
  });

  it('sends an error message when an awaited promise rejects', async () => {
    const failed = await kernel.execute('await Promise.reject(new Error("later"))');
    expect(failed.reply).toMatchObject({ status: 'error', ename: 'Error', evalue: 'later' });
  });

  it('points at the column that the user wrote when a cell with shorthand does not compile', async () => {
    await kernel.execute('const known = 1;');
    const failed = await kernel.execute('const o = { known }; const s: string = known;');
    expect(failed.reply).toMatchObject({ status: 'error', ename: 'CompileError' });
    expect(failed.reply.evalue).toBe("1:28 - Type 'number' is not assignable to type 'string'.");
    const unknown = await kernel.execute('const p = { nowhere };');
    expect(unknown.reply.evalue).toMatch(/^1:13 - .*'nowhere'/);
  });

  it('ends an awaiting cell with an error message when it is interrupted', async () => {
    // printed from a later turn: while a cell's synchronous part runs, Node handles SIGINT in another way
    const running = kernel.execute('await new Promise(() => setInterval(() => console.log("waiting"), 50))');
    await kernel.message(({ type, content }) => type === 'stream' && content.text === 'waiting\n');
    kernel.interrupt();
    expect((await running).reply).toMatchObject({ status: 'error', evalue: 'Interrupted asynchronously' });
  });
});
