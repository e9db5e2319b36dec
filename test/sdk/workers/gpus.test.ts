import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { discoverGpus, type Exec } from '../../../sdk/src/workers/gpus.js';

const tools =
  (outputs: Record<string, string>): Exec =>
  async (command, args) =>
    outputs[[command, ...args].join(' ')] ?? null;

const QUERY =
  'nvidia-smi --query-gpu=index,uuid,name,memory.total,memory.used,mig.mode.current --format=csv,noheader,nounits';
const OLD_QUERY = QUERY.replace(',mig.mode.current', '');
const ROCM = 'rocm-smi --showuniqueid --showproductname --showmeminfo vram --json';
const AMD = 'amd-smi static --asic --vram --json';
const NONE = { kind: 'none', variable: 'CUDA_VISIBLE_DEVICES', devices: [] };

describe('discoverGpus', () => {
  it('finds NVIDIA GPUs and what the variable leaves of them', async () => {
    const exec = tools({ [QUERY]: '0, GPU-a, T4, 15360, 12, [N/A]\n1, GPU-b, T4, 15360, 0, [N/A]\n' });
    const device = { id: 'GPU-b', name: 'T4', memoryTotalMiB: 15360, memoryUsedMiB: 0, lockName: 'GPU-b' };
    expect(await discoverGpus({ CUDA_VISIBLE_DEVICES: '1' }, exec)).toEqual({
      kind: 'cuda',
      variable: 'CUDA_VISIBLE_DEVICES',
      devices: [device],
    });
    expect((await discoverGpus({}, exec)).devices.map((gpu) => gpu.id)).toEqual(['GPU-a', 'GPU-b']);
    expect(await discoverGpus({ CUDA_VISIBLE_DEVICES: '' }, exec)).toMatchObject({
      kind: 'cuda',
      devices: [],
    });
  });

  it('asks for the instances when MIG is on', async () => {
    const exec = tools({
      [QUERY]: '0, GPU-a, H100, 81559, 12, Enabled\n',
      'nvidia-smi -L': 'GPU 0: H100 (UUID: GPU-a)\n  MIG 1g.10gb Device 0: (UUID: MIG-x)\n',
    });
    expect((await discoverGpus({}, exec)).devices.map((gpu) => gpu.id)).toEqual(['MIG-x']);
  });

  it('asks again without MIG when the driver does not know it', async () => {
    const exec = tools({ [OLD_QUERY]: '0, GPU-a, K80, 11441, 0\n' });
    expect((await discoverGpus({}, exec)).devices.map((gpu) => gpu.id)).toEqual(['GPU-a']);
  });

  it('finds AMD GPUs by either tool, and locks them by their unique id', async () => {
    const rocm = tools({ [ROCM]: '{"card0":{"Unique ID":"0x1"},"card1":{"Unique ID":"0x2"}}' });
    const found = await discoverGpus({ ROCR_VISIBLE_DEVICES: '1' }, rocm);
    expect(found).toMatchObject({ kind: 'rocm', variable: 'HIP_VISIBLE_DEVICES' });
    expect(found.devices.map((gpu) => [gpu.id, gpu.lockName])).toEqual([['0', '0x2']]);
    const amd = await discoverGpus({}, tools({ [AMD]: '[{"gpu":0}]' }));
    expect(amd.devices).toEqual([
      { id: '0', name: 'AMD GPU', memoryTotalMiB: null, memoryUsedMiB: null, lockName: 'rocm-0' },
    ]);
  });

  it('finds none when no tool is there or it sees no device', async () => {
    expect(await discoverGpus({}, tools({}))).toEqual(NONE);
    expect(await discoverGpus({}, tools({ [QUERY]: 'No devices were found\n' }))).toEqual(NONE);
  });

  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));
  const path = (script: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'foldlab-smi-'));
    folders.push(folder);
    writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return folder;
  };

  it.skipIf(process.platform === 'win32')('runs the nvidia-smi of the PATH it is given', async () => {
    const PATH = path(
      'printf "0, GPU-fake, $LC_ALL $1, 100, 1, Disabled\\n" | sed "s/--query-gpu=.*current/query/"',
    );
    const { devices } = await discoverGpus({ PATH: `${PATH}:${process.env['PATH']}` });
    expect(devices).toEqual([
      { id: 'GPU-fake', name: 'C query', memoryTotalMiB: 100, memoryUsedMiB: 1, lockName: 'GPU-fake' },
    ]);
  });

  it.skipIf(process.platform === 'win32')('finds none when nvidia-smi fails or is not there', async () => {
    expect(
      await discoverGpus({ PATH: path('echo "couldn\'t communicate with the driver"; exit 9') }),
    ).toEqual(NONE);
    expect(await discoverGpus({ PATH: '/nonexistent' })).toEqual(NONE);
  });
});
