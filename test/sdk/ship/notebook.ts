/**
 * A notebook in the test process: cells go through tslab's own converter and are evaluated as its executor does.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '..', '..', '..');

interface Converter {
  convert(
    previous: string,
    source: string,
  ): {
    output?: string;
    declOutput?: string;
    hasToplevelAwait: boolean;
    diagnostics: { messageText: string }[];
  };
  close(): void;
}

export interface Notebook {
  /** Runs cells one after another. */
  cells(...sources: string[]): Promise<void>;
  /** A variable of the notebook. */
  get(name: string): any;
  close(): void;
}

export function openNotebook(): Notebook {
  const { createConverter } = require('tslab/dist/converter.js') as {
    createConverter(options: { isBrowser: boolean; cwd: string }): Converter;
  };
  const converter = createConverter({ isBrowser: false, cwd: root });
  const variables: Record<string, unknown> = {};
  // as tslab does: named imports arrive as getters and are kept as plain values
  const exports = new Proxy(variables, {
    defineProperty(_target, name, { get, value }) {
      if (name !== '__esModule') variables[name as string] = get ? get() : value;
      return true;
    },
  });
  const load = createRequire(join(root, 'src.js'));
  const wrapped = new Proxy(load, { apply: (target, self, args) => Reflect.apply(target, self, args) });
  (globalThis as Record<string, unknown>).__tslab__ = { exports, require: wrapped };
  let declarations = '';
  return {
    async cells(...sources) {
      for (const source of sources) {
        const { output, declOutput, hasToplevelAwait, diagnostics } = converter.convert(declarations, source);
        if (diagnostics.length > 0) throw new Error(diagnostics.map((d) => d.messageText).join('; '));
        declarations = declOutput ?? '';
        const prefix = hasToplevelAwait
          ? '(async function(exports, require) { '
          : '(function(exports, require) { ';
        await vm.runInThisContext(`${prefix}${output ?? ''}\n})(__tslab__.exports, __tslab__.require)`);
      }
    },
    get: (name) => variables[name],
    close() {
      converter.close();
      delete (globalThis as Record<string, unknown>).__tslab__;
    },
  };
}
