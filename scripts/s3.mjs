// A server that speaks S3, for the tests of storages: moto, in an environment of its own that is made once.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from './python.mjs';
import { announce, command, hashOf, ROOT, unlessStamped } from './steps.mjs';

const VENV = join(ROOT, '.venv-s3');
const STAMP = join(VENV, '.foldlab-stamp');
// only what its S3 needs: all of moto[server] is ten times as much
const PACKAGES = ['moto[s3]==5.2.5', 'flask~=3.1', 'flask-cors~=6.0'];

/** The Python that has the server. */
export const s3Python = join(VENV, 'bin', 'python');

/** Null, or why there is no such server on this machine. */
export const whyNoS3 = () =>
  existsSync(STAMP) ? null : 'no S3 server is installed in .venv-s3; npm test does that';

/** What was done, in words for a step. Never throws: without the server its tests are skipped and say why. */
export async function findOrInstallS3() {
  if (process.platform === 'win32') return 'its tests will be skipped: not tested on Windows';
  try {
    return await unlessStamped(STAMP, hashOf([], ...PACKAGES), async () => {
      announce('S3 server', 'installing moto into .venv-s3 for the tests of storages');
      if (!existsSync(s3Python)) await command(findPython(), ['-m', 'venv', VENV]);
      await command(s3Python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PACKAGES]);
      return 'installed';
    });
  } catch (error) {
    return `cannot be installed, so its tests will be skipped: ${error.message.trim().split('\n').at(-1)}`;
  }
}
