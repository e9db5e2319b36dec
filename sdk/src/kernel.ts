/**
 * What the kernelspec preloads into tslab (`node --require foldlab/dist/kernel.js …/tslab kernel`). A composition
 * root: corrections of the kernel.
 */
import { preloadKernel } from './notebook/kernel/preload.js';

preloadKernel();
