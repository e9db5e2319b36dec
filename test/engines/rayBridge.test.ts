/** The process that speaks to Ray, where Ray misbehaves. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findPython } from '../../scripts/python.mjs';
import { startBridge, type Bridge } from '../../sdk/src/engines/ray/bridge.js';

const file = join(import.meta.dirname, '..', '..', 'sdk', 'assets', 'ray', 'ray_bridge.py');
const start = (crashes: number): Bridge =>
  startBridge(
    { python: findPython(), file, address: 'ray://cluster' },
    {
      ...process.env,
      PYTHONPATH: join(import.meta.dirname, 'fixtures', 'crashing'),
      CRASHES: String(crashes),
    },
  );

it('connects once more when the process that Ray starts for it crashes', async () => {
  const bridge = start(4);
  await expect(bridge.ready).resolves.toBeUndefined();
  await bridge.close();
});

it('gives up when it crashes every time, in Ray’s words', async () => {
  await expect(start(5).ready).rejects.toThrow(
    /Cannot use Ray at 'ray:\/\/cluster'.*\n.*client server failed/,
  );
});
