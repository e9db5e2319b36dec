/**
 * Functions given as module paths: `'./train.ts'` is bundled with what it imports from the user's own files.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { ShipError } from '../errors.js';
import { contentKey } from '../plan/contentKey.js';
import { SHIPMENT_VERSION, type ModuleTable } from './format.js';
import { printModule } from './modules.js';

/** @throws ShipError when the file is missing, does not compile, or has neither an export of that name nor a default. */
export async function bundleModule(
  path: string,
  { name, workingDirectory }: { name: string; workingDirectory: string },
): Promise<{ table: ModuleTable; fingerprint: string }> {
  const file = resolve(workingDirectory, path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new ShipError(
      `Cannot ship '${name}': '${path}' must be a TypeScript or JavaScript file, seen from '${workingDirectory}'; there is none; correct the path or pass the function itself`,
    );
  }
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    outfile: `${file}.js`,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'silent',
  }).catch((cause: unknown) => {
    throw new ShipError(`Cannot ship '${name}': '${path}' does not compile: ${(cause as Error).message}`, {
      cause,
    });
  });
  const [output] = Object.values(result.metafile.outputs);
  const exportNames = await exportsOf(file);
  const exportName = [name, 'default'].find((candidate) => exportNames.includes(candidate));
  if (exportName === undefined && !isCommonJs(readFileSync(file, 'utf8'))) {
    throw new ShipError(
      `Cannot ship '${name}': '${path}' must export '${name}' or a default; it exports ${exportNames.join(', ') || 'nothing'}`,
    );
  }
  const code = result.outputFiles[0]!.text;
  const load = createRequire(file);
  const packages = (output?.imports ?? []).map((item) => [item.path, printExternal(item.path, load)]);
  // the map holds the user's text with comments; it is no part of what the code does
  const program = code.slice(0, code.lastIndexOf('//# sourceMappingURL='));
  return {
    table: {
      version: SHIPMENT_VERSION,
      kind: 'module',
      code,
      filename: file,
      exportName: exportName ?? name,
    },
    // esbuild writes each file's path, as seen from the working directory, into a comment
    fingerprint: contentKey(
      'module',
      program.replaceAll(relative(process.cwd(), file), ''),
      packages,
      exportName ?? name,
    ),
  };
}

/** esbuild tells a file's exports only in its ES module form. */
async function exportsOf(file: string): Promise<string[]> {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: [file],
    write: false,
    metafile: true,
    outdir: '.',
    format: 'esm',
    logLevel: 'silent',
  });
  return Object.values(metafile.outputs).flatMap(({ exports }) => exports);
}

const isCommonJs = (text: string): boolean => /\b(module\.)?exports\b/.test(text);

function printExternal(request: string, load: NodeRequire): string {
  try {
    return printModule({ file: load.resolve(request), request });
  } catch {
    return request;
  }
}
