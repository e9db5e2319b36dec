/**
 * The TypeScript that tslab's converter uses: a copy of its exports with the corrections in it, for they cannot be
 * replaced in place.
 */
import { addNodeTypes, type TypeOptions } from './nodeTypes.js';
import type { SourceMaps, Transpile } from './sourceMaps.js';
import type { PatchTarget } from './tslab.js';
import { separateTimers } from './watch.js';

export interface CompilerModule {
  readonly createWatchCompilerHost: (
    roots: string[],
    options: object,
    system: object,
    ...more: any[]
  ) => object;
  readonly transpileModule: Transpile;
}

export function correctedCompiler(maps: SourceMaps) {
  return ({ exports, require }: PatchTarget<CompilerModule>): CompilerModule => ({
    ...exports,
    createWatchCompilerHost(roots, options: TypeOptions, system, ...more) {
      separateTimers(system);
      addNodeTypes(options, require.resolve);
      return exports.createWatchCompilerHost(roots, { ...options, inlineSourceMap: true }, system, ...more);
    },
    transpileModule: maps.transpile(exports.transpileModule),
  });
}
