import { describe, expect, it } from 'vitest';
import {
  cudaDevices,
  parseMigList,
  parseNvidiaCsv,
  visibleCudaDevices,
} from '../../../sdk/src/workers/nvidiaSmi.js';

const CSV = `0, GPU-aaaa1111-0000, NVIDIA A100-SXM4-80GB, 81920, 512, Disabled
1, GPU-bbbb2222-0000, NVIDIA A100-SXM4-80GB, 81920, 3, Enabled
2, GPU-cccc3333-0000, NVIDIA GB10, [N/A], [N/A], [N/A]
10, GPU-cccc4444-0000, NVIDIA T4, 15360, 0, [N/A]
`;
const LIST = `GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-aaaa1111-0000)
GPU 1: NVIDIA A100-SXM4-80GB (UUID: GPU-bbbb2222-0000)
  MIG 1g.10gb     Device  0: (UUID: MIG-a686709d-1)
  MIG 2g.20gb+me  Device  1: (UUID: MIG-53864714-2)
GPU 2: NVIDIA GB10 (UUID: GPU-cccc3333-0000)
`;
const devices = cudaDevices(parseNvidiaCsv(CSV), parseMigList(LIST));
const visible = (variable?: string) => visibleCudaDevices(devices, variable).map((device) => device.id);

describe('parseNvidiaCsv', () => {
  it('reads each GPU, with unknown memory as null and indices of two digits', () => {
    const gpus = parseNvidiaCsv(CSV);
    expect(gpus.map((gpu) => gpu.index)).toEqual([0, 1, 2, 10]);
    expect(gpus[0]).toEqual({
      index: 0,
      uuid: 'GPU-aaaa1111-0000',
      name: 'NVIDIA A100-SXM4-80GB',
      memoryTotalMiB: 81920,
      memoryUsedMiB: 512,
      mig: false,
    });
    expect(gpus[1].mig).toBe(true);
    expect(gpus[2].memoryTotalMiB).toBeNull();
  });

  it('passes over lines that are no GPU, and takes Windows line ends', () => {
    expect(parseNvidiaCsv('No devices were found\n')).toEqual([]);
    expect(
      parseNvidiaCsv('Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error\n'),
    ).toEqual([]);
    expect(parseNvidiaCsv('0, GPU-a, T4, 1, 2, Enabled\r\n')[0].mig).toBe(true);
  });
});

describe('cudaDevices', () => {
  it('puts the instances in the place of a GPU that MIG cuts', () => {
    expect(devices.map((device) => device.id)).toEqual([
      'GPU-aaaa1111-0000',
      'MIG-a686709d-1',
      'MIG-53864714-2',
      'GPU-cccc3333-0000',
      'GPU-cccc4444-0000',
    ]);
    expect(devices[2]).toMatchObject({
      name: 'NVIDIA A100-SXM4-80GB MIG 2g.20gb+me',
      memoryTotalMiB: 20480,
      memoryUsedMiB: null,
    });
  });

  it('has nothing for a GPU that MIG cuts into no instances', () => {
    expect(cudaDevices(parseNvidiaCsv('0, GPU-a, A100, 1, 1, Enabled\n'), [])).toEqual([]);
  });

  it('reads the longer instance names of old drivers', () => {
    const list = 'GPU 0: A (UUID: GPU-a)\n  MIG 3g.20gb Device 0: (UUID: MIG-GPU-a/1/0)\n';
    expect(parseMigList(list)).toEqual([{ gpuUuid: 'GPU-a', profile: '3g.20gb', uuid: 'MIG-GPU-a/1/0' }]);
  });
});

describe('visibleCudaDevices', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, devices.map((device) => device.id)],
    ['', []],
    ['-1', []],
    ['NoDevFiles', []],
    ['2,0', ['GPU-cccc3333-0000', 'GPU-aaaa1111-0000']],
    [' 0 , 2 ', ['GPU-aaaa1111-0000', 'GPU-cccc3333-0000']],
    ['10', ['GPU-cccc4444-0000']],
    ['1', ['MIG-a686709d-1']],
    ['GPU-bbbb', ['MIG-a686709d-1']],
    ['GPU-cccc3,GPU-aaaa1111-0000', ['GPU-cccc3333-0000', 'GPU-aaaa1111-0000']],
    ['MIG-5386', ['MIG-53864714-2']],
    // ambiguous, unknown or repeated entries end the list
    ['0,GPU-cccc,2', ['GPU-aaaa1111-0000']],
    ['0,7,2', ['GPU-aaaa1111-0000']],
    ['0,-1,2', ['GPU-aaaa1111-0000']],
    ['0,0,2', ['GPU-aaaa1111-0000']],
    ['0,GPU-aaaa,2', ['GPU-aaaa1111-0000']],
  ])('shows what CUDA shows for %j', (variable, expected) => {
    expect(visible(variable)).toEqual(expected);
  });
});
