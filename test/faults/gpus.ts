/** GPUs for tests: a program in the place of `nvidia-smi`. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A `nvidia-smi` that knows two GPUs with names of this test alone, since locks are host-wide. */
export function fakeGpus(dir: string): { env: { PATH: string }; ids: [string, string] } {
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  const tag = `${process.pid}-${Date.now()}`;
  const ids: [string, string] = [`GPU-a-${tag}`, `GPU-b-${tag}`];
  const rows = ids.map((id, i) => `${i}, ${id}, Fake 1000, 1000, 1, Disabled`).join('\\n');
  writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\nprintf '${rows}\\n'\n`);
  chmodSync(join(bin, 'nvidia-smi'), 0o755);
  return { env: { PATH: `${bin}:${process.env.PATH}` }, ids };
}
