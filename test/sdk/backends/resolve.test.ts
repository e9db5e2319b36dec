import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileBackends, evaluate, runNode, scratch } from './compiled.js';
import { fakeBuild, fakePackage } from './fakeBuild.js';

const place = scratch();
const cache = join(place.dir, 'cache');
let backends: string;
beforeAll(() => {
  backends = compileBackends(join(place.dir, 'foldlab'));
  fakeBuild(cache, 'cpu');
  fakeBuild(cache, 'wasm');
});
afterAll(() => place.remove());

const project = (name: string) => join(place.dir, 'projects', name);
const ask = (dir: string, requests: readonly string[], env: Record<string, string> = {}) =>
  evaluate(
    `require(${JSON.stringify(join(backends, 'resolve.js'))}).installResolver();
     require(${JSON.stringify(join(backends, 'resolve.js'))}).installResolver();
     console.log(JSON.stringify(process.argv.slice(2).map((name) => require(name))));`,
    { dir, args: requests, env: { FOLDLAB_CACHE: cache, ...env } },
  );

describe('installResolver', () => {
  it('finds the chosen build for every name of the family where nothing is installed', async () => {
    const names = [
      '@tensorflow/tfjs-node-gpu',
      '@tensorflow/tfjs-node',
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-node/dist/version.js',
    ];
    expect(await ask(project('empty'), names)).toEqual(['cpu build', 'cpu build', 'cpu tfjs', 'cpu version']);
    expect(await ask(project('empty'), names, { FOLDLAB_TENSORFLOW: 'wasm' })).toEqual([
      'wasm build',
      'wasm build',
      'wasm tfjs',
      'wasm version',
    ]);
  });

  it("leaves the project's own packages alone, unless its tfjs-node has no addon", async () => {
    const own = join(project('own'), 'node_modules', '@tensorflow');
    fakePackage(join(own, 'tfjs'), 'own tfjs');
    fakePackage(join(own, 'tfjs-node'), 'own tfjs-node');
    const names = ['@tensorflow/tfjs', '@tensorflow/tfjs-node'];
    expect(await ask(project('own'), names)).toEqual(['own tfjs', 'cpu build']);
    mkdirSync(join(own, 'tfjs-node', 'lib', 'napi-v8'), { recursive: true });
    writeFileSync(join(own, 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node'), '');
    expect(await ask(project('own'), names)).toEqual(['own tfjs', 'own tfjs-node']);
  });

  it('says how to set TensorFlow up when nothing is built', async () => {
    const { code, stderr } = await runNode(
      `require(${JSON.stringify(join(backends, 'resolve.js'))}).installResolver(); require('@tensorflow/tfjs-node-gpu');`,
      { dir: project('empty'), env: { FOLDLAB_CACHE: join(place.dir, 'nothing') } },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('TensorFlow is not set up on this machine; run `npx foldlab setup`');
  });

  it('does not touch other packages', async () => {
    fakePackage(join(project('other'), 'node_modules', 'other'), 'other');
    expect(await ask(project('other'), ['other'])).toEqual(['other']);
  });
});
