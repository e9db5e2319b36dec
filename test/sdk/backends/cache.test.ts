import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildDir,
  buildKey,
  cacheDir,
  chosenBuild,
  findBuild,
  requestedKind,
} from '../../../sdk/src/backends/cache.js';
import { describeBackend } from '../../../sdk/src/backends/activate.js';
import { fakeBuild } from './fakeBuild.js';
import { scratch } from './compiled.js';

let place: ReturnType<typeof scratch>;
beforeEach(() => void (place = scratch()));
afterEach(() => place.remove());

describe('cacheDir', () => {
  it('prefers FOLDLAB_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
    expect(cacheDir({ FOLDLAB_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/a');
    expect(cacheDir({ XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/b/foldlab');
    expect(cacheDir({ XDG_CACHE_HOME: '', HOME: '/c' })).toBe('/c/.cache/foldlab');
  });
});

describe('buildKey', () => {
  it('names both versions, the kind and the machine when the build is native', () => {
    expect(buildKey('cuda', 'linux', 'x64')).toBe('tfjs-4.22.0-tf-2.21.0-cuda-linux-x64');
    expect(buildKey('cpu', 'linux', 'arm64')).toBe('tfjs-4.22.0-tf-2.21.0-cpu-linux-arm64');
  });
  it('leaves the machine out when nothing is compiled', () => {
    expect(buildKey('wasm', 'linux', 'x64')).toBe('tfjs-4.22.0-wasm');
    expect(buildDir('js', { FOLDLAB_CACHE: '/a' })).toBe('/a/tensorflow/tfjs-4.22.0-js');
  });
});

describe('requestedKind', () => {
  it('is null when FOLDLAB_TENSORFLOW is not set or empty', () => {
    expect(requestedKind({})).toBeNull();
    expect(requestedKind({ FOLDLAB_TENSORFLOW: '' })).toBeNull();
  });
  it('refuses a kind that does not exist, naming those that do', () => {
    expect(() => requestedKind({ FOLDLAB_TENSORFLOW: 'gpu' })).toThrow(
      'Cannot choose a TensorFlow build: FOLDLAB_TENSORFLOW must be one of cuda, cpu, wasm, js, webgpu; current value is "gpu"',
    );
  });
});

describe('chosenBuild', () => {
  it('takes the best finished build when none is asked for', () => {
    const environment = { FOLDLAB_CACHE: place.dir };
    expect(chosenBuild(environment)).toBeNull();
    fakeBuild(place.dir, 'js');
    fakeBuild(place.dir, 'wasm');
    expect(chosenBuild(environment)?.kind).toBe('wasm');
    fakeBuild(place.dir, 'cpu', { stamped: false });
    expect(chosenBuild(environment)?.kind).toBe('wasm');
    fakeBuild(place.dir, 'cpu');
    expect(chosenBuild(environment)?.kind).toBe('cpu');
    fakeBuild(place.dir, 'cuda');
    expect(chosenBuild(environment)?.kind).toBe('cuda');
  });

  it('takes WebGPU only when it is asked for', () => {
    fakeBuild(place.dir, 'webgpu');
    expect(chosenBuild({ FOLDLAB_CACHE: place.dir })).toBeNull();
    expect(chosenBuild({ FOLDLAB_CACHE: place.dir, FOLDLAB_TENSORFLOW: 'webgpu' })?.kind).toBe('webgpu');
  });
  it('takes only the kind that FOLDLAB_TENSORFLOW names', () => {
    fakeBuild(place.dir, 'cpu');
    expect(chosenBuild({ FOLDLAB_CACHE: place.dir, FOLDLAB_TENSORFLOW: 'wasm' })).toBeNull();
    fakeBuild(place.dir, 'wasm');
    expect(chosenBuild({ FOLDLAB_CACHE: place.dir, FOLDLAB_TENSORFLOW: 'wasm' })?.kind).toBe('wasm');
  });
  it('ignores a build without a stamp', () => {
    fakeBuild(place.dir, 'cpu', { stamped: false });
    expect(findBuild('cpu', { FOLDLAB_CACHE: place.dir })).toBeNull();
  });
});

describe('describeBackend', () => {
  it('says how to set TensorFlow up when nothing is built', () => {
    const facts = describeBackend({ FOLDLAB_CACHE: place.dir });
    expect(facts).toMatchObject({ kind: 'none', tensorflowVersion: null, cacheDir: place.dir });
    expect(facts.notice).toContain('npx foldlab setup');
  });
  it('passes the notice of a fallback on', () => {
    const cacheDir = fakeBuild(place.dir, 'wasm', { notice: 'no compiler' });
    expect(describeBackend({ FOLDLAB_CACHE: place.dir })).toEqual({
      kind: 'wasm',
      tfjsVersion: '4.22.0',
      tensorflowVersion: null,
      cuda: false,
      cacheDir,
      notice: 'no compiler',
    });
  });
  it('tells the CUDA build from the CPU build', () => {
    fakeBuild(place.dir, 'cpu');
    expect(describeBackend({ FOLDLAB_CACHE: place.dir })).toMatchObject({ kind: 'tensorflow', cuda: false });
    fakeBuild(place.dir, 'cuda');
    expect(describeBackend({ FOLDLAB_CACHE: place.dir })).toMatchObject({ kind: 'tensorflow', cuda: true });
  });
});
