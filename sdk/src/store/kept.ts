/**
 * What foldlab keeps on disk: run directories and cached data sets, how large they are, and how they are removed. Nothing
 * is removed that foldlab did not make.
 */
import { lstatSync, readdirSync, realpathSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { datasetFolder } from './datasets.js';
import { JOURNAL, MANIFEST, MARKER, readMarker } from './runDirectory.js';

/** Everything that foldlab writes at the top of a run directory; the marker last: until it goes, the rest can go again. */
const OWN_NAMES = [
  'model_dir',
  'inference_dir',
  'eval_dir',
  'cache_dir',
  'predict',
  'logs',
  'functions',
  'recipe.v8',
  'results.json',
  'report.html',
  MANIFEST,
  JOURNAL,
  MARKER,
] as const;

/** Run directories directly below `folder`, by name; none where it cannot be read. */
export function runDirectoriesIn(folder: string): string[] {
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter(isRunDirectory)
    .sort();
}

function isRunDirectory(dir: string): boolean {
  try {
    readMarker(dir);
    return true;
  } catch {
    return false;
  }
}

/** Bytes of all files below `dir`, one directory after the other: it must not disturb. Links are not followed. */
export async function sizeOf(dir: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile()) bytes += (await lstat(path).catch(() => null))?.size ?? 0;
  }
  return bytes;
}

/**
 * Removes what foldlab wrote into a run directory, and the directory when nothing else is left. The caller holds it, so
 * that no run goes on there.
 *
 * @returns names of what is not foldlab's and stays
 * @throws DirectoryError when it is not a run directory
 */
export function removeRunDirectory(dir: string): string[] {
  readMarker(dir);
  // where `dir` is a link, the run's files go, and the link stays
  const real = realpathSync(dir);
  for (const name of OWN_NAMES) rmSync(join(real, name), { recursive: true, force: true });
  const kept = namesIn(real).sort();
  if (kept.length === 0) rmdirSync(real);
  return kept;
}

/** Removes the cached data sets that no run asked for since `before` (milliseconds). */
export function removeDatasets(cacheDir: string, before: number): { removed: number; kept: number } {
  let kept = 0;
  let removed = 0;
  const folder = datasetFolder(cacheDir);
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (!lstatSync(path).isDirectory() || !isDatasetName(name)) continue;
    if (statSync(path).mtimeMs >= before) kept++;
    else {
      rmSync(path, { recursive: true, force: true });
      removed++;
    }
  }
  return { removed, kept };
}

/** A call key, or what a process that was killed left of storing one. */
const isDatasetName = (name: string): boolean =>
  /^[0-9a-f]{16,}(\..*\.tmp)?$|^predict-[0-9a-f-]+(\..*\.tmp)?$/.test(basename(name));

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
