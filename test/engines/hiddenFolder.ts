/** A folder that one process and its children see, and nobody else on this machine: as a driver's disk on a cluster that shares none. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const UNSHARE = ['unshare', process.getuid?.() === 0 ? '-m' : '-rm'] as const;
/** `$0/disk` stands at `$0/driver`, for what is started so. */
const MOUNT = 'mount --bind "$0/disk" "$0/driver" && cd "$0/driver" && exec "$@"';

export interface HiddenFolder {
  /** What is in it, for the test. */
  readonly disk: string;
  /** Where it is for the process that is started by `through`; empty for everybody else. */
  readonly driver: string;
  /** Starts what follows. */
  readonly through: readonly [string, ...string[]];
}

export function hiddenFolder(dir: string): HiddenFolder {
  const [disk, driver] = [join(dir, 'disk'), join(dir, 'driver')];
  mkdirSync(disk, { recursive: true });
  mkdirSync(driver, { recursive: true });
  return { disk, driver, through: [...UNSHARE, 'sh', '-c', MOUNT, dir] };
}

/** Null, or why this machine hides nothing. */
export function whyNotHidden(): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-hidden-'));
  try {
    const [file, ...args] = hiddenFolder(dir).through;
    const { status, error, stderr } = spawnSync(file, [...args, 'true'], { encoding: 'utf8' });
    return status === 0 ? null : `unshare is not allowed here (${(error?.message ?? stderr).trim()})`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
