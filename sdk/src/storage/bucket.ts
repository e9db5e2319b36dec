/** Files in a bucket: put whole, got whole and checked, listed, removed. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openClient } from './client.js';
import { explainStorage } from './explain.js';
import { forEachOf, noteFile, type KnownFile } from './fileRecord.js';
import type { StoragePlace } from './place.js';

/** A file, and where it lies in the bucket. */
export interface StoredFile extends KnownFile {
  readonly key: string;
}

export interface Bucket {
  /** In parts where it is large: an object is there when all of it is. */
  put(stored: StoredFile, signal?: AbortSignal): Promise<void>;
  /** Into `stored.file`, which is there when all of it is and its content is as said. */
  get(stored: StoredFile, signal?: AbortSignal): Promise<void>;
  putText(key: string, text: string): Promise<void>;
  getText(key: string): Promise<string>;
  /** Keys that begin so. */
  list(prefix: string): Promise<string[]>;
  /** Keys that are not there are none to worry about. */
  remove(keys: readonly string[]): Promise<void>;
  /** Removes all that begins so, with the parts of uploads that never ended. */
  clear(prefix: string): Promise<void>;
  close(): void;
}

/** A machine that is away for a moment must not cost a training. */
const PATIENT = { attempts: 8, silentMs: 60_000 };
/** Where a person waits to hear that the address is wrong. */
const TRYING = { attempts: 2, silentMs: 15_000 };
/** S3 takes 10,000 parts of at least 5 MiB. */
const PART = 8 * 2 ** 20;
const MOST_PARTS = 9_000;
/** An answer may break off after it has begun, which the client does not try again. */
const GET_ATTEMPTS = 3;
/** Files under way at once, each in up to four parts. */
const TRANSFERS = 24;
/** Objects removed at once. */
const REMOVALS = 16;
let gets = 0;

/**
 * @param options.trying whether this is only to find out if it can be used: then it gives up soon
 * @param options.where which machine this is, for messages
 * @throws SetupError where the client is not installed; its methods throw ExecutorError
 */
export function openBucket(
  place: StoragePlace,
  { trying = false, where = '' }: { trying?: boolean; where?: string } = {},
): Bucket {
  const { s3, upload, client } = openClient(place, { ...(trying ? TRYING : PATIENT), where });
  const gate = createGate(TRANSFERS);
  const Bucket = place.bucket;
  const telling = async <T>(action: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      signal?.throwIfAborted();
      return await gate(work);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw explainStorage(action, place, error, where);
    }
  };

  const list = (Prefix: string): Promise<string[]> =>
    telling('list', async () => {
      const keys: string[] = [];
      for await (const { Contents = [] } of s3.paginateListObjectsV2({ client }, { Bucket, Prefix }))
        keys.push(...Contents.map(({ Key }) => Key!));
      return keys;
    });
  // one by one: not every server knows how to delete many at once
  const remove = (keys: readonly string[]): Promise<void> =>
    telling('remove objects from', () =>
      forEachOf(
        keys,
        async (Key) => void (await client.send(new s3.DeleteObjectCommand({ Bucket, Key }))),
        REMOVALS,
      ),
    );

  return {
    list,
    remove,
    put: ({ file, bytes, key: Key }, signal) =>
      telling(
        'write to',
        async () => {
          const Body = createReadStream(file);
          try {
            const partSize = Math.max(PART, Math.ceil(bytes / MOST_PARTS));
            const parts = new upload.Upload({ client, params: { Bucket, Key, Body }, partSize });
            const stop = (): void => void parts.abort();
            signal?.addEventListener('abort', stop, { once: true });
            await parts.done().finally(() => signal?.removeEventListener('abort', stop));
          } finally {
            Body.destroy();
          }
        },
        signal,
      ),
    get: ({ file, bytes, sha256, key: Key }, signal) =>
      telling(
        'read',
        async () => {
          const temporary = `${file}.${process.pid}.${++gets}.tmp`;
          await mkdir(dirname(file), { recursive: true });
          try {
            for (let attempt = 1; ; attempt++) {
              const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key }), {
                abortSignal: signal,
              });
              try {
                const found = await writeDown(Body as Readable, temporary, signal);
                if (found.bytes === bytes && found.sha256 === sha256) break;
                throw new Error(
                  `'${Key}' has ${found.bytes} bytes with sha256 ${found.sha256.slice(0, 12)}…, and ${bytes} with ${sha256.slice(0, 12)}… were put there`,
                );
              } catch (error) {
                if (signal?.aborted || attempt === GET_ATTEMPTS) throw error;
              }
            }
            await rename(temporary, file);
            await noteFile({ file, bytes, sha256 });
          } finally {
            await rm(temporary, { force: true });
          }
        },
        signal,
      ),
    putText: (Key, Body) =>
      telling(
        'write to',
        async () => void (await client.send(new s3.PutObjectCommand({ Bucket, Key, Body }))),
      ),
    getText: (Key) =>
      telling('read', async () => {
        const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key }));
        return Body!.transformToString();
      }),
    async clear(prefix) {
      const unfinished = await telling('list the unfinished uploads of', async () => {
        const ask = new s3.ListMultipartUploadsCommand({ Bucket, Prefix: prefix });
        const { Uploads = [] } = await client.send(ask).catch((error: Error) => {
          // a server without them has none
          if (error.name === 'NotImplemented') return {} as { Uploads?: undefined };
          throw error;
        });
        return Uploads;
      });
      await telling('remove unfinished uploads from', () =>
        forEachOf(unfinished, async ({ Key, UploadId }) => {
          await client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
        }),
      );
      await remove(await list(prefix));
    },
    close: () => client.destroy(),
  };
}

/** Lets so many at once through; the others wait. */
function createGate(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside >= width) await new Promise<void>((enter) => waiting.push(enter));
    else inside++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside--;
    }
  };
}

/** Writes a stream into a file, and says what it was. */
async function writeDown(
  stream: Readable,
  file: string,
  signal?: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const look = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(stream, look, createWriteStream(file), { signal });
  return { bytes, sha256: hash.digest('hex') };
}
