/**
 * What `@tensorflow/tfjs-node-gpu` resolves to: a few generated lines in front of the real package's main file.
 *
 * Because they are part of the package, whatever resolves to it (a cell, a worker, a plain script, TypeScript) gets the patches and the
 * right backend, without anything having to be preloaded.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADAPTER_FOLDER, packageDir, type BuildKind } from './cache.js';

/** Self-contained compiled modules of this folder that travel with the adapter. */
const MODULES = ['compat.js', 'gradients.js', 'wasmKernels.js', 'wasmStart.js', 'webgpuStart.js'] as const;

/** File name → content of the adapter for one kind. */
export function adapterFiles(kind: BuildKind, compiledDir: string = __dirname): Record<string, string> {
  const target = targetOf(kind);
  const files: Record<string, string> = {
    // the literal `module.exports = require(...)` lets Node find the names for `import { tensor } from`
    'index.js': [
      `'use strict';`,
      ...opening(kind, target),
      `module.exports = require('${target}');`,
      '',
    ].join('\n'),
    'index.d.ts': `export * from '${target}';\n`,
  };
  for (const name of MODULES) {
    // no source map travels along
    files[name] = readFileSync(join(compiledDir, name), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
  }
  return files;
}

/** The real package: the one that the adapter lives in, by a path that no resolver leads back to the adapter. */
function targetOf(kind: BuildKind): string {
  return kind === 'cuda' || kind === 'cpu' ? '../dist/index.js' : '@tensorflow/tfjs';
}

function opening(kind: BuildKind, path: string): string[] {
  switch (kind) {
    case 'cuda':
    case 'cpu':
      return [
        `const { restoreUtil, patchKernels } = require('./compat.js');`,
        `restoreUtil();`,
        `patchKernels(require('${path}'));`,
        `require('./gradients.js').patchGradients(require('${path}'), process.env);`,
      ];
    case 'wasm':
      return [
        `const tf = require('${path}');`,
        `require('@tensorflow/tfjs-backend-wasm');`,
        `require('./wasmKernels.js').registerWasmKernels(tf);`,
        `require('./wasmStart.js').startWasm(tf);`,
      ];
    case 'webgpu':
      return [
        `const tf = require('${path}');`,
        `require('./webgpuStart.js').startWebgpu(tf, require('webgpu'), () => require('@tensorflow/tfjs-backend-webgpu'));`,
      ];
    case 'js':
      return [`require('./wasmStart.js').startPlain(require('${path}'));`];
  }
}

export function adapterHash(files: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0${files[name]}\0`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Writes the adapter into the npm package of a build and makes it the package's main file. It lives inside, and the native kinds keep the
 * package's own types, so that TypeScript can name all of them: tslab emits declarations for every cell.
 */
export async function writeAdapter(
  buildDir: string,
  kind: BuildKind,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const dir = packageDir({ dir: buildDir });
  await mkdir(join(dir, ADAPTER_FOLDER), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, ADAPTER_FOLDER, name), text);
  const native = kind === 'cuda' || kind === 'cpu';
  const manifest = {
    ...(JSON.parse(await readFile(join(dir, 'package.json'), 'utf8')) as object),
    main: `${ADAPTER_FOLDER}/index.js`,
    types: native ? 'dist/index.d.ts' : `${ADAPTER_FOLDER}/index.d.ts`,
  };
  await writeFile(join(dir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
