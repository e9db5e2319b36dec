/**
 * What the kernelspec preloads into tslab (`node --require foldlab/dist/kernel.js …/tslab kernel`). A composition
 * root: the corrections of the kernel, and the way to TensorFlow.
 */
import { hideGpus } from './backends/hideGpus.js';
import { ensureLink } from './backends/link.js';
import { installResolver } from './backends/resolve.js';
import { preloadKernel } from './notebook/kernel/preload.js';

preloadKernel();
hideGpus();
try {
  // before tslab starts: its compiler stops working when a package appears below it later
  ensureLink(process.cwd());
  installResolver();
} catch (error) {
  // a folder that cannot be written must not keep the kernel from starting; importing TensorFlow will say what is wrong
  process.stderr.write(`foldlab: cannot link TensorFlow into this project: ${(error as Error).message}\n`);
}
