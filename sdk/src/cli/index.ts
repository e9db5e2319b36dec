/**
 * The command line `foldlab <command>`. Each command is a file that is loaded only when it is asked for, so that start is quick.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { tellError } from './tell.js';

/** Adds one command, with its options and action, to the program. */
export type RegisterCommand = (program: Command) => void;

/** Every command and the file it comes from; in the order of the help text. */
const COMMANDS: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  setup: async () => (await import('./setup.js')).registerSetup,
  doctor: async () => (await import('./doctor.js')).registerDoctor,
  run: async () => (await import('./run.js')).registerRun,
  resume: async () => (await import('./resume.js')).registerResume,
  report: async () => (await import('./report.js')).registerReport,
  kernel: async () => (await import('./kernel.js')).registerKernel,
};

/** Runs one command line; errors become a message on stderr and exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = new Command('foldlab')
      .description('cross-validation as a live object in a TypeScript notebook')
      .version(version())
      .exitOverride();
    const named = COMMANDS[argv[2] ?? ''];
    // without a known name it is a call for help, which lists all
    for (const load of named ? [named] : Object.values(COMMANDS)) (await load())(program);
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCode(error);
  }
}

function exitCode(error: unknown): number {
  // commander has written its message itself; help and version are no failures
  if (error instanceof CommanderError) return error.exitCode;
  process.stderr.write(`${tellError(error)}\n`);
  return 1;
}

/** foldlab's version, from its package.json (this file is dist/cli/index.js or src/cli/index.ts). */
export function version(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
