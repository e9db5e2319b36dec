/** `foldlab report DIR`: a run's directory as one HTML page that needs nothing else. */
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
    .option('--out <file>', "where to write it (default: report.html in the run's directory)")
    .action(report);
}

/**
 * @throws DirectoryError when there is no run in the directory
 * @throws TypeError when the page cannot be written there
 */
async function report(dir: string, { out }: ReportFlags): Promise<void> {
  const file = resolve(out ?? join(dir, 'report.html'));
  if (out !== undefined && !existsSync(dirname(file)))
    throw new TypeError(
      `Cannot write the report: the folder of --out must exist; there is no ${dirname(file)}, make it first`,
    );
  if (existsSync(file) && !statSync(file).isFile())
    throw new TypeError(`Cannot write the report: --out must be a file; ${file} is none, add a name to it`);
  // the pictures' engine takes a moment to load, and a wrong directory should be said at once
  const { openRun } = await import('../openRun.js');
  const run = openRun(dir);
  const { reportRun } = await import('../run/reportRun.js');
  writeFileSync(file, await reportRun(run));
  const near = relative(process.cwd(), file);
  console.log(near.startsWith('..') ? file : near);
}
