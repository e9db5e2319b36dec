/** Builds TensorFlow for this machine once, or falls back, and says what it does. */
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SetupError } from '../errors.js';
import { adapterFiles, adapterHash, writeAdapter } from './adapter.js';
import {
  TENSORFLOW_VERSION,
  TFJS_VERSION,
  buildDir,
  findBuild,
  requestedKind,
  type Build,
  type BuildKind,
  type Environment,
  type Stamp,
} from './cache.js';
import { runCommand } from './command.js';
import { addonHash, compileAddon, findCompiler } from './compile.js';
import { withLock } from './lock.js';
import { findTools, hasNvidiaGpu, type Tools } from './prerequisites.js';
import { selfTest } from './selfTest.js';
import { ASSETS, fetchWheels } from './wheels.js';

export interface SetupOptions {
  /** Default: this process's. */
  readonly environment?: Environment;
  /** Gets one line per step. */
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Build anew even when a finished build is there. Default false. */
  readonly force?: boolean;
}

interface Step extends Required<Pick<SetupOptions, 'environment' | 'log'>> {
  readonly signal?: AbortSignal;
}

/**
 * Makes sure that this machine has the best TensorFlow it can have and resolves to it: at once when it is there.
 *
 * Without FOLDLAB_TENSORFLOW: the CUDA build where there is an NVIDIA GPU, else the CPU build; where either cannot be built,
 * WASM, then plain JavaScript, with a notice that says why. With it: that kind or an error.
 * @throws SetupError when not even a fallback can be installed.
 */
export async function setUpTensorflow(options: SetupOptions = {}): Promise<Build> {
  const { environment = process.env, log = () => {}, signal, force = false } = options;
  const step: Step = { environment, log, signal };
  const requested = requestedKind(environment);
  if (requested) return ensureBuild(requested, null, force, step);

  const kind: BuildKind = (await hasNvidiaGpu(environment)) ? 'cuda' : 'cpu';
  try {
    return await ensureBuild(kind, null, force, step);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof SetupError)) throw error;
    const say = `TensorFlow runs as WASM, many times slower than native: `;
    const notice = say + firstLine(error.message);
    // the whole story, such as the compiler's words, only the first time; the notice stays
    if (findBuild('wasm', environment)?.stamp.notice !== notice) log(say + error.message);
    try {
      return await ensureBuild('wasm', notice, force, step);
    } catch (second) {
      signal?.throwIfAborted();
      if (!(second instanceof SetupError)) throw second;
      const sayPlain = `TensorFlow runs in plain JavaScript, very slowly: `;
      log(sayPlain + second.message);
      return ensureBuild('js', sayPlain + firstLine(second.message), force, step);
    }
  }
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? text;

async function ensureBuild(
  kind: BuildKind,
  notice: string | null,
  force: boolean,
  step: Step,
): Promise<Build> {
  const { environment, log, signal } = step;
  const dir = buildDir(kind, environment);
  const files = adapterFiles(kind);
  const current = () => {
    const build = findBuild(kind, environment);
    const good = build && build.stamp.adapter === adapterHash(files) && build.stamp.addon === addonOf(kind);
    // a notice is about today's machine, so only the fallbacks carry one from call to call
    return good && (notice === null || build.stamp.notice === notice) ? build : null;
  };
  const ready = force ? null : current();
  if (ready) return ready;
  return withLock(
    `${dir}.lock`,
    async () => {
      const waitedFor = force ? null : current();
      if (waitedFor) return waitedFor;
      const present = force ? null : findBuild(kind, environment);
      if (present) return renew(present, files, notice, step);
      await build(kind, dir, files, notice, step);
      const finished = findBuild(kind, environment);
      if (finished) return finished;
      throw new SetupError(
        `Cannot set up TensorFlow: ${dir} must hold the new build; it was removed meanwhile, run set-up again`,
      );
    },
    { signal, onWait: () => log(`another set-up is building ${dir}; waiting for it`) },
  );
}

const isNative = (kind: BuildKind) => kind === 'cuda' || kind === 'cpu';
const addonOf = (kind: BuildKind) => (isNative(kind) ? addonHash() : undefined);

/** A newer foldlab's adapter, addon or another notice, for a build that is fine otherwise: seconds, nothing is downloaded. */
async function renew(
  build: Build,
  files: Record<string, string>,
  notice: string | null,
  step: Step,
): Promise<Build> {
  const { kind, dir, stamp: old } = build;
  let { addon } = old;
  if (addon !== addonOf(kind)) {
    const compiler = await findCompiler(step.environment);
    if (compiler) {
      step.log(`TensorFlow ${TENSORFLOW_VERSION}: compiling the addon anew with ${compiler}…`);
      await compileAddon(dir, compiler, step);
      addon = addonOf(kind);
    } else {
      // the old addon works, it only cannot run a training step as one graph
      step.log(
        'TensorFlow: there is no C++ compiler to renew the addon; training stays eager, about 4 times slower',
      );
    }
  }
  await writeAdapter(dir, kind, files);
  await selfTest(kind, dir);
  const stamp: Stamp = { ...old, adapter: adapterHash(files), addon, notice: notice ?? old.notice };
  await writeStamp(build.dir, stamp);
  return { ...build, stamp };
}

/** Builds in a folder beside the final one and publishes it by one rename. The caller holds the lock, which made the parent. */
async function build(
  kind: BuildKind,
  dir: string,
  files: Record<string, string>,
  notice: string | null,
  step: Step,
): Promise<void> {
  const prefix = `${basename(dir)}.building-`;
  // a set-up that was killed could not remove its own
  for (const name of await readdir(dirname(dir))) {
    if (name.startsWith(prefix)) await rm(join(dirname(dir), name), { recursive: true, force: true });
  }
  const temporary = join(dirname(dir), prefix + process.pid);
  await mkdir(temporary);
  try {
    if (isNative(kind)) await buildNative(kind, temporary, step);
    else await installPackages(kind, temporary, step);
    await writeAdapter(temporary, kind, files);
    step.log(`TensorFlow (${kind}): trying it out…`);
    const result = await selfTest(kind, temporary);
    const blind = kind === 'cuda' && !result.gpu;
    await writeStamp(temporary, {
      format: 1,
      kind,
      tfjsVersion: TFJS_VERSION,
      tensorflowVersion: result.tensorflowVersion,
      gpu: result.gpu,
      adapter: adapterHash(files),
      addon: addonOf(kind),
      notice: blind
        ? 'TensorFlow has its CUDA build but saw no GPU at set-up and computes on the CPU; check nvidia-smi'
        : notice,
    });
    await rm(dir, { recursive: true, force: true });
    await rename(temporary, dir);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function buildNative(kind: BuildKind, dir: string, step: Step): Promise<void> {
  const tools = await findTools(kind, step.environment, dir);
  if (typeof tools === 'string') throw new SetupError(`Cannot build TensorFlow (${kind}): ${tools}`);
  // whichever of the two fails first ends the other
  const failed = new AbortController();
  const signal = step.signal ? AbortSignal.any([step.signal, failed.signal]) : failed.signal;
  const parts = [
    installPackages(kind, dir, { ...step, signal }),
    installLibraries(kind, tools, dir, { ...step, signal }),
  ];
  try {
    await Promise.all(parts);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(parts);
    throw error;
  }
  step.log(`TensorFlow ${TENSORFLOW_VERSION}: compiling the addon with ${tools.compiler}…`);
  await compileAddon(dir, tools.compiler, step);
  await rm(join(dir, 'venv'), { recursive: true, force: true });
}

async function installLibraries(kind: BuildKind, tools: Tools, dir: string, step: Step): Promise<void> {
  const { wheels, python } = tools;
  step.log(`TensorFlow ${TENSORFLOW_VERSION} (${kind}): downloading ${Math.round(wheels.bytes / 1e6)} MB…`);
  await fetchWheels(wheels, python, join(dir, 'site'), { env: step.environment, signal: step.signal });
}

/** npm's settings for the project it was started for must not reach an installation elsewhere. */
const PROJECT_SETTINGS =
  /^npm_(package|lifecycle)_|^npm_config_(workspaces?|include_workspace_root|omit|include|only|production|global|location|local_prefix|prefix|dry_run|package_lock.*)$/i;

async function installPackages(kind: BuildKind, dir: string, step: Step): Promise<void> {
  step.log(`TensorFlow.js ${TFJS_VERSION}: installing its npm packages…`);
  for (const name of ['package.json', 'package-lock.json'])
    await copyFile(join(ASSETS, kind === 'webgpu' ? 'webgpu' : '', name), join(dir, name));
  const env = Object.fromEntries(
    Object.entries(step.environment).filter(([name]) => !PROJECT_SETTINGS.test(name)),
  );
  // without its install script tfjs-node-gpu does not download its own TensorFlow 2.9
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runCommand('npm', args, {
    cwd: dir,
    env,
    signal: step.signal,
    purpose: 'install TensorFlow.js from npm',
  });
  await removeSourceMaps(join(dir, 'node_modules', '@tensorflow'));
}

/** Two thirds of the packages' 316 MB are source maps. */
async function removeSourceMaps(dir: string): Promise<void> {
  const names = await readdir(dir, { recursive: true });
  const unwanted = names.filter((name) => name.endsWith('.map') || name.endsWith('.min.js.html'));
  await Promise.all(unwanted.map((name) => rm(join(dir, name), { force: true })));
}

async function writeStamp(dir: string, stamp: Stamp): Promise<void> {
  const file = join(dir, 'stamp.json');
  await writeFile(`${file}.new`, `${JSON.stringify(stamp, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
