/** Whether a storage can be used, before anything depends on it: from here, and from the nodes. */
import { randomBytes } from 'node:crypto';
import type { TryStorageJob } from '../../jobs/storageMessages.js';
import type { Lease } from '../../schedule/executor.js';
import { openBucket } from '../../storage/bucket.js';
import type { StoragePlace } from '../../storage/place.js';

/** A storage that this process can use. */
export interface StorageTrial {
  /** @throws ExecutorError that names the node where it cannot be used */
  onNode(lease: Lease, signal?: AbortSignal): Promise<void>;
  /** Removes what the trial left. Never throws. */
  end(): Promise<void>;
}

/**
 * Puts, gets, lists and removes an object as a run would.
 *
 * @throws ExecutorError, SetupError
 */
export async function tryStorage(place: StoragePlace, root: string): Promise<StorageTrial> {
  const bucket = openBucket(place, { trying: true });
  const text = randomBytes(8).toString('hex');
  const key = `${root}/trial`;
  try {
    await bucket.putText(key, text);
    await bucket.getText(key);
    await bucket.clear(`${root}/`);
    await bucket.putText(key, text);
  } finally {
    bucket.close();
  }
  return {
    async onNode(lease, signal = new AbortController().signal) {
      const argument: TryStorageJob = { place, key, text, answer: `${root}/trials/${lease.id}` };
      await lease.run({ method: 'tryStorage', argument, needs: [] }, { signal, onEvent: () => {} });
    },
    async end() {
      const again = openBucket(place, { trying: true });
      await again.clear(`${root}/`).catch(() => {});
      again.close();
    },
  };
}

/** `prefix/foldlab/<name>`: what a run keeps there can be told from everything else. */
export const rootOf = ({ prefix }: StoragePlace, name: string): string =>
  [prefix, 'foldlab', name].filter(Boolean).join('/');
