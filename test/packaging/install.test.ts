/**
 * The packed package in a user's project, by npm 10 and 11 with their own defaults. Needs the npm registry.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SDK = resolve(__dirname, '../../sdk');
const exec = promisify(execFile);
const NPMS = { 'npm of this machine': ['npm'], 'npm 10': ['npx', '-y', 'npm@10'] } as const;

/** The environment of a user's shell: what `npm test` tells its scripts must not reach another npm. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_(?!registry|userconfig|cache)|package|lifecycle)/i.test(name),
  ),
);

const online = await exec(
  'npm',
  ['view', 'npm@10', 'version', '--fetch-retries=0', '--fetch-timeout=15000'],
  {
    env,
  },
).then(
  () => true,
  () => false,
);
if (!online) console.warn('skipped: the npm registry cannot be reached, so the package cannot be installed');

describe.skipIf(!online)('npm install foldlab', () => {
  let dir: string;
  let tarball: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'foldlab-install-'));
    await exec('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], { cwd: SDK, env });
    tarball = join(
      dir,
      readdirSync(dir).find((name) => name.endsWith('.tgz'))!,
    );
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each(Object.entries(NPMS))(
    'brings no TensorFlow and works at once, by %s',
    async (name, [command, ...args]) => {
      const project = join(dir, name.replaceAll(' ', '-'));
      mkdirSync(project);
      writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', private: true }));
      const cwd = project;
      await exec(command, [...args, 'install', tarball, '--no-audit', '--no-fund', '--prefer-offline'], {
        cwd,
        env,
      });

      expect(existsSync(join(project, 'node_modules', '@tensorflow'))).toBe(false);
      const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { hasInstallScript?: boolean }>;
      };
      expect(Object.keys(lock.packages).filter((path) => /tensorflow|tfjs/.test(path))).toEqual([]);

      const script = `const { run, session, metrics } = require('foldlab'); const { runTable } = require('foldlab/view');
      console.log([run, session.close, metrics.accuracy, runTable].map((value) => typeof value).join());`;
      const loaded = await exec(process.execPath, ['-e', script], { cwd, env });
      expect(loaded.stdout.trim()).toBe('function,function,function,function');

      // an empty cache, so that what this machine has built is not found: doctor must cope, and may exit 1
      const doctor = exec('npx', ['foldlab', 'doctor', '--json'], {
        cwd,
        env: { ...env, FOLDLAB_CACHE: join(project, 'cache') },
      });
      const { stdout } = await doctor.catch((error: { stdout: string }) => error);
      const { checks } = JSON.parse(stdout) as {
        checks: { name: string; state: string; fix: string | null }[];
      };
      const states = Object.fromEntries(checks.map(({ name: check, state }) => [check, state]));
      expect(states).toMatchObject({ Node: 'ok', tslab: 'ok' });
      expect(checks.find((check) => check.name === 'TensorFlow')?.fix).toContain('foldlab setup');
    },
  );
});
