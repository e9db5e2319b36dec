import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TENSORFLOW_VERSION, TFJS_VERSION } from '../../../sdk/src/backends/cache.js';
import { ASSETS } from '../../../sdk/src/backends/wheels.js';

const read = (name: string) => readFileSync(join(ASSETS, name), 'utf8');

describe.each(['', 'webgpu'])('the committed npm lock %s', (folder) => {
  it('pins every package by hash, names no registry and agrees with the manifest', () => {
    const { packages } = JSON.parse(read(join(folder, 'package-lock.json')));
    const { '': root, ...rest } = packages;
    expect(root.dependencies).toEqual(JSON.parse(read(join(folder, 'package.json'))).dependencies);
    expect(root.dependencies['@tensorflow/tfjs-node-gpu']).toBe(TFJS_VERSION);
    for (const [name, entry] of Object.entries<any>(rest)) {
      expect([name, typeof entry.integrity, entry.resolved]).toEqual([name, 'string', undefined]);
    }
  });
});

describe('the committed requirements', () => {
  it('pin every wheel by hash and TensorFlow by the version that the key names', () => {
    const files = readdirSync(join(ASSETS, 'wheels'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const lines = read(`wheels/${file}`)
        .split('\n')
        .filter((line) => line && !line.startsWith('#'));
      for (const line of lines) expect(line).toMatch(/^[a-z0-9-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
      expect(lines[0]).toMatch(new RegExp(`^tensorflow(-cpu)?==${TENSORFLOW_VERSION} `));
    }
  });
});
