/**
 * The package that `@tensorflow/tfjs-node-gpu` resolves to: a few generated lines in front of the real one.
 *
 * Because it is a package of its own, whatever resolves to it (a cell, a worker, a plain script, TypeScript) gets the patches and the
 * right backend, without anything having to be preloaded.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ADAPTER_FOLDER, TFJS_VERSION, type BuildKind } from './cache.js';

/** Self-contained compiled modules of this folder that travel with the adapter. */
const MODULES = ['compat.js', 'wasmKernels.js', 'wasmStart.js'] as const;

/** File name → content of the adapter for one kind. */
export function adapterFiles(kind: BuildKind, compiledDir: string = __dirname): Record<string, string> {
  const target = kind === 'wasm' || kind === 'js' ? '@tensorflow/tfjs' : '@tensorflow/tfjs-node-gpu';
  // relative, so that neither npm links nor foldlab's own resolver lead back to the adapter
  const path = `../node_modules/${target}`;
  const manifest = {
    name: '@tensorflow/tfjs-node-gpu',
    version: TFJS_VERSION,
    description: `foldlab's build of TensorFlow.js (${kind})`,
    license: 'Apache-2.0',
    main: 'index.js',
    types: 'index.d.ts',
  };
  const files: Record<string, string> = {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'index.d.ts': `export * from '${path}';\n`,
    // the literal `module.exports = require(...)` lets Node find the names for `import { tensor } from`
    'index.js': [`'use strict';`, ...opening(kind, path), `module.exports = require('${path}');`, ''].join(
      '\n',
    ),
  };
  for (const name of MODULES) {
    // no source map travels along
    files[name] = readFileSync(join(compiledDir, name), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
  }
  return files;
}

function opening(kind: BuildKind, path: string): string[] {
  switch (kind) {
    case 'cuda':
    case 'cpu':
      return [
        `const { restoreUtil, patchKernels } = require('./compat.js');`,
        `restoreUtil();`,
        `patchKernels(require('${path}'));`,
      ];
    case 'wasm':
      return [
        `const tf = require('${path}');`,
        `require('../node_modules/@tensorflow/tfjs-backend-wasm');`,
        `require('./wasmKernels.js').registerWasmKernels(tf);`,
        `require('./wasmStart.js').startWasm(tf);`,
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

/** Writes the adapter into a build's folder. */
export async function writeAdapter(buildDir: string, files: Readonly<Record<string, string>>): Promise<void> {
  const dir = join(buildDir, ADAPTER_FOLDER);
  await mkdir(dir, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, basename(name)), text)));
}
