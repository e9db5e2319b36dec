import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageDir } from '../../../sdk/src/backends/cache.js';
import { compileBackends, evaluate, runNode, scratch } from './compiled.js';
import { fakeAddon, fakeBuild, fakePackage } from './fakeBuild.js';

const place = scratch();
const cache = join(place.dir, 'cache');
let backends: string;
let cpu: string;
beforeAll(() => {
  backends = compileBackends(join(place.dir, 'foldlab'));
  cpu = fakeBuild(cache, 'cpu');
  fakeBuild(cache, 'wasm');
});
afterAll(() => place.remove());

const project = (name: string) => join(place.dir, 'projects', name);
const ask = (dir: string, requests: readonly string[], env: Record<string, string> = {}) =>
  evaluate(
    `require(${JSON.stringify(join(backends, 'resolve.js'))}).installResolver();
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
    fakeAddon(join(own, 'tfjs-node'));
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

  it('follows FOLDLAB_TENSORFLOW where the link of the project leads to another build', async () => {
    const scope = join(project('linked'), 'node_modules', '@tensorflow');
    mkdirSync(scope, { recursive: true });
    symlinkSync(packageDir({ dir: cpu }), join(scope, 'tfjs-node-gpu'));
    const names = ['@tensorflow/tfjs-node-gpu'];
    expect(await ask(project('linked'), names)).toEqual(['cpu build']);
    expect(await ask(project('linked'), names, { FOLDLAB_TENSORFLOW: 'wasm' })).toEqual(['wasm build']);
  });

  it('hooks once when it is installed twice, by two copies of foldlab too', async () => {
    const copy = compileBackends(join(place.dir, 'copy'));
    const same = await evaluate(
      `const Module = require('node:module');
       require(process.argv[2] + '/resolve.js').installResolver();
       const hooked = Module._resolveFilename;
       for (const dir of process.argv.slice(2)) require(dir + '/resolve.js').installResolver();
       console.log(JSON.stringify(hooked === Module._resolveFilename));`,
      { dir: project('twice'), args: [backends, copy] },
    );
    expect(same).toBe(true);
  });

  it('does not touch other packages', async () => {
    fakePackage(join(project('other'), 'node_modules', 'other'), 'other');
    expect(await ask(project('other'), ['other'])).toEqual(['other']);
  });
});
