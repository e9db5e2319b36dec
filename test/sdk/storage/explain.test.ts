import { describe, expect, it } from 'vitest';
import { explainStorage } from '../../../sdk/src/storage/explain.js';

const place = { bucket: 'lab', prefix: 'runs', endpoint: 'http://minio.lab:9000', region: null };
const explained = (error: object, over = {}) =>
  explainStorage('read', { ...place, ...over }, Object.assign(new Error('said so\nand more'), error), 'n1')
    .message;
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

describe('explainStorage', () => {
  it('says action, place, machine, reason and fix', () => {
    expect(explained({ name: 'NoSuchBucket' })).toBe(
      "Cannot read the storage s3://lab/runs at http://minio.lab:9000 from n1: there is no bucket 'lab'; make it, or name another by 'storage'",
    );
  });

  // what the client of AWS throws for each
  it.each([
    [
      { name: 'AccessDenied', ...status(403) },
      /these credentials may not do that \(AccessDenied\); they need s3:PutObject/,
    ],
    [{ name: '403', ...status(403) }, /may not do that/],
    [
      { name: 'InvalidAccessKeyId', ...status(403) },
      /credentials are refused \(InvalidAccessKeyId\); give the client others/,
    ],
    [{ name: 'SignatureDoesNotMatch', ...status(403) }, /credentials are refused/],
    [{ name: 'CredentialsProviderError' }, /no credentials were found \(said so\); set AWS_ACCESS_KEY_ID/],
    [{ name: 'PermanentRedirect', ...status(301) }, /in another region \(said so\); name its region/],
    [{ message: 'Region is missing' }, /no region is set; name the bucket's/],
    [{ code: 'ENOTFOUND' }, /nobody answers \(ENOTFOUND\); the endpoint must be/],
    [{ name: 'TimeoutError' }, /nobody answers \(said so\)/],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /certificate is not trusted .* NODE_EXTRA_CA_CERTS/],
    [{ code: 'EPROTO' }, /does not speak S3 \(EPROTO\); see whether/],
    [{ code: 'ENOSPC' }, /on the own disk failed \(said so\); see that there is room/],
    [{ code: 'EACCES', path: '/x' }, /on the own disk failed/],
    [{ name: 'SlowDown', ...status(503) }, /: said so; see docs/],
  ])('%j', (error, message) => {
    expect(explained(error)).toMatch(message);
    expect(explained(error)).not.toContain('\n');
  });

  it('speaks of Amazon where there is no endpoint', () => {
    expect(explained({ code: 'ECONNREFUSED' }, { endpoint: null })).toMatch(
      /s3:\/\/lab\/runs from n1: nobody answers at Amazon .*name your own server/,
    );
  });
});
