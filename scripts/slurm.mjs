// SLURM for the tests of clusters: found, or installed where this user may do that. Its daemons are started by the tests.
import { existsSync } from 'node:fs';
import { aptInstall, canInstall } from './apt.mjs';
import { announce } from './steps.mjs';

const NEEDED = ['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/sbin/munged', '/usr/bin/srun'];

/** Null, or why a cluster cannot be started on this machine. */
export function whyNoSlurm() {
  const missing = NEEDED.filter((file) => !existsSync(file));
  if (missing.length > 0)
    return `${missing.join(', ')} not found; on Debian: apt-get install slurm-wlm munge`;
  return process.getuid?.() === 0 ? null : 'its daemons need root here';
}

/** What was done, in words for a step. Never throws: without SLURM its tests are skipped and say why. */
export async function findOrInstallSlurm() {
  if (whyNoSlurm() === null) return 'found';
  if (!canInstall()) return `its tests will be skipped: ${whyNoSlurm()}`;
  announce('SLURM', 'installing for the tests of clusters');
  try {
    await aptInstall(['slurm-wlm', 'munge']);
    return 'installed';
  } catch (error) {
    return `cannot be installed, so its tests will be skipped: ${error.message.split('\n').at(-1)}`;
  }
}
