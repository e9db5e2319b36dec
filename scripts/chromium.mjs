// Chromium for the browser tests: found, or installed where this user may do that.
import { existsSync } from 'node:fs';
import { announce, command } from './steps.mjs';

const PLACES = [
  process.env.FOLDLAB_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The program's path, or null. FOLDLAB_CHROMIUM names another than the usual ones. */
export const findChromium = () => PLACES.find((path) => path && existsSync(path)) ?? null;

/** What was done, in words for a step. Never throws: without Chromium the browser tests are skipped and say why. */
export async function findOrInstallChromium() {
  const found = findChromium();
  if (found !== null) return `found ${found}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return 'not found: browser tests will be skipped; install it (apt-get install chromium) or set FOLDLAB_CHROMIUM';
  }
  announce('Chromium', 'installing for the browser tests');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  try {
    await command('apt-get', ['update'], { env });
    await command('apt-get', install, { env });
    return 'installed';
  } catch (error) {
    return `cannot be installed, so browser tests will be skipped: ${error.message.split('\n').at(-1)}`;
  }
}
