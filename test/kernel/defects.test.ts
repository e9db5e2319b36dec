/**
 * Defects of tslab that show in one cell, on both kernels: when one no longer shows in the stock kernel, its correction
 * can go. Those of comms, background work, displays, errors and projects are shown beside the tests of their corrections.
 */
import { expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel } from './harness.js';

interface Defect {
  readonly name: string;
  /** Whether it shows. */
  shows(kernel: Kernel): Promise<boolean>;
}

const later = (ms: number) => new Promise<null>((done) => setTimeout(() => done(null), ms));

const DEFECTS: readonly Defect[] = [
  {
    name: 'a burst of output is lost, and with it the end of the cell',
    async shows(kernel) {
      const running = kernel.execute('for (let i = 0; i < 5000; i++) console.log(i)');
      const cell = await Promise.race([running, later(5_000)]);
      return cell === null || !cell.stdout.endsWith('4999\n');
    },
  },
  {
    name: 'a shorthand property does not find the variable of an earlier cell',
    async shows(kernel) {
      await kernel.execute('const earlier = 7;');
      const { stdout } = await kernel.execute('console.log({ earlier })');
      return stdout !== '{ earlier: 7 }\n';
    },
  },
  {
    name: 'an interrupt is lost that comes while the cell is compiled',
    async shows(kernel) {
      const long = Array.from({ length: 800 }, (_, i) => `const long${i} = ${i};`).join('\n');
      const begin = kernel.messages.length;
      const running = kernel.execute(`${long}\nawait new Promise((done) => setTimeout(done, 1500)); null`);
      await kernel.message(
        (message) => message.content.execution_state === 'busy' && kernel.messages.indexOf(message) >= begin,
      );
      kernel.interrupt();
      return (await running).reply.status === 'ok';
    },
  },
  {
    name: 'an interrupt after a cell that listens for one ends the kernel',
    async shows(kernel) {
      await kernel.execute(`process.on('SIGINT', () => {}); null`);
      await later(300);
      kernel.interrupt();
      await later(300);
      return (await Promise.race([kernel.execute('null'), later(3_000)])) === null;
    },
  },
];

for (const name of ['foldlab', 'stock'] as const) {
  describeKernel(`on the ${name} kernel`, () => {
    it.each(DEFECTS)(`${name === 'stock' ? 'still' : 'no longer'}: $name`, async ({ shows }) => {
      await using kernel = await startKernel({ kernel: name });
      await kernel.execute('null');
      expect(await shows(kernel)).toBe(name === 'stock');
    });
  });
}
