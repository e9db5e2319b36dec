/** The S3 client: AWS's own, which a user installs who wants a storage. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as ClientS3 from '@aws-sdk/client-s3';
import type * as LibStorage from '@aws-sdk/lib-storage';
import { SetupError } from '../errors.js';
import type { StoragePlace } from './place.js';

export const CLIENT_PACKAGES = ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'] as const;

export interface Client {
  readonly s3: typeof ClientS3;
  readonly upload: typeof LibStorage;
  readonly client: ClientS3.S3Client;
}

export interface ClientOptions {
  /** Of each request, with growing pauses. */
  readonly attempts: number;
  /** A connection that says nothing for so long is given up, and tried again. */
  readonly silentMs: number;
  /** Which machine this is, for messages; '' for the driver's. */
  readonly where: string;
}

const CONNECT_MS = 10_000;
const SOCKETS = 128;

/** @throws SetupError where the client is not installed */
export function openClient(
  { endpoint, region }: StoragePlace,
  { attempts, silentMs, where }: ClientOptions,
): Client {
  const [s3, upload] = CLIENT_PACKAGES.map((name) => load(name, where)) as [
    typeof ClientS3,
    typeof LibStorage,
  ];
  const client = new s3.S3Client({
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: silentMs,
      httpAgent: { maxSockets: SOCKETS },
      httpsAgent: { maxSockets: SOCKETS },
    },
    // what travels has a sha256 of ours, and not every server knows Amazon's newer checksums
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // other servers have no name in DNS for each bucket
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...regionOf(endpoint, region),
  });
  return { s3, upload, client };
}

function regionOf(endpoint: string | null, region: string | null): { region?: string } {
  if (region !== null) return { region };
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  // other servers want one for the signature only
  return endpoint !== null && !AWS_REGION ? { region: AWS_DEFAULT_REGION ?? 'us-east-1' } : {};
}

function load(name: string, where: string): unknown {
  try {
    return createRequire(__filename)(name) as unknown;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new SetupError(
      `Cannot use a storage${where && ` on ${where}`}: it needs AWS's client, and '${name}' is not installed beside foldlab (${join(__dirname, '..', '..')}); npm install ${CLIENT_PACKAGES.join(' ')}`,
      { cause },
    );
  }
}
