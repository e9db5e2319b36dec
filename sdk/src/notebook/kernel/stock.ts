/**
 * Finds a tslab that executes cells in this process.
 */
import Module from 'node:module';
import type { JupyterModule } from './tslab.js';

/** A loaded module of tslab. */
export interface StockKernel {
  readonly filename: string;
  readonly exports: JupyterModule;
}

/**
 * The kernel's own copy of tslab; null outside a kernel and before its first cell. `require('tslab')` gives it in a
 * cell only, so compiled code looks it up among the loaded modules; of several copies the one that executes cells is
 * meant.
 */
export function findStockKernel(): StockKernel | null {
  const loaded: Record<string, NodeModule | undefined> = (Module as any)._cache;
  for (const [filename, module] of Object.entries(loaded)) {
    if (!/tslab[\\/]dist[\\/]jupyter\.js$/.test(filename)) continue;
    const exports = module?.exports as JupyterModule | undefined;
    if (exports?.lastWriteDisplayData) return { filename, exports };
  }
  return null;
}
