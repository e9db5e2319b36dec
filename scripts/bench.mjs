// npm run bench -- NAME [options]: runs test/bench/NAME.bench.mjs after set-up.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from './setup.mjs';
import { main, ROOT, SetupFailure } from './steps.mjs';

const SUFFIX = '.bench.mjs';
const dir = join(ROOT, 'test', 'bench');

await main(async () => {
  const names = existsSync(dir)
    ? readdirSync(dir)
        .filter((file) => file.endsWith(SUFFIX))
        .map((file) => file.slice(0, -SUFFIX.length))
    : [];
  const [name, ...options] = process.argv.slice(2);
  if (!names.includes(name)) {
    throw new SetupFailure(
      `Cannot run the benchmark ${name === undefined ? '' : `"${name}" `}: give one of ${names.join(', ') || '(there are none)'}, ` +
        'as in npm run bench -- NAME [--json]',
    );
  }
  await setUp({ tensorflow: true });
  const child = spawn(process.execPath, [join(dir, name + SUFFIX), ...options], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
});
