import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileBackends, evaluate, scratch } from './compiled.js';
import { wheelsFor } from '../../../sdk/src/backends/wheels.js';

const place = scratch();
const cache = join(place.dir, 'cache');
let backends: string;
beforeAll(() => void (backends = compileBackends(join(place.dir, 'foldlab'))));
afterAll(() => place.remove());

/** Set-up with nothing but the given tiny programs on the PATH. */
function setUp(programs: Record<string, string>, env: Record<string, string> = {}) {
  const bin = join(place.dir, `bin-${Object.keys(programs).join('-')}`);
  mkdirSync(bin, { recursive: true });
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return evaluate(
    `const log = [];
     require(${JSON.stringify(join(backends, 'setup.js'))}).setUpTensorflow({ log: (line) => log.push(line) }).then(
       () => console.log(JSON.stringify({ log, error: null })),
       (error) => console.log(JSON.stringify({ log, error: error.message, code: error.code })));`,
    {
      dir: place.dir,
      env: {
        FOLDLAB_CACHE: cache,
        PATH: bin,
        CXX: undefined,
        FOLDLAB_PYTHON: undefined,
        FOLDLAB_TENSORFLOW: '',
        ...env,
      } as any,
    },
  );
}

describe.skipIf(process.platform !== 'linux')('setUpTensorflow', () => {
  it('says which tool is missing when the kind was asked for', async () => {
    const asked = { FOLDLAB_TENSORFLOW: 'cpu' };
    expect(await setUp({}, asked)).toMatchObject({
      code: 'FOLDLAB_SETUP',
      error: expect.stringContaining('Cannot build TensorFlow (cpu): there is no C++ compiler; install one'),
    });
    expect(await setUp({ 'g++': 'exit 0' }, asked)).toMatchObject({
      error: expect.stringContaining('there is no Python 3 with pip or venv; install one'),
    });
  });

  it('goes on to the fallbacks when no kind was asked for, and leaves nothing half-built', async () => {
    // what a set-up that was killed had to leave
    mkdirSync(join(cache, 'tensorflow', 'tfjs-4.22.0-wasm.building-1', 'node_modules'), { recursive: true });
    const { log, error } = await setUp({ npm: 'echo no network >&2; exit 7' });
    expect(log[0]).toContain('there is no C++ compiler');
    expect(log.filter((line: string) => line.includes('installing its npm packages'))).toHaveLength(2);
    expect(error).toBe('Cannot install TensorFlow.js from npm: npm ended with code 7\nno network');
    expect(readdirSync(join(cache, 'tensorflow'))).toEqual([]);
  });

  it('wants the CUDA build when the driver lists a GPU', async () => {
    const { log } = await setUp({ 'nvidia-smi': 'echo "GPU 0: NVIDIA H200 (UUID: GPU-1)"', npm: 'exit 1' });
    expect(log[0]).toContain('Cannot build TensorFlow (cuda)');
  });
});

describe('wheelsFor', () => {
  it('has CPU wheels for Linux on both processors and CUDA wheels for one', () => {
    expect(wheelsFor('cpu', 'linux', 'x64')?.platforms).toEqual(['manylinux_2_27_x86_64']);
    expect(wheelsFor('cpu', 'linux', 'arm64')?.platforms).toEqual(['manylinux_2_27_aarch64']);
    expect(wheelsFor('cuda', 'linux', 'x64')).not.toBeNull();
    expect(wheelsFor('cuda', 'linux', 'arm64')).toBeNull();
    expect(wheelsFor('cpu', 'win32', 'x64')).toBeNull();
  });
});
