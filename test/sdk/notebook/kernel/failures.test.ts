import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../../sdk/src/notebook/kernel/failures.js';
import { createSourceMaps } from '../../../../sdk/src/notebook/kernel/sourceMaps.js';

const places = createSourceMaps();

describe('describeFailure', () => {
  it('names the error and drops the frames of the kernel', () => {
    const error = new RangeError('too far');
    error.stack = [
      'RangeError: too far',
      '    at evalmachine.<anonymous>:3:7',
      '    at Script.runInThisContext (node:vm:122:12)',
      '    at Object.execute (/somewhere/node_modules/tslab/dist/executor.js:160:38)',
    ].join('\n');
    expect(describeFailure([[error]], places)).toEqual({
      ename: 'RangeError',
      evalue: 'too far',
      traceback: ['RangeError: too far', '    at evalmachine.<anonymous>:3:7'],
    });
  });

  it('lists all diagnostics when the cell did not compile', () => {
    const printed = [
      ['%s%d:%d - %s', '', 1, 5, 'first'],
      ['%s%d:%d - %s', 'a.ts ', 2, 6, 'second'],
    ];
    expect(describeFailure(printed, places)).toEqual({
      ename: 'CompileError',
      evalue: '1:5 - first',
      traceback: ['1:5 - first', 'a.ts 2:6 - second'],
    });
  });

  it('shows what was thrown when it is no error', () => {
    expect(describeFailure([[{ code: 4 }]], places)).toMatchObject({
      ename: 'Thrown',
      evalue: '{ code: 4 }',
    });
    expect(describeFailure([[undefined]], places)).toMatchObject({ ename: 'Thrown', evalue: 'undefined' });
  });
});
