/** `foldlab doctor`: what this machine has, what it lacks, and how to mend that. */
import type { Command } from 'commander';
import { CHECKS, type Check } from './checks.js';

interface DoctorFlags {
  readonly json: boolean;
  readonly executor?: string;
  readonly executorOptions: string;
  readonly gpus: string;
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('show what this machine has and lacks; exit code 1 when something needed is missing')
    .option('--json', 'as one JSON object', false)
    .option('--executor <name>', 'try one lease of a cluster too: slurm or ray')
    .option('--executor-options <json>', 'what slurm() or ray() is given', '{}')
    .option('--gpus <number>', 'GPUs of that lease', '1')
    .action(doctor);
}

async function doctor({ json, executor, executorOptions, gpus }: DoctorFlags): Promise<void> {
  const checks = await Promise.all(CHECKS.map((check) => check()));
  if (executor !== undefined) {
    const { checkCluster } = await import('./checkCluster.js');
    checks.push(...(await checkCluster(executor, executorOptions, Number(gpus))));
  }
  const ok = !checks.some(({ state }) => state === 'missing');
  console.log(json ? JSON.stringify({ ok, checks }) : formatChecks(checks));
  if (!ok) process.exitCode = 1;
}

const MARKS = { ok: '✓', warning: '!', missing: '✗' } as const;

/** The table: mark, name, what was found; the fix on a line of its own below. */
export function formatChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .flatMap(({ name, state, found, fix }) => {
      const line = `${MARKS[state]} ${name.padEnd(width)}  ${found}`;
      return fix ? [line, `  ${' '.repeat(width)}  → ${fix}`] : [line];
    })
    .join('\n');
}
