/** The hook for image volumes, on generated ones: the real ones are hundreds of gigabytes. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVolume } from '../../examples/knight/volumes.js';

const ROOT = join(import.meta.dirname, '..', '..');
let dir: string;
beforeAll(() => {
  // below the root, so that a pipeline in it finds the packages
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  dir = mkdtempSync(join(ROOT, 'out', 'test-volumes-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A NIfTI-1 file of 16-bit integers, by the format's table of fields; both byte orders are allowed. */
function nifti(shape: number[], values: number[], { slope = 0, intercept = 0, little = true } = {}): Buffer {
  const view = new DataView(new ArrayBuffer(352 + 2 * values.length));
  view.setInt32(0, 348, little);
  [shape.length, ...shape].forEach((size, i) => view.setInt16(40 + 2 * i, size, little));
  view.setInt16(70, 4, little); // 16-bit integers
  view.setInt16(72, 16, little);
  [1, 0.75, 0.5, 3].forEach((size, i) => view.setFloat32(76 + 4 * i, size, little));
  view.setFloat32(108, 352, little); // where the voxels begin
  view.setFloat32(112, slope, little);
  view.setFloat32(116, intercept, little);
  [...Buffer.from('n+1\0')].forEach((byte, i) => view.setUint8(344 + i, byte));
  values.forEach((value, i) => view.setInt16(352 + 2 * i, value, little));
  return Buffer.from(view.buffer);
}

function keep(id: string, file: Buffer): void {
  mkdirSync(join(dir, id), { recursive: true });
  writeFileSync(join(dir, id, 'imaging.nii.gz'), file);
}

describe('readVolume', () => {
  it('gives voxels in Hounsfield units with shape and spacing', async () => {
    keep('case_00000', gzipSync(nifti([2, 3, 1], [0, 1, 2, 3, 4, -5], { slope: 2, intercept: -1000 })));
    expect(await readVolume(dir, 'case_00000')).toEqual({
      data: Float32Array.of(-1000, -998, -996, -994, -992, -1010),
      shape: [2, 3, 1],
      spacing: [0.75, 0.5, 3],
    });
  });

  it('reads the other byte order, without compression and scaling', async () => {
    keep('case_00001', nifti([2, 1, 1], [258, -1], { little: false }));
    expect((await readVolume(dir, 'case_00001')).data).toEqual(Float32Array.of(258, -1));
  });

  it('says which file is missing, no NIfTI, or of another shape', async () => {
    await expect(readVolume(dir, 'case_00007')).rejects.toThrow(
      /image of case_00007: there must be a file .*imaging\.nii\.gz; get the images/,
    );
    keep('case_00008', Buffer.from('no image'.repeat(100)));
    await expect(readVolume(dir, 'case_00008')).rejects.toThrow('must be a NIfTI file');
    keep('case_00009', nifti([2, 1, 1, 2], [1, 2, 3, 4]));
    await expect(readVolume(dir, 'case_00009')).rejects.toThrow('three axes');
  });
});

describe('a run on volumes', () => {
  it('reads images in the workers, when its functions ask for them', async () => {
    for (let i = 10; i < 16; i++) keep(`case_000${i}`, gzipSync(nifti([2, 2, 2], Array(8).fill(i))));
    const pipeline = join(dir, 'pipeline.ts');
    writeFileSync(
      pipeline,
      `import { run } from 'foldlab';
import { readVolume } from '../../examples/knight/volumes';
const images = ${JSON.stringify(dir)};
const brightness = async (id) => { const { data } = await readVolume(images, id); return data.reduce((a, b) => a + b) / data.length; };
run({ numFolds: 3, numRepetitions: 1, numGpusTotal: 0, numGpusPerSplit: 1, display: false, dir: images + '/run', cacheDir: images + '/cache',
  datasetFunc: async () => ({ train: { length: 6, ids: [10, 11, 12, 13, 14, 15].map((i) => 'case_000' + i) } }),
  trainFunc: async ({ sampleIds }) => { let sum = 0; for (const id of sampleIds[0]) sum += await brightness(id); return { sum }; },
  inferFunc: async ({ sampleIds }) => ({ ids: sampleIds[1], scores: await Promise.all(sampleIds[1].map(brightness)) }),
  evalFunc: async ({ model, predictions: p }) => ({ both: model.sum + p.scores.reduce((a, b) => a + b) }),
}).then((result) => console.log(JSON.stringify(result.folds.map((fold) => fold.validation.metrics.both))));
`,
    );
    const foldlab = join(ROOT, 'sdk', 'bin', 'foldlab.js');
    const { stdout } = await promisify(execFile)(process.execPath, [foldlab, 'run', pipeline], { cwd: ROOT });
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual([75, 75, 75]);
  });
});
