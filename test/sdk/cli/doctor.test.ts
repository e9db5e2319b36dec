import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBackend, checkNode, checkWritable } from '../../../sdk/src/cli/checks.js';
import { formatChecks } from '../../../sdk/src/cli/doctor.js';
import { findJupyterLab, findKernelspec } from '../../../sdk/src/cli/jupyter.js';
import { scratch } from '../backends/compiled.js';
import { fakeBuild } from '../backends/fakeBuild.js';

let place: ReturnType<typeof scratch>;
beforeEach(() => void (place = scratch()));
afterEach(() => place.remove());

describe('formatChecks', () => {
  it('puts the fix below what it mends', () => {
    expect(
      formatChecks([
        { name: 'Node', state: 'ok', found: '24.1.0', fix: null },
        { name: 'JupyterLab', state: 'warning', found: 'not found', fix: 'install it' },
        { name: 'cache', state: 'missing', found: 'not writable', fix: 'set it' },
      ]).split('\n'),
    ).toEqual([
      '✓ Node        24.1.0',
      '! JupyterLab  not found',
      '              → install it',
      '✗ cache       not writable',
      '              → set it',
    ]);
  });
});

describe('checkNode', () => {
  it('wants 20.19 or newer', () => {
    expect(['18.20.0', '20.18.3', '20.19.0', '22.0.0'].map((version) => checkNode(version).state)).toEqual([
      'missing',
      'missing',
      'ok',
      'ok',
    ]);
  });
});

describe('checkBackend', () => {
  it('is missing when nothing is set up, a warning for a fallback and fine for a native build', () => {
    const environment = { FOLDLAB_CACHE: place.dir };
    expect(checkBackend(environment)).toMatchObject({
      state: 'missing',
      fix: expect.stringContaining('foldlab setup'),
    });
    fakeBuild(place.dir, 'wasm', { notice: 'no compiler' });
    expect(checkBackend(environment)).toMatchObject({ state: 'warning', fix: 'no compiler' });
    fakeBuild(place.dir, 'cpu');
    expect(checkBackend(environment)).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('2.21.0'),
      fix: null,
    });
  });
});

describe('checkWritable', () => {
  it('accepts a folder that could be made, and refuses one below a file', () => {
    expect(checkWritable('cache', join(place.dir, 'not', 'yet')).state).toBe('ok');
    writeFileSync(join(place.dir, 'file'), '', { mode: 0o444 });
    expect(checkWritable('cache', join(place.dir, 'file', 'below'))).toMatchObject({
      state: 'missing',
      fix: expect.stringContaining('FOLDLAB_CACHE'),
    });
  });
});

describe('findJupyterLab and findKernelspec', () => {
  it('look into the .venv of the folder or one above it', () => {
    const notebooks = join(place.dir, 'notebooks');
    const venv = join(place.dir, '.venv');
    const environment = { HOME: place.dir, PATH: '' };
    mkdirSync(notebooks);
    expect(findJupyterLab(notebooks, environment)).toBeNull();
    expect(findKernelspec('foldlab-test', notebooks, environment)).toBeNull();
    const packages = join(venv, 'lib', 'python3.12', 'site-packages');
    for (const name of ['jupyterlab-4.6.6.dist-info', 'jupyterlab_server-2.0.0.dist-info']) {
      mkdirSync(join(packages, name), { recursive: true });
    }
    expect(findJupyterLab(notebooks, environment)).toEqual({ version: '4.6.6', prefix: venv });
    const kernel = join(venv, 'share', 'jupyter', 'kernels', 'foldlab-test');
    mkdirSync(kernel, { recursive: true });
    writeFileSync(join(kernel, 'kernel.json'), '{}');
    expect(findKernelspec('foldlab-test', notebooks, environment)).toBe(join(kernel, 'kernel.json'));
  });
  it('finds a kernelspec of this user and of JUPYTER_PATH', () => {
    const user = join(place.dir, '.local', 'share', 'jupyter', 'kernels', 'mine');
    mkdirSync(user, { recursive: true });
    writeFileSync(join(user, 'kernel.json'), '{}');
    expect(findKernelspec('mine', '/', { HOME: place.dir, JUPYTER_DATA_DIR: undefined })).toBe(
      join(user, 'kernel.json'),
    );
    const jupyterPath = join(place.dir, '.local', 'share', 'jupyter');
    expect(findKernelspec('mine', '/', { HOME: '/nowhere', JUPYTER_PATH: jupyterPath })).toBe(
      join(user, 'kernel.json'),
    );
  });
});
