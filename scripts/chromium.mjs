// Chromium for the browser tests: found, or installed where this user may do that.
import { existsSync } from 'node:fs';
import { aptInstall, canInstall } from './apt.mjs';
import { announce } from './steps.mjs';

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
  if (!canInstall()) {
    return 'not found: browser tests will be skipped; install it (apt-get install chromium) or set FOLDLAB_CHROMIUM';
  }
  announce('Chromium', 'installing for the browser tests');
  try {
    await aptInstall(['chromium', 'fonts-dejavu-core']);
    return 'installed';
  } catch (error) {
    return `cannot be installed, so browser tests will be skipped: ${error.message.split('\n').at(-1)}`;
  }
}
