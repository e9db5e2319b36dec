import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { expandShorthand } from '../../../../sdk/src/notebook/kernel/shorthand.js';

// the compiler that the kernel uses
const compiler = createRequire(import.meta.url)('@tslab/typescript-for-tslab');
const expand = (source: string) => expandShorthand(compiler, source).source;

describe('expandShorthand', () => {
  it('writes out shorthand properties when they stand alone, among others and nested', () => {
    expect(expand('run({ a, b: 1, c })')).toBe('run({ a: a, b: 1, c: c })');
    expect(expand('f({ outer: { inner }, ...rest })')).toBe('f({ outer: { inner: inner }, ...rest })');
    expect(expand('const g = () => ({ x })')).toBe('const g = () => ({ x: x })');
  });

  it('keeps defaults when the object is a pattern', () => {
    expect(expand('({ a, b = 2 } = o)')).toBe('({ a: a, b: b = 2 } = o)');
  });

  it('leaves declarations, imports, methods, strings and comments alone', () => {
    const source =
      'import { a } from "b"; const { c } = o; function f({ d }) {} ({ m() {} }); "{ s }"; // { t }';
    expect(expand(source)).toBe(source);
  });

  it('leaves __proto__ alone, which means something else when written out', () => {
    expect(expand('({ __proto__, a })')).toBe('({ __proto__, a: a })');
  });

  it('gives the source back when it does not parse', () => {
    expect(expand('const = { , }')).toBe('const = { , }');
  });

  it('maps positions back to what the user wrote', () => {
    const source = 'f({ one, two });\ng({ three }, four)';
    const { source: expanded, original } = expandShorthand(compiler, source);
    const positionOf = (text: string, offset: number) => {
      const lines = text.slice(0, offset).split('\n');
      return { offset, line: lines.length - 1, character: lines.at(-1)!.length };
    };
    for (const [after, before] of [
      ['f(', 'f('],
      ['two: two', 'two'],
      ['g(', 'g('],
      ['four', 'four'],
    ] as const) {
      expect(original(positionOf(expanded, expanded.indexOf(after)))).toEqual(
        positionOf(source, source.indexOf(before)),
      );
    }
    // a name that was put in stands for the one before it, start and end
    const inserted = expanded.indexOf('three: three') + 'three: '.length;
    const name = source.indexOf('three');
    expect(original(positionOf(expanded, inserted))).toEqual(positionOf(source, name));
    expect(original(positionOf(expanded, inserted + 5))).toEqual(positionOf(source, name + 5));
  });
});
