import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeHolder, hold } from '../../sdk/src/workers/hold.js';

const folder = mkdtempSync(join(tmpdir(), 'foldlab-hold-'));
const bundle = join(folder, 'hold.cjs');
const children: ChildProcess[] = [];

beforeAll(async () => {
  const entry = new URL('../../sdk/src/workers/hold.ts', import.meta.url).pathname;
  await build({ entryPoints: [entry], outfile: bundle, bundle: true, platform: 'node', format: 'cjs' });
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rmSync(folder, { recursive: true }));

/** A node process that runs `code` with `hold` in scope; resolves at its first line. */
async function run(code: string, stdio: ('pipe' | 'ignore' | number)[] = []) {
  const child = spawn(
    process.execPath,
    ['-e', `const { hold, describeHolder } = require(${JSON.stringify(bundle)});\n${code}`],
    { stdio: ['ignore', 'pipe', 'inherit', ...stdio] },
  );
  children.push(child);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, line: line.toString().trim() };
}

async function kill(child: ChildProcess) {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const holdAndStay = (name: string) =>
  `hold('${name}', { title: 'holder' }).then((h) => console.log(h ? 'held' : 'refused')); setInterval(() => {}, 1000);`;

describe.runIf(process.platform === 'linux')('hold between processes', () => {
  it('refuses the second process, which can say who is first', async () => {
    const name = `test/${randomUUID()}`;
    const { child, line } = await run(holdAndStay(name));
    expect(line).toBe('held');
    expect(await hold(name)).toBeNull();
    expect(await describeHolder(name)).toEqual({ pid: child.pid, title: 'holder' });
  });

  it('frees the name when the holder is killed', async () => {
    const name = `test/${randomUUID()}`;
    const { child } = await run(holdAndStay(name));
    await kill(child);
    const mine = await hold(name);
    expect(mine).not.toBeNull();
    await mine!.release();
  });

  it('stays held, with nobody to answer, when the holder is blocked', async () => {
    const name = `test/${randomUUID()}`;
    // in one turn of the loop, so that nothing can be answered between the word and the blocking
    await run(`hold('${name}').then(() => { require('node:fs').writeSync(1, 'held\\n'); for (;;); });`);
    expect(await hold(name)).toBeNull();
    expect(await describeHolder(name)).toBeNull();
  });

  it('does not keep a process alive', async () => {
    const { child } = await run(`hold('test/${randomUUID()}').then(() => console.log('held'));`);
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });

  it('stays held by a worker that inherited the descriptor until that ends too', async () => {
    const name = `test/${randomUUID()}`;
    const { child: holder, line } = await run(`
      hold('${name}').then((h) => {
        const { spawn } = require('node:child_process');
        const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: ['ignore', 'ignore', 'ignore', h.fd] });
        worker.once('spawn', () => console.log(worker.pid));
      });
      setInterval(() => {}, 1000);`);
    const worker = Number(line);
    await kill(holder);
    expect(await hold(name)).toBeNull();
    process.kill(worker, 'SIGKILL');
    await expect.poll(() => hold(name), { timeout: 5000 }).not.toBeNull();
  });

  it('stays held by the worker when its parent releases', async () => {
    const name = `test/${randomUUID()}`;
    const mine = await hold(name);
    const { child } = await run(`console.log('up'); setInterval(() => {}, 1000);`, [mine!.fd!]);
    await mine!.release();
    expect(await hold(name)).toBeNull();
    await kill(child);
    const again = await hold(name);
    expect(again).not.toBeNull();
    await again!.release();
  });
});
