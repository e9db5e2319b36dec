// node scripts/wheel.mjs [--out DIR]: the Python wheel `foldlab` with the built extension, in out/wheel by default.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { venvProgram } from './python.mjs';
import { setUp } from './setup.mjs';
import { command, main, ROOT, step } from './steps.mjs';

const EXTENSION = join(ROOT, 'lab-extension');

/** Builds the wheel into `out` and returns its path. */
export async function buildWheel(out = join(ROOT, 'out', 'wheel')) {
  // beside pyproject.toml: a wheel holds nothing from outside
  const kernel = join(EXTENSION, 'kernel');
  rmSync(kernel, { recursive: true, force: true });
  cpSync(join(ROOT, 'sdk', 'assets', 'kernel'), kernel, { recursive: true });
  cpSync(
    join(ROOT, 'sdk', 'assets', 'ray', 'ray_bridge.py'),
    join(EXTENSION, 'python', 'foldlab', 'ray_bridge.py'),
  );
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await command(venvProgram('python'), [
    '-m',
    'pip',
    'wheel',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--wheel-dir',
    out,
    EXTENSION,
  ]);
  return join(
    out,
    readdirSync(out).find((name) => name.endsWith('.whl')),
  );
}

if (process.argv[1]?.endsWith('wheel.mjs')) {
  await main(async () => {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    await setUp({ jupyter: true });
    await step('wheel', async () => buildWheel(values.out));
  });
}
