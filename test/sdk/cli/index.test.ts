import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main, version } from '../../../sdk/src/cli/index.js';
import { scratch } from '../backends/compiled.js';

const SDK = resolve(dirname(fileURLToPath(import.meta.url)), '../../../sdk');

let written: string;
beforeEach(() => {
  written = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
const foldlab = (...parameters: string[]) => main(['node', 'foldlab', ...parameters]);

describe('main', () => {
  it('lists every command when it is asked for help', async () => {
    await foldlab('--help');
    for (const name of ['setup', 'doctor', 'kernel'])
      expect(written).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    expect(process.exitCode ?? 0).toBe(0);
  });
  it('prints the version of the package', async () => {
    await foldlab('--version');
    expect(written.trim()).toBe(version());
  });
  it('refuses an unknown command with exit code 1', async () => {
    await foldlab('nonsense');
    expect(written).toContain("unknown command 'nonsense'");
    expect(process.exitCode).toBe(1);
  });
  it('prints only the message of a mistake of the user', async () => {
    vi.stubEnv('FOLDLAB_TENSORFLOW', 'nonsense');
    await foldlab('setup');
    vi.unstubAllEnvs();
    expect(written.split('\n')[0]).toMatch(
      /^Cannot choose a TensorFlow build: .* current value is "nonsense"/,
    );
    expect(written).not.toContain(' at ');
    expect(process.exitCode).toBe(1);
  });
});

describe('bin/foldlab.js', () => {
  it('says how to build foldlab when it has not been built', async () => {
    const place = scratch();
    mkdirSync(join(place.dir, 'bin'));
    cpSync(join(SDK, 'bin', 'foldlab.js'), join(place.dir, 'bin', 'foldlab.js'));
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) =>
      execFile(process.execPath, [join(place.dir, 'bin', 'foldlab.js')], (error, _stdout, stderr) =>
        done({ code: error?.code, stderr }),
      ),
    );
    place.remove();
    expect(code).toBe(1);
    expect(stderr).toContain("run `npm run build` in foldlab's repository first");
  });
});
