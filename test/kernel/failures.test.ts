/** What a failing cell of the real kernel says. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, startKernel, type Execution, type Kernel } from './harness.js';

describeKernel('a failing cell of the foldlab kernel', () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await startKernel();
  });
  afterAll(() => kernel?.stop());

  const traceOf = ({ messages }: Execution): string =>
    messages.find(({ type }) => type === 'error')!.content.traceback.join('\n');

  it('names line and column of the TypeScript, and quotes it', async () => {
    const failed = await kernel.execute(
      `interface Options { rate: number }\n\ntype Both = Options | null;\nconst rate: number = 2;\n  throw new RangeError('rate ' + rate);`,
    );
    const number = failed.reply.execution_count;
    expect(traceOf(failed)).toBe(
      `RangeError: rate 2\n    at cell[${number}]:5:9\n        throw new RangeError('rate ' + rate);\n              ^`,
    );
  });

  it('names the place when the cell has shorthand before it, and awaits', async () => {
    await kernel.execute('const one = 1, two = 2;');
    const failed = await kernel.execute(
      `interface Unused {}\nawait null;\nconst o = { one, two }; throw new TypeError('x');`,
    );
    expect(traceOf(failed)).toMatch(/at cell\[\d+\]:3:31\n {8}const o = \{ one, two \}; throw new TypeError/);
  });

  it('names the earlier cell where the function was made, and the line that called it', async () => {
    const made = await kernel.execute(
      `interface Also {}\nfunction inner(n: number) {\n  if (n > 1) throw new Error('too much');\n}`,
    );
    const failed = await kernel.execute('type Local = 1;\n\ninner(5);');
    expect(traceOf(failed)).toMatch(
      new RegExp(
        `at .*inner \\(cell\\[${made.reply.execution_count}\\]:3:20\\)[^]*at cell\\[${failed.reply.execution_count}\\]:3:1`,
      ),
    );
  });

  it('shows the properties of an error as they are', async () => {
    const failed = await kernel.execute(`throw Object.assign(new Error('with'), { code: 'E_X' });`);
    expect(traceOf(failed)).toMatch(/^Error: with\n +at cell[^]* \{\n +code: 'E_X'\n\}$/);
  });

  it('says where a later error of its timer came from', async () => {
    const cell = await kernel.execute(
      `interface A {}\nsetTimeout(() => {\n  throw new Error('late');\n}, 20); null`,
    );
    const text = await kernel.message(({ content }) => content.text?.includes('late'));
    expect(text.parent).toBe(cell.id);
    expect(text.content.text).toContain(`cell[${cell.reply.execution_count}]:3:9`);
  });
});

describeKernel('a failing cell of the stock tslab kernel', () => {
  it('still sends no error message, and a place in compiled code', async () => {
    await using kernel = await startKernel({ kernel: 'stock' });
    const failed = await kernel.execute(`interface A {}\n\nthrow new RangeError('x');`);
    expect(failed.messages.some(({ type }) => type === 'error')).toBe(false);
    expect(failed.reply.ename).toBeUndefined();
    expect(failed.stderr).not.toContain(':3:7');
  });
});
