/**
 * Gives a stock tslab kernel that imports foldlab what the foldlab kernel has, as far as a running kernel can get it.
 * Does nothing, at the cost of one look at the arguments, in any other process.
 */
import { createRequire } from 'node:module';
import type * as Late from './late.js';
import { kernelLink } from './link.js';
import { findStockKernel } from './stock.js';

if (process.argv.some((arg) => arg.startsWith('--config-path')) && kernelLink() === null) {
  const jupyter = findStockKernel();
  if (jupyter !== null) {
    // nothing of it is loaded anywhere else
    const { attachLate } = createRequire(__filename)('./late.js') as typeof Late;
    attachLate(jupyter);
  }
}
