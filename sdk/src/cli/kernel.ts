/**
 * `foldlab kernel install | uninstall`
 */
import type { Command } from 'commander';
import { installKernelspec, uninstallKernelspec, type KernelspecOptions } from './kernelspec.js';

export { installKernelspec } from './kernelspec.js';

/** Adds `kernel install` and `kernel uninstall` to the command line. */
export function registerKernel(program: Command): void {
  const kernel = program.command('kernel').description('the Jupyter kernel of TypeScript notebooks');

  withPlace(kernel.command('install').description('make the kernel known to Jupyter')).action(
    async (options: KernelspecOptions) => {
      console.log(`installed the kernel in ${await installKernelspec(options)}`);
    },
  );
  withPlace(kernel.command('uninstall').description('remove the kernel from Jupyter')).action(
    async (options: KernelspecOptions) => {
      console.log(`removed the kernel from ${await uninstallKernelspec(options)}`);
    },
  );
}

function withPlace(command: Command): Command {
  return command
    .option('--user', 'for this user (default)')
    .option('--sys-prefix', "in Python's environment, for example an activated virtual environment")
    .option('--python <python>', 'the Python that --sys-prefix means')
    .option('--prefix <dir>', 'in DIR/share/jupyter/kernels')
    .option('--name <name>', "the kernel's name", 'foldlab');
}
