/** `storage` of `slurm()` and `ray()`: which bucket, and what all keys in it begin with. Holds no credentials. */
import type { ExecutorChoice } from '../contract/executors.js';

export interface StoragePlace {
  readonly bucket: string;
  /** Without slashes at its ends; '' for none. */
  readonly prefix: string;
  /** Null: Amazon's. */
  readonly endpoint: string | null;
  /** Null: what the client finds in its environment. */
  readonly region: string | null;
}

const FORMS = "'s3://bucket/prefix' or { bucket, prefix, endpoint, region }";
const FIELDS = ['bucket', 'prefix', 'endpoint', 'region'] as const;
/** Amazon's rule, and what other servers allow beside it. */
const BUCKET = /^[a-zA-Z0-9][\w.-]{1,61}[a-zA-Z0-9]$/;

/** Where a run's workers find and leave files; null where they see the run's directory. */
export function storageOf(choice: ExecutorChoice): StoragePlace | null {
  const storage = 'storage' in choice ? choice.storage : undefined;
  return storage === undefined ? null : readStoragePlace(storage, `${choice.kind}()`);
}

/**
 * @param user whose option it is, for the message
 * @throws TypeError that says what it must be
 */
export function readStoragePlace(value: unknown, user: string): StoragePlace {
  const refuse = (rule: string, found: unknown): never => {
    throw new TypeError(`Cannot use ${user}: ${rule}; current value is ${show(found)}`);
  };
  const given = typeof value === 'string' ? fromAddress(value) : value;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return refuse(`'storage' must be ${FORMS}`, value);
  const unknown = Object.keys(given).find((key) => !(FIELDS as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw new TypeError(
      `Cannot use ${user}: '${unknown}' is not a field of 'storage' (${FIELDS.join(', ')}); credentials are never given here: the client finds them in its environment, profile or role`,
    );
  const { bucket, prefix = '', endpoint = null, region = null } = given as Record<string, unknown>;
  if (typeof bucket !== 'string' || !BUCKET.test(bucket))
    return refuse(
      `the bucket of 'storage' must be a bucket's name: 3 to 63 letters, digits, dots and hyphens`,
      bucket,
    );
  if (typeof prefix !== 'string' || !isPrefix(prefix))
    return refuse(
      `the prefix of 'storage' must be a text such as 'lab/foldlab', without '..', '//' and line breaks`,
      prefix,
    );
  if (endpoint !== null && (typeof endpoint !== 'string' || !isEndpoint(endpoint)))
    // not shown: it may hold what nobody should read
    throw new TypeError(
      `Cannot use ${user}: the endpoint of 'storage' must be an address such as 'https://minio.lab:9000', without user and password`,
    );
  if (region !== null && (typeof region !== 'string' || !/^[\w-]+$/.test(region)))
    return refuse(`the region of 'storage' must be a name such as 'eu-central-1'`, region);
  return { bucket, prefix: trimmed(prefix), endpoint, region };
}

/** As people write it: `s3://bucket/prefix`, and where it is unless at Amazon's. */
export const showPlace = ({ bucket, prefix, endpoint }: StoragePlace): string =>
  `s3://${[bucket, prefix].filter(Boolean).join('/')}${endpoint ? ` at ${endpoint}` : ''}`;

function fromAddress(text: string): object | null {
  const parts = /^s3:\/\/([^/?#@]+)(?:\/(.*))?$/.exec(text);
  return parts && { bucket: parts[1], prefix: parts[2] ?? '' };
}

const trimmed = (prefix: string): string => prefix.replace(/^\/|\/$/g, '');

const isPrefix = (prefix: string): boolean =>
  prefix === '' ||
  (prefix.length <= 400 &&
    !/[\p{Cc}?#]/u.test(prefix) &&
    trimmed(prefix)
      .split('/')
      .every((part) => part !== '' && part !== '.' && part !== '..'));

function isEndpoint(text: string): boolean {
  try {
    const { protocol, username, password, search, hash } = new URL(text);
    return /^https?:$/.test(protocol) && !username && !password && !search && !hash;
  } catch {
    return false;
  }
}

const show = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
