/**
 * A unit's folders, made when they are first used: most functions use none, and making folders is what a quick unit
 * would spend its time on.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { UnitPaths } from '../contract.js';

/** Parents this process has made: one system call for a folder instead of a walk up the path. */
const made = new Set<string>();

export function makeFolder(folder: string): string {
  const parent = dirname(folder);
  try {
    if (!made.has(parent)) {
      mkdirSync(parent, { recursive: true });
      made.add(parent);
    }
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return folder;
    // the parent was removed since
    made.delete(parent);
    mkdirSync(folder, { recursive: true });
  }
  return folder;
}

/** A unit's predictions lie beside its own folder, so that they need none: `rep_0/3.parquet`. */
export function predictionsFile(paths: UnitPaths): string {
  const file = `${paths.inferDir}.parquet`;
  const parent = dirname(file);
  if (!made.has(parent)) {
    mkdirSync(parent, { recursive: true });
    made.add(parent);
  }
  return file;
}

/** The paths that a function sees; reading one makes its folder. */
export function lazyFolders(paths: UnitPaths): UnitPaths {
  return {
    get modelDir() {
      return makeFolder(paths.modelDir);
    },
    get inferDir() {
      return makeFolder(paths.inferDir);
    },
    get evalDir() {
      return makeFolder(paths.evalDir);
    },
    get cacheDir() {
      return makeFolder(paths.cacheDir);
    },
  };
}
