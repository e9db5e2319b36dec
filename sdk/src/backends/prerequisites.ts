/** What this machine can build, found out before anything is downloaded. */
import type { BuildKind, Environment } from './cache.js';
import { runCommand } from './command.js';
import { findCompiler } from './compile.js';
import { findPip, wheelsFor, type WheelSet } from './wheels.js';

/** Everything that a native build needs. */
export interface Tools {
  readonly wheels: WheelSet;
  readonly python: string;
  readonly compiler: string;
}

/** Whether the driver lists an NVIDIA GPU. */
export async function hasNvidiaGpu(environment: Environment): Promise<boolean> {
  try {
    const listed = await runCommand('nvidia-smi', ['-L'], { env: environment, purpose: 'list the GPUs' });
    return /^GPU \d+:/m.test(listed);
  } catch {
    return false;
  }
}

/**
 * The tools for a native build, or one sentence that says what is missing and how to mend it.
 * @param scratch - an existing folder where a virtual environment may be made.
 */
export async function findTools(
  kind: BuildKind,
  environment: Environment,
  scratch: string,
): Promise<Tools | string> {
  const wheels = wheelsFor(kind);
  if (!wheels) {
    return `PyPI has no ${kind} build of TensorFlow for ${process.platform}-${process.arch} that foldlab can use; Linux on x64 or arm64 has`;
  }
  if (isMusl())
    return 'TensorFlow needs glibc and this system has musl; use a Debian, Ubuntu or Fedora based image';
  const compiler = await findCompiler(environment);
  if (!compiler) {
    return 'there is no C++ compiler; install one (Debian and Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++)';
  }
  const python = await findPip(environment, scratch);
  if (!python) {
    return 'there is no Python 3 with pip or venv; install one (Debian and Ubuntu: apt-get install python3-venv) or set FOLDLAB_PYTHON';
  }
  return { wheels, python, compiler };
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  // leaves the network interfaces out, whose names can take seconds to look up
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
