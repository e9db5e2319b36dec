// Runs a TypeScript file of this repository: bundled by esbuild, packages stay outside.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './steps.mjs';

/** Imports `file` (relative to the repository) and returns its exports. `__dirname` is that of the source. */
export async function importTs(file) {
  const { build } = createRequire(join(ROOT, 'sdk', 'package.json'))('esbuild');
  const dir = join(ROOT, 'node_modules', '.cache', 'foldlab');
  mkdirSync(dir, { recursive: true });
  const outfile = join(dir, `${file.replaceAll('/', '_')}.${process.pid}.mjs`);
  const source = join(ROOT, file);
  try {
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      define: { __dirname: JSON.stringify(join(source, '..')) },
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
