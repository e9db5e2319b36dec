import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installKernelspec, kernelspecDir, uninstallKernelspec } from '../../../sdk/src/cli/kernelspec.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'foldlab-kernelspec-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

describe('installKernelspec', () => {
  it('writes a kernel.json that starts tslab with the preload, again and again', async () => {
    const place = await installKernelspec({ prefix: dir });
    expect(await installKernelspec({ prefix: dir })).toBe(place);
    expect(place).toBe(join(dir, 'share', 'jupyter', 'kernels', 'foldlab'));
    const spec = JSON.parse(readFileSync(join(place, 'kernel.json'), 'utf8'));
    expect(spec).toMatchObject({
      display_name: 'TypeScript (foldlab)',
      language: 'typescript',
      interrupt_mode: 'signal',
    });
    const [node, require, preload, tslab, ...rest] = spec.argv;
    expect([node, require]).toEqual([process.execPath, '--require']);
    expect(preload).toMatch(/sdk.dist.kernel\.js$/);
    expect(existsSync(tslab)).toBe(true);
    expect(rest).toEqual(['kernel', '--config-path', '{connection_file}']);
    expect(existsSync(join(place, 'logo-svg.svg'))).toBe(true);
  });

  it("starts the project's own tslab when it has one", async () => {
    const own = join(dir, 'project', 'node_modules', 'tslab');
    mkdirSync(join(own, 'bin'), { recursive: true });
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'tslab', bin: { tslab: 'bin/tslab' } }));
    const place = await installKernelspec({ prefix: dir, projectDir: join(dir, 'project') });
    const { argv } = JSON.parse(readFileSync(join(place, 'kernel.json'), 'utf8'));
    expect(argv[3]).toContain(join('project', 'node_modules', 'tslab', 'bin', 'tslab'));
  });

  it('says how to choose another folder when it cannot write', async () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    await expect(installKernelspec({ prefix: file })).rejects.toThrow(
      /Cannot install the kernel into .*--prefix DIR/,
    );
  });
});

describe('uninstallKernelspec', () => {
  it('removes what was installed and refuses when there is nothing or something else', async () => {
    const place = await installKernelspec({ prefix: dir, name: 'mine' });
    await uninstallKernelspec({ prefix: dir, name: 'mine' });
    expect(existsSync(place)).toBe(false);
    await expect(uninstallKernelspec({ prefix: dir, name: 'mine' })).rejects.toThrow('there is none in');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'kernel.json'), '{"argv": []}');
    await expect(uninstallKernelspec({ prefix: dir, name: 'mine' })).rejects.toThrow("is not foldlab's");
    expect(existsSync(place)).toBe(true);
  });
});

describe('kernelspecDir', () => {
  it("is the user's when nothing is asked for", () => {
    vi.stubEnv('JUPYTER_DATA_DIR', dir);
    expect(kernelspecDir({})).toBe(join(dir, 'kernels', 'foldlab'));
  });

  it("is the Python's environment when sysPrefix is asked for", () => {
    expect(kernelspecDir({ sysPrefix: true, name: 'a' })).toMatch(/share.jupyter.kernels.a$/);
    expect(() => kernelspecDir({ sysPrefix: true, python: join(dir, 'no-python') })).toThrow(
      /no Python answers .*--python/,
    );
  });

  it('refuses places that exclude each other and names that Jupyter does not take', () => {
    expect(() => kernelspecDir({ user: true, prefix: dir })).toThrow(
      '--user and --prefix exclude each other',
    );
    expect(() => kernelspecDir({ name: 'a b' })).toThrow('current value is "a b"');
  });
});
