/** Output of work that goes on after its cell has ended. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel, type Message } from './harness.js';

const LATE = `const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const print = (text) => console.log(text);`;

for (const name of ['foldlab', 'stock'] as const) {
  // the stock kernel gives everything to the cell executed last: if not, the correction is no longer needed
  const owner = (starter: string, latest: string) => (name === 'foldlab' ? starter : latest);

  describeKernel(`background work on the ${name} kernel`, () => {
    let kernel: Kernel;
    beforeAll(async () => {
      kernel = await startKernel({ kernel: name });
      await kernel.execute(LATE);
    });
    afterAll(() => kernel?.stop());

    const printed = (text: string) =>
      kernel.message(({ type, content }: Message) => type === 'stream' && content.text.includes(text));

    it.each([
      ['a timer', `setTimeout(() => print('of a timer'), 400); null`],
      ['an async function', `(async () => { await sleep(400); print('of an async function'); })(); null`],
      [
        'a child process',
        `require('child_process').execFile('sleep', ['0.4'], () => process.stdout.write('of a child process')); null`,
      ],
      ['a rejection', `(async () => { await sleep(400); throw new RangeError('of a rejection'); })(); null`],
      ['an exception', `setTimeout(() => { throw new RangeError('of an exception'); }, 400); null`],
    ])('prints in the cell that started %s', async (what, cell) => {
      const starter = await kernel.execute(cell);
      const latest = await kernel.execute('await sleep(800)');
      expect((await printed(`of ${what}`)).parent).toBe(owner(starter.id, latest.id));
    });
  });
}

describeKernel('background work on the foldlab kernel, beside', () => {
  it('prints in the cell that calls a function, not in the one that made it', async () => {
    await using kernel = await startKernel();
    await kernel.execute(LATE);
    expect((await kernel.execute(`print('called')`)).stdout).toBe('called\n');
  });

  it('leaves no trace in what a promise looks like', async () => {
    await using kernel = await startKernel();
    const { stdout } = await kernel.execute(
      `class Own extends Promise<number> {}
       console.log(Promise.resolve(1), (async () => 2)(), [Own.resolve(3)]);
       console.log(Object.assign(Promise.resolve(4), { of: 'user', [Symbol('own')]: 5 }));`,
    );
    expect(stdout).toBe(
      `Promise { 1 } Promise { 2 } [ Own [Promise] { 3 } ]\nPromise { 4, of: 'user', [Symbol(own)]: 5 }\n`,
    );
  });

  it('costs little where a million promises are awaited', async () => {
    await using kernel = await startKernel();
    const { stdout } = await kernel.execute(
      `const begun = performance.now(); for (let i = 0; i < 1e6; i++) await null; console.log(performance.now() - begun);`,
    );
    // 5 x the aim; about 150 ms, and 40 without
    expect(Number(stdout)).toBeLessThan(1_500);
  });
});
