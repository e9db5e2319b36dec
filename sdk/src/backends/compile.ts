/** Compiles tfjs-node-gpu's addon, with foldlab's methods for graph functions and its cap on GPU memory, against TensorFlow's libraries. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { SetupError } from '../errors.js';
import { runCommand, works, type CommandOptions } from './command.js';
import { packageDir, type Environment } from './cache.js';
import { ASSETS } from './wheels.js';

/** The addon's interface to Node: the newest that the package lists, and understood by every Node since 12. */
const NAPI_VERSION = 8;

/** foldlab's parts of the addon; the first includes tfjs-node's `tfjs_binding.cc`. */
const OWN_SOURCES = ['graph_functions.cc', 'context.cc'].map((name) => join(ASSETS, 'addon', name));

/** Identifies foldlab's part of the addon: a build whose stamp has another one is compiled anew. */
export function addonHash(): string {
  const hash = createHash('sha256');
  for (const source of OWN_SOURCES) hash.update(readFileSync(source));
  return hash.digest('hex').slice(0, 16);
}

/** The C++ compiler: CXX, else the first of c++, g++, clang++ that starts; null when there is none. */
export async function findCompiler(environment: Environment): Promise<string | null> {
  const candidates = environment.CXX ? [environment.CXX] : ['c++', 'g++', 'clang++'];
  for (const name of candidates) if (await works(name, ['--version'], environment)) return name;
  return null;
}

/**
 * Compiles the addon inside `buildDir`, which holds the npm packages in node_modules and the libraries in site/tensorflow.
 *
 * The libraries are found relative to the addon, so the folder can be renamed afterwards; and by a path without links, because TensorFlow
 * looks for NVIDIA's libraries relative to the path by which it was opened itself (`$ORIGIN/../nvidia/...`).
 */
export async function compileAddon(
  buildDir: string,
  compiler: string,
  options: Omit<CommandOptions, 'purpose'>,
): Promise<void> {
  const tfjsNode = packageDir({ dir: buildDir });
  const libraries = join(buildDir, 'site', 'tensorflow');
  const names = await readdir(libraries);
  const linked = ['cc', 'framework'].map((part) => {
    const name = names.find((file) => file.startsWith(`libtensorflow_${part}.so.`));
    if (!name) {
      throw new SetupError(
        `Cannot compile the TensorFlow addon: ${libraries} must hold libtensorflow_${part}.so.N; it holds ` +
          `${names.join(', ')}, remove the folder and run \`npx foldlab setup\` again`,
      );
    }
    return name;
  });
  const manifest = JSON.parse(await readFile(join(tfjsNode, 'package.json'), 'utf8')) as {
    binary: { module_path: string };
  };
  const target = join(
    tfjsNode,
    manifest.binary.module_path.replace('{napi_build_version}', String(NAPI_VERSION)),
  );
  await mkdir(target, { recursive: true });
  // a running process keeps the file that it has loaded
  const output = join(target, `tfjs_binding.new-${process.pid}.node`);
  await runCommand(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-w'],
      `-DNAPI_VERSION=${NAPI_VERSION}`,
      ...['-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
      '-DTFE_NewContext=foldlab_new_context',
      `-I${join(buildDir, 'node_modules', 'node-api-headers', 'include')}`,
      `-I${join(libraries, 'include')}`,
      ...['-o', output],
      `-I${join(tfjsNode, 'binding')}`,
      join(tfjsNode, 'binding', 'tfjs_backend.cc'),
      ...OWN_SOURCES,
      `-L${libraries}`,
      ...linked.map((name) => `-l:${name}`),
      `-Wl,-rpath,$ORIGIN/${relative(dirname(output), libraries)}`,
    ],
    { ...options, purpose: 'compile the TensorFlow addon' },
  );
  await rename(output, join(target, 'tfjs_binding.node'));
}
