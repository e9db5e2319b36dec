/**
 * From places in compiled code back to what the user wrote in a cell.
 *
 * Defect in tslab: it compiles a cell twice without source maps and gives every cell the same file name, so that a
 * stack says `evalmachine.<anonymous>:9:25`, a place that the user has never seen.
 */
import { SourceMap, type SourceMapPayload } from 'node:module';
import type { SourcePosition } from './tslab.js';

/** From a line and a character of what tslab compiled, both from 0, to the same place in what the user wrote. */
export type ToUser = (line: number, character: number) => SourcePosition;

/** What names a compiled cell in stacks; the number makes it that cell's alone. */
const FILE = 'evalmachine.<cell ';
const CALL = /\n +at (?:async )?evalmachine\.<cell (\d+)>:(\d+):\d+/g;
const PLACE = /evalmachine\.<cell (\d+)>:(\d+):(\d+)/g;
const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;
/** Lines that tslab puts before a cell. */
const LINES_BEFORE = 1;

interface Transpiled {
  outputText: string;
  sourceMapText?: string;
}

export interface Transpile {
  (source: string, options: { compilerOptions?: object; fileName?: string }): Transpiled;
}

/** A place in a cell; line and column start at 1. */
export interface CellPlace {
  readonly cell: number;
  readonly line: number;
  readonly column: number;
  /** The whole line. */
  readonly text: string;
}

interface Mapping {
  /** Innermost last: each maps to the source of the next. */
  readonly maps: readonly SourceMapPayload[];
  /** Characters before the code in its first line. */
  readonly before: number;
  /** The line, from 1, in which tslab calls the compiled cell. */
  readonly callLine: number;
  readonly source: string;
  readonly toUser: ToUser;
}

export interface SourceMaps {
  /** tslab's second compilation, keeping both source maps. */
  transpile(original: Transpile): Transpile;
  /** Says what the user wrote for the compiled `output`. */
  wrote(output: string, source: string, toUser: ToUser): void;
  /** Takes the code of cell number `cell` as it is evaluated; returns the file name to give it. */
  name(cell: number, code: string): string;
  /** The first place that a stack names in a cell; null when there is none. */
  firstPlace(stack: string): CellPlace | null;
  /** `stack` without the frames in which tslab calls a cell. */
  dropCalls(stack: string): string;
  /** `text` with each place in compiled cells replaced by `cell[3]:2:7`. */
  rewrite(text: string): string;
}

export function createSourceMaps(): SourceMaps {
  const compiled = new Map<string, readonly SourceMapPayload[]>();
  const written = new Map<string, Pick<Mapping, 'source' | 'toUser'>>();
  const cells = new Map<number, Mapping>();

  function place(cell: number, line: number, column: number): CellPlace | null {
    const mapping = cells.get(cell);
    if (!mapping) return null;
    let at = { line: line - 1, column: column - 1 - (line === 1 ? mapping.before : 0) };
    for (const payload of mapping.maps) {
      const entry = new SourceMap(payload).findEntry(at.line, at.column) as any;
      if (entry.originalLine === undefined) return null;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    const inCell = mapping.toUser(at.line - LINES_BEFORE, at.column);
    const text = mapping.source.split('\n')[inCell.line];
    return text === undefined ? null : { cell, line: inCell.line + 1, column: inCell.character + 1, text };
  }

  const placeOf = ([, cell, line, column]: readonly string[]) =>
    place(Number(cell), Number(line), Number(column));

  const dropCalls = (stack: string) =>
    stack.replace(CALL, (frame, cell, line) =>
      Number(line) === cells.get(Number(cell))?.callLine ? '' : frame,
    );

  return {
    dropCalls,
    transpile: (original) => (source, options) => {
      const inline = INLINE_MAP.exec(source);
      if (!inline) return original(source, options);
      const result = original(source.slice(0, inline.index + 1), {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      const outputText = result.outputText.replace(/\/\/# sourceMappingURL=\S+\s*$/, '');
      const inner = JSON.parse(Buffer.from(inline[1]!, 'base64').toString());
      compiled.set(outputText, [JSON.parse(result.sourceMapText!), inner]);
      return { ...result, outputText };
    },
    wrote: (output, source, toUser) => void written.set(output, { source, toUser }),
    name(cell, code) {
      for (const [output, maps] of compiled) {
        const before = code.indexOf(output);
        const user = written.get(output);
        if (before >= 0 && user)
          cells.set(cell, { maps, before, callLine: code.split('\n').length, ...user });
      }
      // of imported files and of cells that did not compile
      compiled.clear();
      written.clear();
      return `${FILE}${cell}>`;
    },
    firstPlace(stack) {
      for (const match of stack.matchAll(PLACE)) {
        const found = placeOf(match);
        if (found) return found;
      }
      return null;
    },
    rewrite(text) {
      if (!text.includes(FILE)) return text;
      return dropCalls(text).replace(PLACE, (...match) => {
        const found = placeOf(match);
        return found ? `cell[${found.cell}]:${found.line}:${found.column}` : `cell[${match[1]}]`;
      });
    },
  };
}
