/**
 * Functions given as module paths: `'./train.ts'` is bundled with what it imports from the user's own files.
 */
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { ShipError } from '../errors.js';
import { contentKey } from '../plan/contentKey.js';
import { commonJsExports, type CommonJsExports } from './commonJs.js';
import { SHIPMENT_VERSION, type ModuleTable } from './format.js';
import { printModule } from './modules.js';

/**
 * The function is the export of its name, else the default, else what a CommonJS file's `module.exports` is.
 *
 * @throws ShipError when the file is missing, does not compile, or has none of them
 */
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
  const { names, open } = await exportsOf(file);
  const exportName = [name, 'default'].find((candidate) => names.includes(candidate));
  if (exportName === undefined && !open) {
    throw new ShipError(
      `Cannot ship '${name}': '${path}' must export '${name}' or a default; it exports ${names.join(', ') || 'nothing'}`,
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

/** esbuild tells a file's exports only in its ES module form, and nothing of CommonJS ones. */
async function exportsOf(file: string): Promise<CommonJsExports> {
  const { build } = await import('esbuild');
  const options = { entryPoints: [file], write: false as const, outdir: '.', logLevel: 'silent' as const };
  const { metafile } = await build({ ...options, metafile: true, format: 'esm' });
  const [output] = Object.values(metafile.outputs);
  if (metafile.inputs[output!.entryPoint!]?.format !== 'cjs') return { names: output!.exports, open: false };
  // types out, and nothing else
  const { outputFiles } = await build(options);
  return commonJsExports(outputFiles[0]!.text);
}

function printExternal(request: string, load: NodeRequire): string {
  try {
    return printModule({ file: load.resolve(request), request });
  } catch {
    return request;
  }
}
