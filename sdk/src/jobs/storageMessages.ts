/** What passes between the driver and a worker that does not see the run's directory: plain data. */
import type { StoredFile } from '../storage/bucket.js';
import type { KnownFile } from '../storage/fileRecord.js';
import type { StoragePlace } from '../storage/place.js';

/** So much on its way is told: less is there before anybody could read that it comes. */
const TOLD_BYTES = 8 * 2 ** 20;

export const isTold = (files: readonly KnownFile[]): boolean =>
  files.reduce((sum, { bytes }) => sum + bytes, 0) >= TOLD_BYTES;

/** The driver's folders that jobs name: their files are elsewhere on the worker's machine. */
export interface DriverFolders {
  /** The run's. */
  readonly dir: string;
  readonly cacheDir: string;
}

/** Whether the worker can use the storage. */
export interface TryStorageJob {
  readonly place: StoragePlace;
  /** An object that the driver has put there, and its text. */
  readonly key: string;
  readonly text: string;
  /** Where the worker puts one of its own. */
  readonly answer: string;
}

/** Which of the files the worker does not have; answered with those. */
export interface LackingJob {
  readonly folders: DriverFolders;
  readonly files: readonly KnownFile[];
}

/** Another job, whose files travel by the storage. */
export interface CarriedJob {
  readonly method: string;
  readonly argument: unknown;
  readonly place: StoragePlace;
  readonly folders: DriverFolders;
  /** What the worker lacks, with the driver's paths. */
  readonly inputs: readonly StoredFile[];
  /** What the keys of everything that the job makes begin with: of this attempt, and no other. */
  readonly keys: string;
}

/** Files that lie in the storage now, with the driver's paths. Comes before what speaks of them. */
export interface FilesStored {
  readonly type: 'stored';
  readonly files: readonly StoredFile[];
}

/** More of the job's log. */
export interface LogGrew {
  readonly type: 'log';
  readonly bytes: Uint8Array;
}

export type CarriedEvent = FilesStored | LogGrew;
