/**
 * Where the TensorFlow builds live: one folder per machine and kind, outside every node_modules, described by a stamp.
 *
 * The stamp is written last, after the self-test, so a folder with a stamp is complete.
 */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const TFJS_VERSION = '4.22.0';
export const TENSORFLOW_VERSION = '2.21.0';

/** What is chosen by itself, best first: CUDA build, CPU build, WebAssembly, plain JavaScript. */
const AUTOMATIC = ['cuda', 'cpu', 'wasm', 'js'] as const;
/** How TensorFlow.js computes. WebGPU only where FOLDLAB_TENSORFLOW asks for it. */
export const BUILD_KINDS = [...AUTOMATIC, 'webgpu'] as const;
export type BuildKind = (typeof BUILD_KINDS)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** What set-up found out about a finished build; the file `stamp.json` in its folder. */
export interface Stamp {
  readonly format: 1;
  readonly kind: BuildKind;
  readonly tfjsVersion: string;
  /** What the library itself says; null for the others. */
  readonly tensorflowVersion: string | null;
  /** Whether TensorFlow saw a GPU in the self-test. */
  readonly gpu: boolean;
  /** Hash of the adapter's files: an older foldlab's adapter is written anew by set-up. */
  readonly adapter: string;
  /** Hash of foldlab's part of the addon (native kinds only); set-up compiles anew where it differs or is missing. */
  readonly addon?: string;
  /** Why this is not the best kind, and what would mend it; null where nothing is amiss. */
  readonly notice: string | null;
}

/** A finished build. */
export interface Build {
  readonly kind: BuildKind;
  readonly dir: string;
  readonly stamp: Stamp;
}

/** foldlab's cache folder: FOLDLAB_CACHE, else XDG_CACHE_HOME/foldlab, else ~/.cache/foldlab. */
export function cacheDir(environment: Environment = process.env): string {
  if (environment.FOLDLAB_CACHE) return environment.FOLDLAB_CACHE;
  return join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache'), 'foldlab');
}

/**
 * The folder name of a build: everything that makes one build differ from another.
 * Node's version is not in it: the addon uses N-API 8, which Node 20 to 26 share.
 */
export function buildKey(kind: BuildKind, platform: string = process.platform, arch: string = process.arch) {
  if (kind !== 'cuda' && kind !== 'cpu') return `tfjs-${TFJS_VERSION}-${kind}`;
  return `tfjs-${TFJS_VERSION}-tf-${TENSORFLOW_VERSION}-${kind}-${platform}-${arch}`;
}

export function buildDir(kind: BuildKind, environment: Environment = process.env): string {
  return join(cacheDir(environment), 'tensorflow', buildKey(kind));
}

/**
 * The kind that FOLDLAB_TENSORFLOW asks for, null when it is not set.
 * @throws RangeError when it names no kind.
 */
export function requestedKind(environment: Environment = process.env): BuildKind | null {
  const value = environment.FOLDLAB_TENSORFLOW;
  if (!value) return null;
  const kind = BUILD_KINDS.find((known) => known === value);
  if (kind) return kind;
  throw new RangeError(
    `Cannot choose a TensorFlow build: FOLDLAB_TENSORFLOW must be one of ${BUILD_KINDS.join(', ')}; ` +
      `current value is ${JSON.stringify(value)}, correct or unset it`,
  );
}

/** The build of one kind, null when it is missing, unfinished or written by another format. */
export function findBuild(kind: BuildKind, environment: Environment = process.env): Build | null {
  const dir = buildDir(kind, environment);
  const file = join(dir, 'stamp.json');
  try {
    // a missing stamp is the common case before set-up, and statSync can say so without an exception
    if (!statSync(file, { throwIfNoEntry: false })) return null;
    const stamp = JSON.parse(readFileSync(file, 'utf8')) as Stamp;
    return stamp.format === 1 && stamp.kind === kind ? { kind, dir, stamp } : null;
  } catch {
    return null;
  }
}

/** The build that this process uses: the one FOLDLAB_TENSORFLOW names, else the best one that is finished. */
export function chosenBuild(environment: Environment = process.env): Build | null {
  const requested = requestedKind(environment);
  if (requested) return findBuild(requested, environment);
  for (const kind of AUTOMATIC) {
    const build = findBuild(kind, environment);
    if (build) return build;
  }
  return null;
}

/** The package that `@tensorflow/tfjs-node-gpu` resolves to, of every kind of build. */
export function packageDir(build: Pick<Build, 'dir'>): string {
  return join(build.dir, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
}

/** The folder inside the package that foldlab adds; tells it apart from any other installation. */
export const ADAPTER_FOLDER = 'foldlab-adapter';
