/**
 * What the npm package holds, and what the repository must not.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(__dirname, '../..');
const SDK = join(ROOT, 'sdk');
const exec = promisify(execFile);
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

describe('the npm package', () => {
  let files: string[];
  beforeAll(async () => {
    const { stdout } = await exec('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: SDK });
    files = (JSON.parse(stdout) as { files: { path: string }[] }[])[0]!.files.map(({ path }) => path);
  });

  it('holds everything that its package.json and its entries name', () => {
    const { main, types, bin } = readJson(SDK, 'package.json') as Record<string, any>;
    const view = readJson(SDK, 'view', 'package.json') as Record<string, string>;
    const tf = readJson(SDK, 'tf', 'package.json') as Record<string, string>;
    const named = [main, types, bin.foldlab];
    for (const name of ['main', 'types']) named.push(join('view', view[name]!), join('tf', tf[name]!));
    expect(files).toEqual(expect.arrayContaining(named.map((file) => join(file))));
  });

  it('is imported by name from an ES module, its parts too', async () => {
    const code = `import { run } from 'foldlab'; import { trainLoop } from 'foldlab/tf'; import { parseRunModel } from 'foldlab/view';
      console.log([run, trainLoop, parseRunModel].map((each) => typeof each).join());`;
    const { stdout } = await exec(process.execPath, ['--input-type=module', '--eval', code], { cwd: ROOT });
    expect(stdout.trim()).toBe('function,function,function');
  });

  it('holds what is started by path: worker, kernel, the files of TensorFlow, Ray and the kernelspec', () => {
    for (const file of ['dist/worker.js', 'dist/kernel.js', 'dist/cli/index.js', 'README.md', 'LICENSE']) {
      expect(files).toContain(file);
    }
    for (const folder of ['assets/tensorflow/wheels/', 'assets/kernel/', 'assets/ray/']) {
      expect(files.filter((file) => file.startsWith(folder))).not.toEqual([]);
    }
  });

  it('holds no sources, no tests and nothing outside its five folders', () => {
    const expected = /^(dist|bin|view|tf|assets)\/|^(package\.json|README\.md|LICENSE)$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
    expect(files.filter((file) => /\.test\.|(^|\/)(src|test)\//.test(file))).toEqual([]);
    expect(files.filter((file) => /\.ts$/.test(file) && !/\.d\.ts$/.test(file))).toEqual([]);
  });

  it('carries the repository’s licence', () => {
    expect(readFileSync(join(SDK, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  });

  it('does not depend on TensorFlow, whose install script downloads one', () => {
    const { packages } = readJson(ROOT, 'package-lock.json') as { packages: Record<string, object> };
    expect(Object.keys(packages).filter((path) => path.includes('node_modules/@tensorflow/'))).toEqual([]);
  });
});

describe('the repository', () => {
  it('locks packages without an address to fetch them from', () => {
    for (const lock of ['package-lock.json', 'sdk/assets/tensorflow/package-lock.json']) {
      const { packages } = readJson(ROOT, lock) as {
        packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
      };
      const entries = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));
      expect(entries.length).toBeGreaterThan(10);
      expect(entries.filter(([, { resolved }]) => /^[a-z+]+:/.test(resolved ?? ''))).toEqual([]);
      // the address may be any; the content may not
      expect(entries.filter(([, { link, integrity }]) => !link && !integrity)).toEqual([]);
    }
  });

  it.skipIf(!existsSync(join(ROOT, '.git')))('names no package registry in a tracked file', async () => {
    const hosts = ['registry.npmjs.org', 'registry.yarnpkg.com', 'files.pythonhosted.org', 'pypi.org/simple'];
    const { stdout } = await exec('npm', ['config', 'get', 'registry'], { cwd: ROOT });
    hosts.push(new URL(stdout.trim()).host);
    for (const name of ['PIP_INDEX_URL', 'UV_INDEX_URL', 'npm_config_registry']) {
      const url = process.env[name];
      if (url && URL.canParse(url)) hosts.push(new URL(url).host);
    }
    const patterns = hosts.flatMap((host) => ['-e', host]);
    let found = '';
    try {
      found = execFileSync('git', ['grep', '-lF', ...patterns, '--', '.', ':!test/packaging/pack.test.ts'], {
        cwd: ROOT,
        encoding: 'utf8',
      });
    } catch (error) {
      // 1: nothing was found
      if ((error as { status?: number }).status !== 1) throw error;
    }
    expect(found.split('\n').filter(Boolean)).toEqual([]);
  });
});
