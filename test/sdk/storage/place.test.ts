import { describe, expect, it } from 'vitest';
import { checkExecutor, local, ray, slurm } from '../../../sdk/src/engines/choices.js';
import { readStoragePlace, showPlace, storageOf } from '../../../sdk/src/storage/place.js';

const read = (value: unknown) => readStoragePlace(value, 'ray()');

describe('a storage', () => {
  it('is written as an address or as fields', () => {
    const amazon = { bucket: 'lab', prefix: '', endpoint: null, region: null };
    expect(read('s3://lab')).toEqual(amazon);
    expect(read('s3://lab/')).toEqual(amazon);
    expect(read('s3://lab/runs/of me/')).toEqual({ ...amazon, prefix: 'runs/of me' });
    const own = { bucket: 'lab', prefix: '/runs', endpoint: 'https://minio.lab:9000', region: 'eu-1' };
    expect(read(own)).toEqual({ ...own, prefix: 'runs' });
    expect(showPlace(read(own))).toBe('s3://lab/runs at https://minio.lab:9000');
  });

  it.each([
    [42, /'storage' must be 's3:\/\/bucket\/prefix' or \{ bucket, .*; current value is 42/],
    ['lab/runs', /must be 's3:.*current value is "lab\/runs"/],
    ['s3://key:secret@lab/runs', /'storage' must be/],
    [{ prefix: 'x' }, /the bucket of 'storage' must be a bucket's name.*current value is undefined/],
    [{ bucket: 'a/b' }, /a bucket's name.*"a\/b"/],
    [{ bucket: 'lab', prefix: 'a/../b' }, /the prefix of 'storage' must.*"a\/\.\.\/b"/],
    [{ bucket: 'lab', prefix: 'a//b' }, /the prefix/],
    [{ bucket: 'lab', region: 'a b' }, /the region of 'storage'/],
    [{ bucket: 'lab', secretAccessKey: 'x' }, /not a field of 'storage' .* credentials are never given here/],
  ])('is refused with rule and value: %j', (value, message) => {
    expect(() => ray({ storage: value as string })).toThrow(TypeError);
    expect(() => ray({ storage: value as string })).toThrow(message);
    expect(() => slurm({ storage: value as string })).toThrow(/^Cannot use slurm\(\)/);
  });

  it('has no password in its endpoint, nor shows one', () => {
    const given = { bucket: 'lab', endpoint: 'https://me:hidden@minio.lab' };
    expect(() => ray({ storage: given })).toThrow(/without user and password$/);
    expect(() => ray({ storage: given })).not.toThrow(/hidden/);
    expect(() => ray({ storage: { bucket: 'lab', endpoint: 'minio.lab:9000' } })).toThrow(/the endpoint/);
  });

  it('is of the executors that need one, and comes back from a file', () => {
    const choice = slurm({ storage: 's3://lab/runs' });
    expect(checkExecutor(structuredClone(choice))).toEqual(choice);
    expect(storageOf(choice)).toEqual(read('s3://lab/runs'));
    expect(storageOf(ray())).toBeNull();
    expect(storageOf(local())).toBeNull();
    const given = { bucket: 'lab' };
    expect(ray({ storage: given }).storage).not.toBe(given);
  });
});
