import { existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageDir } from '../../../sdk/src/backends/cache.js';
import { ensureLink, projectRoot } from '../../../sdk/src/backends/link.js';
import { fakeBuild, fakePackage } from './fakeBuild.js';
import { scratch } from './compiled.js';

let place: ReturnType<typeof scratch>;
let cache: string;
let project: string;
let link: string;
beforeEach(() => {
  place = scratch();
  cache = join(place.dir, 'cache');
  project = join(place.dir, 'project');
  link = join(project, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  makePackage(project, 'root');
  mkdirSync(join(project, 'node_modules'));
});
afterEach(() => place.remove());

function makePackage(dir: string, name: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name }));
}
const ensure = (kind?: string) => ensureLink(project, { FOLDLAB_CACHE: cache, FOLDLAB_TENSORFLOW: kind });

describe('projectRoot', () => {
  it('is the nearest folder upwards that has a package.json and node_modules', () => {
    const inner = join(project, 'notebooks', 'deep');
    mkdirSync(inner, { recursive: true });
    makePackage(join(project, 'notebooks'), 'without-node-modules');
    expect(projectRoot(inner)).toBe(project);
  });
  it('is the root of npm workspaces when a member has node_modules of its own', () => {
    const member = join(project, 'packages', 'member');
    makePackage(member, '@scope/member');
    mkdirSync(join(member, 'node_modules'));
    expect(projectRoot(member)).toBe(member);
    mkdirSync(join(project, 'node_modules', '@scope'));
    symlinkSync(member, join(project, 'node_modules', '@scope', 'member'));
    expect(projectRoot(member)).toBe(project);
  });
  it('is null outside any project', () => {
    expect(projectRoot(place.dir)).toBeNull();
  });
});

describe('ensureLink', () => {
  it('makes nothing when nothing is built or there is no project', () => {
    expect(ensure()).toBe('no-build');
    expect(existsSync(join(project, 'node_modules', '@tensorflow'))).toBe(false);
    fakeBuild(cache, 'cpu');
    expect(ensureLink(place.dir, { FOLDLAB_CACHE: cache })).toBe('no-project');
  });
  it('makes the link, keeps it, and makes it again when npm has pruned it', () => {
    const dir = fakeBuild(cache, 'cpu');
    expect(ensure()).toBe('made');
    expect(readlinkSync(link)).toBe(packageDir({ dir }));
    expect(ensure()).toBe('kept');
    rmSync(link);
    expect(ensure()).toBe('made');
  });
  it('leads to another build when another one is chosen', () => {
    fakeBuild(cache, 'cpu');
    const wasm = fakeBuild(cache, 'wasm');
    ensure();
    expect(ensure('wasm')).toBe('made');
    expect(readlinkSync(link)).toBe(packageDir({ dir: wasm }));
  });
  it('replaces a link that leads nowhere', () => {
    fakeBuild(cache, 'cpu');
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(join(place.dir, 'gone'), link);
    expect(ensure()).toBe('made');
    expect(existsSync(link)).toBe(true);
  });
  it("leaves a project's own package alone, installed or linked", () => {
    fakeBuild(cache, 'cpu');
    fakePackage(link, 'own');
    expect(ensure()).toBe('foreign');
    expect(lstatSync(link).isDirectory()).toBe(true);
    rmSync(link, { recursive: true });
    fakePackage(join(place.dir, 'elsewhere'), 'own');
    symlinkSync(join(place.dir, 'elsewhere'), link);
    expect(ensure()).toBe('foreign');
  });
});
