/** What goes wrong with a storage, in words for people: what was tried, which rule, what was found, what helps. */
import { ExecutorError } from '../errors.js';
import { showPlace, type StoragePlace } from './place.js';

/** What a client's error has, whatever its class. */
interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  /** Of an error of this machine's file system. */
  readonly path?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const NOBODY = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
/** Of a write to a file, which names no path. */
const DISK = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'];
const REFUSED = [
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'TokenRefreshRequired',
];
const ELSEWHERE = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];

/**
 * @param action as 'write to'
 * @param where which machine tried, where that is not this one
 */
export function explainStorage(
  action: string,
  place: StoragePlace,
  error: unknown,
  where = '',
): ExecutorError {
  const [why, fix] = reasonOf(place, error as Failure);
  return new ExecutorError(
    `Cannot ${action} the storage ${showPlace(place)}${where && ` from ${where}`}: ${why}; ${fix}`,
    { cause: error },
  );
}

function reasonOf({ bucket, endpoint, region }: StoragePlace, failure: Failure): [string, string] {
  const { name = '', message = '', code = '' } = failure;
  const status = failure.$metadata?.httpStatusCode;
  if (failure.path !== undefined || DISK.includes(code))
    return [
      `what was to be done on the own disk failed (${firstLine(message)})`,
      'see that there is room, and that the folder can be written; a worker keeps its files below TMPDIR',
    ];
  if (name === 'NoSuchBucket' || (status === 404 && name === 'NotFound'))
    return [`there is no bucket '${bucket}'`, "make it, or name another by 'storage'"];
  if (name === 'CredentialsProviderError')
    return [
      `no credentials were found (${firstLine(message)})`,
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, there, or give the machine a role',
    ];
  if (/region is missing/i.test(message))
    return [`no region is set`, "name the bucket's by storage: { bucket, region }, or set AWS_REGION"];
  if (REFUSED.includes(name))
    return [
      `its credentials are refused (${name})`,
      'give the client others by its environment, profile or role',
    ];
  if (ELSEWHERE.includes(name) || status === 301)
    return [
      `the bucket is in another region${region ? ` than '${region}'` : ''} (${firstLine(message)})`,
      'name its region by storage: { bucket, region }',
    ];
  if (name === 'AccessDenied' || status === 403)
    return [
      `these credentials may not do that (${name || status})`,
      'they need s3:PutObject, s3:GetObject, s3:DeleteObject, s3:AbortMultipartUpload, s3:ListBucket and s3:ListBucketMultipartUploads below the prefix',
    ];
  if (NOBODY.includes(code) || name === 'TimeoutError')
    return [
      `nobody answers${endpoint ? '' : ' at Amazon'} (${code || firstLine(message)})`,
      endpoint
        ? 'the endpoint must be an address of your S3 server that every node reaches'
        : "name your own server by storage: { bucket, endpoint }, or open the way to Amazon's",
    ];
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return [`its certificate is not trusted (${code})`, 'name its authority by NODE_EXTRA_CA_CERTS'];
  if (/^HPE_|EPROTO|ERR_SSL/.test(code) || /Deserialization error|is not expected/i.test(message))
    return [
      `what answers does not speak S3 (${code || firstLine(message)})`,
      "see whether the endpoint's port is that of S3, and whether it begins with http:// or https://",
    ];
  return [firstLine(message) || name || 'it does not say why', 'see docs/clusters.md'];
}

const firstLine = (text: string): string => text.split('\n')[0]!.slice(0, 300);
