// Ray for the tests of clusters, in an environment of its own that is made once. Its daemons are started by the tests.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from './python.mjs';
import { announce, command, hashOf, ROOT, unlessStamped } from './steps.mjs';

const VENV = join(ROOT, '.venv-ray');
const STAMP = join(VENV, '.foldlab-stamp');
const PACKAGES = ['ray[client]==2.60.0'];

/** The Python that has Ray. */
export const rayPython = join(VENV, 'bin', 'python');

/** Null, or why a cluster cannot be started on this machine. */
export const whyNoRay = () =>
  existsSync(STAMP) ? null : 'Ray is not installed in .venv-ray; npm test does that';

/** What was done, in words for a step. Never throws: without Ray its tests are skipped and say why. */
export async function findOrInstallRay() {
  if (process.platform === 'win32') return 'its tests will be skipped: Ray is not tested on Windows';
  try {
    return await unlessStamped(STAMP, hashOf([], ...PACKAGES), async () => {
      announce('Ray', 'installing into .venv-ray for the tests of clusters');
      if (!existsSync(rayPython)) await command(findPython(), ['-m', 'venv', VENV]);
      await command(rayPython, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PACKAGES]);
      return 'installed';
    });
  } catch (error) {
    return `cannot be installed, so its tests will be skipped: ${error.message.trim().split('\n').at(-1)}`;
  }
}
