/**
 * Which tslab may be corrected.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KNOWN_TSLAB_VERSIONS } from './tslab.js';

/** Whether a file in tslab's dist is of a version known to work; of another version it says so on stderr. */
export function isKnownTslab(distFile: string): boolean {
  const { name, version } = JSON.parse(readFileSync(join(dirname(distFile), '..', 'package.json'), 'utf8'));
  if (name !== 'tslab') return false;
  if (KNOWN_TSLAB_VERSIONS.includes(version)) return true;
  process.stderr.write(
    `foldlab: tslab ${version} is not one of the versions known to work (${KNOWN_TSLAB_VERSIONS.join(', ')}), ` +
      `so it runs without foldlab's corrections: full displays and ({ shorthand }) properties may not work. ` +
      `Install tslab@${KNOWN_TSLAB_VERSIONS.at(-1)} to have them\n`,
  );
  return false;
}
