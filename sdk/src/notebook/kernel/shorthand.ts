/**
 * Shorthand properties that name another cell's variable.
 *
 * Defect in tslab: it rewrites an identifier of an earlier cell to `exports.name`, but not in `({ name })`, which
 * type-checks and then throws a ReferenceError. `({ name: name })` means the same in every scope, so each shorthand
 * is written out before tslab sees the cell.
 */
import type * as TypeScript from 'typescript';
import type { SourceMaps } from './sourceMaps.js';
import type { ConverterModule, PatchTarget, SourcePosition, TslabDiagnostic } from './tslab.js';

type Compiler = Pick<typeof TypeScript, 'createSourceFile' | 'forEachChild' | 'SyntaxKind' | 'ScriptTarget'>;

interface Insertion {
  /** End of the property's name in the user's source. */
  readonly at: number;
  readonly name: string;
}

const SEPARATOR = ': ';

/** A cell with its shorthand properties written out. */
export interface Expanded {
  readonly source: string;
  /** From a position in `source` to the same place in what the user wrote. */
  original(position: SourcePosition): SourcePosition;
}

/** Writes out the shorthand properties of `source`; `compiler` is tslab's own TypeScript. */
export function expandShorthand(compiler: Compiler, source: string, isJS = false): Expanded {
  // cheap refusal of the many cells that have none; it may let too many through, never too few
  const found = /[{,]/.test(source) ? findShorthand(compiler, source, isJS) : [];
  let expanded = '';
  let end = 0;
  for (const { at, name } of found) {
    expanded += source.slice(end, at) + SEPARATOR + name;
    end = at;
  }
  return {
    source: expanded + source.slice(end),
    original: (position) => originalPosition(found, source, position),
  };
}

function findShorthand(compiler: Compiler, source: string, isJS: boolean): Insertion[] {
  const file = compiler.createSourceFile(
    isJS ? 'cell.js' : 'cell.ts',
    source,
    compiler.ScriptTarget.Latest,
    false,
  );
  const found: Insertion[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (node.kind === compiler.SyntaxKind.ShorthandPropertyAssignment) {
      const { name } = node as TypeScript.ShorthandPropertyAssignment;
      // written out, `__proto__` would set the prototype instead of a property; a name the parser invented to go
      // on after a syntax error is empty
      if (name.text !== '' && name.text !== '__proto__') found.push({ at: name.end, name: name.text });
    }
    compiler.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function originalPosition(
  insertions: readonly Insertion[],
  source: string,
  { offset, line, character }: SourcePosition,
): SourcePosition {
  let back = 0;
  let backInLine = 0;
  for (const { at, name } of insertions) {
    const inside = offset - (at + back);
    if (inside <= 0) break;
    const length = SEPARATOR.length + name.length;
    // the inserted name stands for the one that the user wrote
    const removed = inside >= length ? length : inside + name.length - Math.max(0, inside - SEPARATOR.length);
    back += removed;
    if (source.slice(0, at).split('\n').length - 1 === line) backInLine += removed;
  }
  return { offset: offset - back, line, character: character - backInLine };
}

/** Expands each cell before tslab converts it, and maps the places of diagnostics and stacks back. */
export function patchShorthand(maps: SourceMaps) {
  return ({ exports, require }: PatchTarget<ConverterModule>): void => {
    const { createConverter } = exports;
    const compiler = require('@tslab/typescript-for-tslab') as Compiler;
    exports.createConverter = (options) => {
      const converter = createConverter(options);
      const { convert } = converter;
      return {
        ...converter,
        convert(previousDeclarations, source) {
          const expanded = expandShorthand(compiler, source, options?.isJS);
          const conversion = convert(previousDeclarations, expanded.source);
          if (conversion.output) {
            maps.wrote(conversion.output, source, (line, character) =>
              expanded.original({ offset: offsetOf(expanded.source, line, character), line, character }),
            );
          }
          const inCell = (diagnostic: TslabDiagnostic): TslabDiagnostic =>
            diagnostic.fileName === undefined
              ? {
                  ...diagnostic,
                  start: expanded.original(diagnostic.start),
                  end: expanded.original(diagnostic.end),
                }
              : diagnostic;
          return { ...conversion, diagnostics: conversion.diagnostics.map(inCell) };
        },
      };
    };
  };
}

function offsetOf(source: string, line: number, character: number): number {
  const before = source.split('\n').slice(0, line);
  return before.reduce((sum, text) => sum + text.length + 1, character);
}
