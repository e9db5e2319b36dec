/** `foldlab report DIR [OTHER]`: a run's directory, or two compared, as one HTML page that needs nothing else. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';

interface ReportFlags {
  readonly out?: string;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description("write a run's report: one HTML page with all numbers, which works offline")
    .argument('<dir>', "the run's directory")
    .argument('[other]', 'the directory of a run on the same splits: the page compares the two')
    .option(
      '--out <file>',
      'where to write it (default: report.html, or comparison.html, in the first directory)',
    )
    .action(report);
}

/**
 * @throws DirectoryError when there is no run in a directory
 * @throws RangeError when two runs cannot be compared
 * @throws TypeError when the page cannot be written there
 */
async function report(dir: string, other: string | undefined, { out }: ReportFlags): Promise<void> {
  const file = resolve(out ?? join(dir, other === undefined ? 'report.html' : 'comparison.html'));
  if (out !== undefined && !existsSync(dirname(file)))
    throw new TypeError(
      `Cannot write the report: the folder of --out must exist; there is no ${dirname(file)}, make it first`,
    );
  if (existsSync(file) && !statSync(file).isFile())
    throw new TypeError(`Cannot write the report: --out must be a file; ${file} is none, add a name to it`);
  // the pictures' engine takes a moment to load, and a wrong directory should be said at once
  const { openRun } = await import('../openRun.js');
  const run = openRun(dir);
  if (other === undefined) {
    const { reportRun } = await import('../run/reportRun.js');
    writeFileSync(file, await reportRun(run));
  } else {
    const second = openRun(other);
    const { reportComparison } = await import('../run/reportComparison.js');
    writeFileSync(file, await reportComparison(run, second));
  }
  const near = relative(process.cwd(), file);
  console.log(near.startsWith('..') ? file : near);
}
