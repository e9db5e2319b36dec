/** What TensorFlow this process would use or does use, told without loading anything. */
import {
  cacheDir,
  chosenBuild,
  requestedKind,
  TFJS_VERSION,
  type BuildKind,
  type Environment,
} from './cache.js';

export const BACKEND_NAMES = ['tensorflow', 'webgpu', 'wasm', 'cpu', 'none'] as const;
/** tfjs's own names; `cpu` is plain JavaScript, `none` means that nothing is set up (or loaded). */
export type BackendName = (typeof BACKEND_NAMES)[number];

export interface BackendFacts {
  readonly kind: BackendName;
  readonly tfjsVersion: string;
  /** Null when kind is not `tensorflow`. */
  readonly tensorflowVersion: string | null;
  /** Whether it is the CUDA build (which also runs without a GPU). */
  readonly cuda: boolean;
  /** The build's folder; foldlab's cache folder when there is none. */
  readonly cacheDir: string;
  /** One sentence for the user where this is not the best the machine could do, else null. */
  readonly notice: string | null;
}

const BACKEND_OF: Record<BuildKind, BackendName> = {
  cuda: 'tensorflow',
  cpu: 'tensorflow',
  wasm: 'wasm',
  webgpu: 'webgpu',
  js: 'cpu',
};

/** The backend that a process with this environment gets when it requires TensorFlow; reads one small file. */
export function describeBackend(environment: Environment = process.env): BackendFacts {
  const build = chosenBuild(environment);
  if (!build) {
    const requested = requestedKind(environment);
    return {
      kind: 'none',
      tfjsVersion: TFJS_VERSION,
      tensorflowVersion: null,
      cuda: false,
      cacheDir: cacheDir(environment),
      notice: `TensorFlow${requested ? ` (${requested})` : ''} is not set up on this machine; run \`npx foldlab setup\``,
    };
  }
  return {
    kind: BACKEND_OF[build.kind],
    tfjsVersion: build.stamp.tfjsVersion,
    tensorflowVersion: build.stamp.tensorflowVersion,
    cuda: build.kind === 'cuda',
    cacheDir: build.dir,
    notice: build.stamp.notice,
  };
}

/** tfjs-core's engine; one per process by construction, even when tfjs is loaded twice. */
interface Engine {
  backendName?: string;
  ready(): Promise<void>;
  memory(): { numTensors: number; numBytes: number };
}

function loadedEngine(): Engine | null {
  return (globalThis as { _tfengine?: Engine })._tfengine ?? null;
}

/** The tfjs backend in use in this process; `none` when tfjs is not loaded. */
export function describeLoaded(): BackendName {
  const name = loadedEngine()?.backendName;
  return BACKEND_NAMES.find((known) => known === name) ?? 'none';
}

/** Resolves when the backend is ready, at once when tfjs is not loaded. WASM and WebGPU need it: they start asynchronously. */
export async function tensorflowReady(): Promise<void> {
  await loadedEngine()?.ready();
}

/** Live tensors and their bytes in this process; null when tfjs is not loaded. */
export function tensorMemory(): { tensors: number; bytes: number } | null {
  const engine = loadedEngine();
  if (!engine?.backendName) return null;
  const { numTensors, numBytes } = engine.memory();
  return { tensors: numTensors, bytes: numBytes };
}
