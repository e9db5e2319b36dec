import { describe, expect, it } from 'vitest';
import { parseAmdSmi, parseRocmSmi, visibleRocmDevices } from '../../../sdk/src/workers/rocmSmi.js';

const ROCM = `WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status
{"card1": {"Unique ID": "0x4b2c", "Card Series": "AMD Instinct MI300X", "VRAM Total Memory (B)": "205822885888", "VRAM Total Used Memory (B)": "297795584"},
 "card0": {"Unique ID": "0x1a9f", "Card series": "AMD Instinct MI300X", "VRAM Total Memory (B)": "N/A"},
 "system": {"Driver version": "6.7"}}`;

const AMD = JSON.stringify([
  {
    gpu: 0,
    asic: { market_name: 'MI210', asic_serial: '0xABCD' },
    vram: { size: { value: 65520, unit: 'MB' } },
  },
  { gpu: 1, asic: { market_name: 'MI210', asic_serial: 'N/A' }, vram: { size: 'N/A' } },
]);

const gpus = parseRocmSmi(ROCM);
const visible = (env: Record<string, string>) =>
  visibleRocmDevices(gpus, env).map(({ hipIndex, gpu }) => [hipIndex, gpu.uniqueId]);

describe('parseRocmSmi', () => {
  it('reads the cards in order of their numbers, after a warning', () => {
    expect(gpus).toEqual([
      {
        index: 0,
        name: 'AMD Instinct MI300X',
        uniqueId: '0x1a9f',
        memoryTotalMiB: null,
        memoryUsedMiB: null,
      },
      {
        index: 1,
        name: 'AMD Instinct MI300X',
        uniqueId: '0x4b2c',
        memoryTotalMiB: 196288,
        memoryUsedMiB: 284,
      },
    ]);
  });

  it('has nothing when the output is no JSON', () => {
    expect(parseRocmSmi('')).toEqual([]);
    expect(parseRocmSmi('ERROR: {not json')).toEqual([]);
  });
});

describe('parseAmdSmi', () => {
  it.each([AMD, JSON.stringify({ gpu_data: JSON.parse(AMD) })])('reads the list, bare or wrapped', (text) => {
    expect(parseAmdSmi(text)).toEqual([
      { index: 0, name: 'MI210', uniqueId: '0xABCD', memoryTotalMiB: 65520, memoryUsedMiB: null },
      { index: 1, name: 'MI210', uniqueId: null, memoryTotalMiB: null, memoryUsedMiB: null },
    ]);
    expect(parseAmdSmi('[]')).toEqual([]);
  });
});

describe('visibleRocmDevices', () => {
  it('shows all when no variable is set, none when one is empty', () => {
    expect(visible({})).toEqual([
      [0, '0x1a9f'],
      [1, '0x4b2c'],
    ]);
    expect(visible({ HIP_VISIBLE_DEVICES: '' })).toEqual([]);
  });

  it('picks by index, and ends at the first that is invalid', () => {
    expect(visible({ HIP_VISIBLE_DEVICES: '1,7,0' })).toEqual([[1, '0x4b2c']]);
    expect(visible({ CUDA_VISIBLE_DEVICES: '1' })).toEqual([[1, '0x4b2c']]);
  });

  it('numbers anew what ROCR_VISIBLE_DEVICES leaves', () => {
    expect(visible({ ROCR_VISIBLE_DEVICES: 'GPU-4B2C' })).toEqual([[0, '0x4b2c']]);
    expect(visible({ ROCR_VISIBLE_DEVICES: '1', HIP_VISIBLE_DEVICES: '1' })).toEqual([]);
    expect(visible({ ROCR_VISIBLE_DEVICES: '1,0', HIP_VISIBLE_DEVICES: '1' })).toEqual([[1, '0x1a9f']]);
  });
});
