/**
 * `foldlab resume DIR`: goes on with a run from its directory, with the functions that are kept there.
 */
import type { Command } from 'commander';
import { hideGpus } from '../backends/hideGpus.js';
import { ensureLink } from '../backends/link.js';
import { installResolver } from '../backends/resolve.js';

export function registerResume(program: Command): void {
  program
    .command('resume')
    .description(
      'go on with a run that was cut off, failed or was cancelled: only what is missing is executed',
    )
    .argument('<dir>', "the run's directory")
    .action(async (dir: string) => {
      hideGpus();
      ensureLink(process.cwd());
      installResolver();
      const { resumeRun } = await import('../openRun.js');
      // the run draws itself, up to its table
      await resumeRun(dir);
    });
}
