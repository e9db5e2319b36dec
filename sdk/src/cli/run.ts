/**
 * `foldlab run pipeline.ts`: bundles a TypeScript or JavaScript file and runs it here. Its functions travel to the workers
 * as a notebook's do.
 */
import { existsSync, statSync } from 'node:fs';
import Module from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { hideGpus } from '../backends/hideGpus.js';
import { ensureLink } from '../backends/link.js';
import { installResolver } from '../backends/resolve.js';
import { currentSession } from '../session.js';
import { tellError } from './tell.js';

export function registerRun(program: Command): void {
  program
    // options behind the file are the file's
    .enablePositionalOptions()
    .command('run')
    .description('run a pipeline written as a plain TypeScript or JavaScript file')
    .argument('<file>', 'the file, for example examples/mnist/pipeline.ts')
    .argument('[arguments...]', 'given to the file in process.argv')
    .allowUnknownOption()
    .passThroughOptions()
    .action((file: string, rest: string[]) => runFile(file, rest));
}

/**
 * Runs one file in this process. One that comes to its end without a run has done nothing of what was asked: exit code 1, as
 * when a test runner finds no test.
 *
 * @throws TypeError when the file is not there
 */
export async function runFile(file: string, rest: readonly string[]): Promise<void> {
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new TypeError(
      `Cannot run '${file}': it must be a TypeScript or JavaScript file; there is none at ${path}`,
    );
  }
  hideGpus();
  // the file's imports of TensorFlow resolve to the built one
  ensureLink(dirname(path));
  installResolver();
  const { build } = await import('esbuild');
  const built = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    outfile: `${path}.js`,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    // esbuild has said what is wrong, and where
  }).catch(() => null);
  if (built === null) {
    process.exitCode = 1;
    return;
  }
  process.argv = [process.argv[0]!, path, ...rest];
  process.setSourceMapsEnabled(true);
  const module = new Module(path) as Module & { _compile(code: string, filename: string): void };
  module.filename = path;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
    dirname(path),
  );
  process.on('unhandledRejection', (error) => {
    process.stderr.write(`${tellError(error)}\n`);
    process.exitCode = 1;
  });
  // for `if (require.main === module)`
  process.mainModule = module;
  sayWhenNothingRan(file);
  module._compile(built.outputFiles[0]!.text, path);
}

/** A file that calls process.exit() ends as it wants to. */
function sayWhenNothingRan(file: string): void {
  process.once('beforeExit', (code) => {
    if (code || process.exitCode || currentSession().registered.length > 0) return;
    process.stderr.write(
      `Nothing was run: '${file}' must call run() or openRun(), and came to its end without; call run({ … }) at its end, or the function of the file that does (main();)\n`,
    );
    process.exitCode = 1;
  });
}
