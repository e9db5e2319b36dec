/** A run whose workers do not see its directory: everything travels by a storage, which is empty again when the run has ended. */
import { CancelledError } from '../../errors.js';
import type { Executor, Lease } from '../../schedule/executor.js';
import { openBucket } from '../../storage/bucket.js';
import { showPlace, storageOf } from '../../storage/place.js';
import type { ExecutorChoice } from '../../contract/executors.js';
import { createDepot } from './depot.js';
import { storedLease } from './storedLease.js';
import { rootOf, tryStorage } from './tryStorage.js';

export interface RunStorage {
  /** Leases that carry files. */
  through(executor: Executor): Executor;
  /** Removes all that is left of the run there. Never throws: what stays is said. */
  end(): Promise<void>;
}

export interface RunStorageOptions {
  readonly choice: ExecutorChoice;
  /** What its keys begin with, below the prefix: nobody else uses it now. */
  readonly name: string;
  readonly dir: string;
  readonly cacheDir: string;
  notice(message: string): void;
}

/**
 * Tries the storage before anything is done, and removes what an earlier process left there of this run. Null where the workers
 * see the directory.
 *
 * @throws ExecutorError, SetupError that say what is missing
 */
export async function openRunStorage(options: RunStorageOptions): Promise<RunStorage | null> {
  const { choice, name, dir, cacheDir, notice } = options;
  const place = storageOf(choice);
  if (!place) return null;
  const root = rootOf(place, name);
  const trial = await tryStorage(place, root);
  const bucket = openBucket(place);
  const depot = createDepot(bucket, root, dir);
  const ports = { place, folders: { dir, cacheDir }, bucket, depot };
  const tried = new Set<string>();
  const trying = new Set<Promise<void>>();
  let ended = false;

  /** A worker puts an object there when it tries: none may come after the end. */
  const tryOn = async (lease: Lease, signal?: AbortSignal): Promise<void> => {
    if (ended) throw new CancelledError('Cannot open a lease: the run has ended');
    if (tried.has(lease.id)) return;
    const attempt = trial.onNode(lease, signal);
    trying.add(attempt);
    await attempt.finally(() => trying.delete(attempt));
    tried.add(lease.id);
  };

  return {
    through(executor) {
      return {
        name: executor.name,
        slots: executor.slots,
        // a job's files travel beside it: one after the other
        depth: 1,
        async open(request) {
          const lease = await executor.open(request);
          try {
            await tryOn(lease, request.signal);
            return storedLease(lease, ports);
          } catch (error) {
            await lease.close();
            throw error;
          }
        },
        close: () => executor.close(),
      };
    },
    async end() {
      ended = true;
      try {
        await Promise.allSettled(trying);
        await depot.settled();
        await bucket.clear(`${root}/`);
      } catch (error) {
        notice(
          `Objects of this run are left below '${root}/' in ${showPlace(place)}: ${(error as Error).message}; the next stretch of the run removes them`,
        );
      } finally {
        bucket.close();
      }
    },
  };
}
