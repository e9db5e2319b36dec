/** The single checks of `foldlab doctor`. Each finds out one thing and changes nothing. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describeBackend } from '../backends/activate.js';
import { cacheDir } from '../backends/cache.js';
import { discoverGpus } from '../workers/gpus.js';
import { findJupyterLab, findKernelspec } from './jupyter.js';

export const CHECK_STATES = ['ok', 'warning', 'missing'] as const;

export interface Check {
  readonly name: string;
  /** `missing`: foldlab cannot run without it. */
  readonly state: (typeof CHECK_STATES)[number];
  readonly found: string;
  /** What to do; null when all is well. */
  readonly fix: string | null;
}

const NODE_MINIMUM = [20, 19] as const;
const TSLAB_VERSION = '1.0.22';

/** All checks, in the order of the table. */
export const CHECKS: readonly (() => Check | Promise<Check>)[] = [
  () => checkNode(process.versions.node),
  checkTslab,
  checkKernelspec,
  checkJupyterLab,
  () => checkBackend(),
  checkGpus,
  () => checkWritable('working directory', process.cwd()),
  () => checkWritable('cache', cacheDir()),
];

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
  return {
    name: 'Node',
    state: good ? 'ok' : 'missing',
    found: version,
    fix: good ? null : `install Node ${NODE_MINIMUM.join('.')} or newer`,
  };
}

function checkTslab(): Check {
  const name = 'tslab';
  try {
    const file = createRequire(__filename).resolve('tslab/package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    if (version === TSLAB_VERSION) return { name, state: 'ok', found: version, fix: null };
    // the kernel corrects this very version
    return { name, state: 'warning', found: version, fix: `npm install tslab@${TSLAB_VERSION}` };
  } catch {
    return { name, state: 'missing', found: 'not installed', fix: `npm install tslab@${TSLAB_VERSION}` };
  }
}

function checkKernelspec(): Check {
  const name = 'kernelspec';
  const fix = 'npx foldlab kernel install (with --sys-prefix for an activated Python environment)';
  const file = findKernelspec('foldlab', process.cwd(), process.env);
  if (!file) return { name, state: 'warning', found: 'not installed: notebooks cannot start foldlab', fix };
  try {
    const { argv } = JSON.parse(readFileSync(file, 'utf8')) as { argv: string[] };
    const broken = argv.find((part) => part.startsWith('/') && !existsSync(part));
    if (broken) return { name, state: 'warning', found: `${file} names ${broken}, which is gone`, fix };
    return { name, state: 'ok', found: dirname(file), fix: null };
  } catch {
    return { name, state: 'warning', found: `${file} cannot be read`, fix };
  }
}

function checkJupyterLab(): Check {
  const name = 'JupyterLab';
  const lab = findJupyterLab(process.cwd(), process.env);
  if (lab) return { name, state: 'ok', found: `${lab.version} in ${lab.prefix}`, fix: null };
  return {
    name,
    state: 'warning',
    found: 'not found in .venv, the active environment or the PATH',
    fix: 'python3 -m venv .venv && .venv/bin/pip install jupyterlab',
  };
}

export function checkBackend(environment = process.env): Check {
  const name = 'TensorFlow';
  const { kind, tfjsVersion, tensorflowVersion, cuda, notice } = describeBackend(environment);
  switch (kind) {
    case 'tensorflow':
      return {
        name,
        state: notice ? 'warning' : 'ok',
        found: `TensorFlow ${tensorflowVersion} (${cuda ? 'CUDA build' : 'CPU build'}), TensorFlow.js ${tfjsVersion}`,
        fix: notice,
      };
    case 'webgpu':
      return { name, state: 'ok', found: `TensorFlow.js ${tfjsVersion} on WebGPU (Dawn)`, fix: notice };
    case 'wasm':
    case 'cpu': {
      const how = kind === 'wasm' ? 'WASM' : 'plain JavaScript';
      const found = `TensorFlow.js ${tfjsVersion} as ${how}`;
      return {
        name,
        state: 'warning',
        found,
        fix: notice ?? 'chosen by FOLDLAB_TENSORFLOW; npx foldlab setup builds the native one',
      };
    }
    case 'none':
      return { name, state: 'missing', found: 'not set up', fix: notice };
  }
}

async function checkGpus(): Promise<Check> {
  const name = 'GPUs';
  try {
    const { kind, variable, devices } = await discoverGpus();
    if (devices.length === 0) return { name, state: 'ok', found: 'none; runs use CPU slots', fix: null };
    const list = devices.map((gpu) =>
      gpu.memoryTotalMiB ? `${gpu.name} (${gpu.memoryTotalMiB} MiB)` : gpu.name,
    );
    const found = `${devices.length} by ${variable}: ${list.join(', ')}`;
    if (kind === 'cuda' && !describeBackend().cuda) {
      return {
        name,
        state: 'warning',
        found,
        fix: 'TensorFlow is not the CUDA build and will not use them: npx foldlab setup',
      };
    }
    return { name, state: 'ok', found, fix: null };
  } catch (error) {
    return { name, state: 'warning', found: (error as Error).message, fix: 'check nvidia-smi' };
  }
}

/** A folder that is not there yet is as good as its nearest parent that is. */
export function checkWritable(name: string, dir: string): Check {
  let existing = dir;
  while (!existsSync(existing) && existing !== dirname(existing)) existing = join(existing, '..');
  try {
    accessSync(existing, constants.W_OK);
    if (!statSync(existing).isDirectory()) throw new Error('not a folder');
    return { name, state: 'ok', found: `${dir} is writable`, fix: null };
  } catch {
    const fix =
      name === 'cache'
        ? 'set FOLDLAB_CACHE to a folder you can write'
        : 'start foldlab in a folder you can write';
    return { name, state: 'missing', found: `${dir} is not writable`, fix };
  }
}
