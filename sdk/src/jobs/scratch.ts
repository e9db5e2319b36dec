/**
 * A worker's own folder, where it does not see the run's directory: what stands there for the driver's folders, and which content
 * its files have.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import type { KnownFile } from '../storage/fileRecord.js';
import type { DriverFolders } from './storageMessages.js';

export interface Scratch {
  /** Of the driver's paths. */
  paths(folders: DriverFolders): ScratchPaths;
  /** Notes what a file is. */
  note(known: KnownFile): void;
  /** Whether the file is there with this content, untouched. */
  has(known: KnownFile): boolean;
  /** Removes files and folders. */
  drop(paths: readonly string[]): void;
}

export interface ScratchPaths {
  /** The driver's path → where it is here. */
  here(path: string): string;
  /** And back. */
  there(path: string): string;
  /** Where data sets lie here. */
  readonly cacheDir: string;
}

/** Below the system's folder for such things (`TMPDIR`); removed when this process ends. */
export function createScratch(parent = tmpdir()): Scratch {
  const root = makeRoot(parent);
  const known = new Map<string, { readonly sha256: string; readonly stamp: string }>();
  return {
    paths({ dir, cacheDir }) {
      const cache = join(root, 'cache');
      const run = join(root, createHash('sha256').update(dir).digest('hex').slice(0, 16), basename(dir));
      // the run's directory may lie in the cache, or the other way round: the inner one is meant
      const pairs = [
        [dir, run],
        [cacheDir, cache],
      ].sort(([a], [b]) => b!.length - a!.length) as [string, string][];
      return {
        cacheDir: cache,
        here: (path) => moved(path, pairs),
        there: (path) =>
          moved(
            path,
            pairs.map(([a, b]) => [b, a]),
          ),
      };
    },
    note: ({ file, sha256 }) => void known.set(file, { sha256, stamp: stampOf(file) }),
    has({ file, sha256 }) {
      const noted = known.get(file);
      return noted?.sha256 === sha256 && noted.stamp === stampOf(file);
    },
    drop(paths) {
      for (const path of paths) {
        rmSync(path, { recursive: true, force: true });
        for (const file of known.keys()) if (file === path || file.startsWith(path + sep)) known.delete(file);
      }
    },
  };
}

function moved(path: string, pairs: readonly (readonly [string, string])[]): string {
  for (const [from, to] of pairs) {
    if (path === from) return to;
    if (path.startsWith(from + sep)) return join(to, relative(from, path));
  }
  return path;
}

/** Size and time; '' where there is no file. */
function stampOf(file: string): string {
  try {
    const { size, mtimeMs } = statSync(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}

const NAME = 'foldlab-worker';

function makeRoot(parent: string): string {
  const machine = `${NAME}-${hostname()}-${pidSpace()}-`;
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(machine) ? Number(name.slice(machine.length).split('-')[0]) : NaN;
    // what a killed worker left
    if (pid > 0 && !isThere(pid)) tryRemove(join(parent, name));
  }
  const root = mkdtempSync(join(parent, `${machine}${process.pid}-`));
  process.once('exit', () => tryRemove(root));
  return root;
}

/** Numbers of processes mean something only where they are counted together. */
function pidSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0];
  } catch {
    return 'here';
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function tryRemove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // somebody else's
  }
}
