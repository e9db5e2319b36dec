/**
 * The folders of a run. The names inside (`model_dir/rep_r/k` …) are the reference pipeline's.
 */
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { CvIndex, Part, UnitPaths } from '../contract.js';
import { DirectoryError } from '../errors.js';

/** The file that says a directory is foldlab's. */
export const MARKER = 'foldlab.json';
export const JOURNAL = 'journal.jsonl';
export const MANIFEST = 'manifest.json';
/** Newer directories are refused by older readers. */
export const DIRECTORY_VERSION = 1;

export interface Marker {
  readonly foldlab: 'run';
  readonly version: number;
  readonly id: string;
}

/**
 * Looks at a run directory without changing anything: its marker, or null where there is nothing yet.
 *
 * @throws DirectoryError when it is a file, not writable, not empty and not foldlab's, or of a newer version.
 */
export function inspectRunDirectory(dir: string): Marker | null {
  const names = checkWritable(dir, { use: 'run directory', option: 'dir' });
  if (names.includes(MARKER)) return readMarker(dir);
  if (names.length > 0) {
    throw new DirectoryError(
      `Cannot use '${dir}' as run directory: it is not empty and not foldlab's (no ${MARKER}); choose a new or empty 'dir'`,
    );
  }
  return null;
}

/**
 * Checks that a folder can be written, or made, without making it; gives the names of what is in it.
 *
 * @throws DirectoryError that names the option to change.
 */
export function checkWritable(dir: string, { use, option }: { use: string; option: string }): string[] {
  try {
    const existing = nearestExisting(dir);
    if (!statSync(existing).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(existing, constants.W_OK | constants.X_OK);
    return existing === dir ? readdirSync(dir) : [];
  } catch (cause) {
    throw new DirectoryError(
      `Cannot use '${dir}' as ${use}: it must be a writable folder (${reason(cause)}); choose another '${option}'`,
      { cause },
    );
  }
}

/**
 * Makes a run directory, or recognises one.
 *
 * @throws DirectoryError as {@link inspectRunDirectory}, and when it cannot be written.
 */
export function openRunDirectory(dir: string, newId: string): Marker {
  const known = inspectRunDirectory(dir);
  if (known) return known;
  const marker: Marker = { foldlab: 'run', version: DIRECTORY_VERSION, id: newId };
  try {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, MARKER), `${JSON.stringify(marker)}\n`, { flag: 'wx' });
  } catch (cause) {
    throw new DirectoryError(
      `Cannot write into run directory '${dir}' (${reason(cause)}); choose another 'dir'`,
      { cause },
    );
  }
  return marker;
}

function nearestExisting(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    try {
      statSync(at);
      return at;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || at === dirname(at)) throw cause;
    }
  }
}

/** Reads the marker of an existing run directory. */
export function readMarker(dir: string): Marker {
  const file = join(dir, MARKER);
  let marker: Partial<Marker>;
  try {
    marker = JSON.parse(readFileSync(file, 'utf8')) as Partial<Marker>;
  } catch (cause) {
    throw new DirectoryError(`Cannot read '${file}': it must be foldlab's marker (${reason(cause)})`, {
      cause,
    });
  }
  if (marker.foldlab !== 'run' || typeof marker.version !== 'number' || typeof marker.id !== 'string') {
    throw new DirectoryError(
      `Cannot use '${dir}' as run directory: '${file}' is not foldlab's marker; choose another 'dir'`,
    );
  }
  if (marker.version > DIRECTORY_VERSION) {
    throw new DirectoryError(
      `Cannot read '${dir}': it was written by a newer foldlab (directory version ${marker.version}, this one reads up to ${DIRECTORY_VERSION}); update foldlab`,
    );
  }
  return marker as Marker;
}

const attemptFolder = (cvIndex: CvIndex, attempt: number): string =>
  attempt === 1 ? String(cvIndex) : `${cvIndex}.attempt${attempt}`;

/** Absolute folders of one attempt of a unit. They are not made here. */
export function unitPaths(
  dir: string,
  unit: {
    repIndex: number;
    cvIndex: CvIndex;
    part: Part;
    attempt: number;
    variant?: string;
    /** Of what belongs to no repetition: its folder. */
    place?: string;
  },
): UnitPaths {
  const variant = unit.variant ? `.${unit.variant.replace(/[^\w-]/g, '_').slice(0, 40)}` : '';
  const place = join(
    unit.place ?? `rep_${unit.repIndex}`,
    `${attemptFolder(unit.cvIndex, unit.attempt)}${variant}`,
  );
  return {
    modelDir: join(dir, 'model_dir', place),
    inferDir: join(dir, 'inference_dir', unit.part, place),
    evalDir: join(dir, 'eval_dir', unit.part, place),
    cacheDir: join(dir, 'cache_dir', place),
  };
}

/** Where a unit's console output goes. */
export function logFile(dir: string, unit: { repIndex: number; cvIndex: CvIndex; place?: string }): string {
  return join(dir, 'logs', unit.place ?? `rep_${unit.repIndex}`, `${unit.cvIndex}.log`);
}

/** Whether a file is there with the size that the journal knows. */
export function fileIntact(file: string, bytes: number): boolean {
  try {
    return statSync(file).size === bytes;
  } catch {
    return false;
  }
}

/** Whether a file is there with the content that the journal knows. */
export function fileUnchanged(record: { file: string; bytes: number; sha256: string }): boolean {
  if (!fileIntact(record.file, record.bytes)) return false;
  try {
    return createHash('sha256').update(readFileSync(record.file)).digest('hex') === record.sha256;
  } catch {
    return false;
  }
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}
