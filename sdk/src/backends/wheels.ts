/** TensorFlow's shared libraries, taken out of the wheels that PyPI serves. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, works, type CommandOptions } from './command.js';
import type { BuildKind, Environment } from './cache.js';

/** The committed files of set-up: npm manifest and lock, one requirements file with hashes per platform. */
export const ASSETS = join(__dirname, '..', '..', 'assets', 'tensorflow');

export interface WheelSet {
  /** A requirements file with pinned hashes. */
  readonly requirements: string;
  /** pip's names of the platforms the wheels are built for. */
  readonly platforms: readonly string[];
  /** Bytes to download, for the progress line. */
  readonly bytes: number;
}

const manylinux = (machine: string, tags: readonly string[]) =>
  tags.map((tag) => `manylinux${tag}_${machine}`);

const WHEELS: Readonly<Record<string, WheelSet>> = {
  'linux-x64-cpu': {
    requirements: 'linux-x64-cpu.txt',
    platforms: manylinux('x86_64', ['_2_27']),
    bytes: 274e6,
  },
  'linux-arm64-cpu': {
    requirements: 'linux-arm64-cpu.txt',
    platforms: manylinux('aarch64', ['_2_27']),
    bytes: 274e6,
  },
  'linux-x64-cuda': {
    requirements: 'linux-x64-cuda.txt',
    platforms: manylinux('x86_64', ['_2_27', '_2_25', '_2_17', '_2_12', '2014']),
    bytes: 3380e6,
  },
};

/** The wheels for a kind on a platform; null where PyPI has none that set-up can use. */
export function wheelsFor(
  kind: BuildKind,
  platform: string = process.platform,
  arch: string = process.arch,
): WheelSet | null {
  return WHEELS[`${platform}-${arch}-${kind}`] ?? null;
}

/**
 * A Python that can run pip: FOLDLAB_PYTHON, else python3; its own pip, or that of a virtual environment made in `scratch`
 * (Debian's python3 has `venv` packaged apart from pip). Null when there is neither.
 */
export async function findPip(environment: Environment, scratch: string): Promise<string | null> {
  const python = environment.FOLDLAB_PYTHON || (process.platform === 'win32' ? 'python' : 'python3');
  if (await works(python, ['-m', 'pip', '--version'], environment)) return python;
  const venv = join(scratch, 'venv');
  if (!(await works(python, ['-m', 'venv', venv], environment))) return null;
  return join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

/** Unpacks what is needed of each wheel and deletes it before the next: a CUDA set is 3.4 GB packed. */
const UNPACK = `
import os, re, sys, zipfile
want = re.compile(
    r'([^/]+[.]data/(purelib|platlib)/)?('
    r'tensorflow/(lib[^/]*[.]so[.][0-9]+$|include/tensorflow/c/|include/tensorflow/core/platform/ctstring'
    r'|include/(tsl|xla/tsl|external/local_tsl/tsl|external/local_xla/xla/tsl)/(platform/ctstring|c/)'
    r'|include/tensorflow/core/public/(release_)?version[.]h|include/tensorflow/core/framework/types)'
    r'|nvidia/)|[^/]+[.]dist-info/(LICEN|NOTICE|licenses/|METADATA)')
source, target = sys.argv[1:]
for name in sorted(os.listdir(source)):
    if not name.endswith('.whl'):
        continue
    wheel = os.path.join(source, name)
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            found = want.match(member.filename)
            if not found or member.is_dir():
                continue
            if found.group(1):
                member.filename = member.filename[len(found.group(1)):]
            path = archive.extract(member, target)
            os.chmod(path, 0o755 if (member.external_attr >> 16) & 0o111 else 0o644)
    os.remove(wheel)
`;

/**
 * Downloads a set of wheels, checked against the pinned hashes, and unpacks its libraries and headers below `site` as pip would:
 * `site/tensorflow`, `site/nvidia`.
 *
 * Nothing of the wheels' Python is run, so the wheels for Python 3.11 serve whatever Python runs pip.
 */
export async function fetchWheels(
  wheels: WheelSet,
  python: string,
  site: string,
  options: Omit<CommandOptions, 'purpose'>,
): Promise<void> {
  const download = `${site}.wheels`;
  await mkdir(download, { recursive: true });
  const platforms = wheels.platforms.flatMap((name) => ['--platform', name]);
  await runCommand(
    python,
    [
      ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-cache-dir', '--disable-pip-version-check'],
      ...['--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp', ...platforms],
      ...['--require-hashes', '-r', join(ASSETS, 'wheels', wheels.requirements), '-d', download],
    ],
    { ...options, purpose: 'download TensorFlow from PyPI' },
  );
  await mkdir(site, { recursive: true });
  await runCommand(python, ['-c', UNPACK, download, site], {
    ...options,
    purpose: "unpack TensorFlow's wheel",
  });
  await rm(download, { recursive: true, force: true });
}
