// Programs that tests need, from Debian's packages where this user may install them.
import { existsSync } from 'node:fs';
import { command } from './steps.mjs';

/** Whether {@link aptInstall} can do anything here. */
export const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** @throws SetupFailure with apt's own words */
export async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await command('apt-get', ['update'], { env });
  await command('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
}
