import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A CT image. */
export interface Volume {
  /** The voxels' values (Hounsfield units), the first axis runs fastest: voxel (i, j, k) is at `i + shape[0] * (j + shape[1] * k)`. */
  readonly data: Float32Array;
  readonly shape: readonly [number, number, number];
  /** Millimetres between voxels, by axis. */
  readonly spacing: readonly [number, number, number];
}

/**
 * One patient's image, read when a function asks for it and not before: the images of all patients are hundreds of gigabytes, so that a
 * data set holds their folder and their ids, and never the voxels.
 *
 * @param folder holds `<id>/imaging.nii.gz` for every patient, as the challenge's download does
 * @throws Error when there is no such file, or it is no NIfTI image of three axes and a usual kind of numbers
 */
export async function readVolume(folder: string, id: string): Promise<Volume> {
  const path = join(folder, id, 'imaging.nii.gz');
  const failed = `Cannot read the image of ${id}`;
  if (!existsSync(path)) {
    throw new Error(
      `${failed}: there must be a file ${path}; get the images as github.com/neheller/KNIGHT says, and give their folder as datasetParams.images`,
    );
  }
  // loaded here: without images nobody needs it
  const nifti = await import('nifti-reader-js');
  const file = bufferOf(readFileSync(path));
  const bytes = nifti.isCompressed(file) ? bufferOf(new Uint8Array(nifti.decompress(file))) : file;
  const header = nifti.isNIFTI(bytes) ? nifti.readHeader(bytes) : null;
  if (!header) throw new Error(`${failed}: ${path} must be a NIfTI file, and it is not`);
  const kind = KINDS[header.datatypeCode];
  const [axes, ...sizes] = header.dims;
  const [x = 1, y = 1, z = 1, ...more] = sizes.slice(0, axes);
  if (!kind || more.some((size) => size > 1)) {
    throw new Error(
      `${failed}: ${path} must have three axes and integers or floating-point numbers; found ${sizes.slice(0, axes).join(' × ')}, kind ${header.datatypeCode}`,
    );
  }
  const view = new DataView(nifti.readImage(header, bytes));
  const count = x * y * z;
  // a slope of 0 says that there is none
  const slope = header.scl_slope || 1;
  const intercept = header.scl_slope ? header.scl_inter : 0;
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++)
    data[i] = slope * kind.read(view, i * kind.bytes, header.littleEndian) + intercept;
  const [, dx = 1, dy = 1, dz = 1] = header.pixDims;
  return { data, shape: [x, y, z], spacing: [dx, dy, dz] };
}

/** By NIfTI's code for the kind of numbers. */
const KINDS: Record<number, { bytes: number; read(view: DataView, at: number, little: boolean): number }> = {
  2: { bytes: 1, read: (view, at) => view.getUint8(at) },
  4: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  8: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  16: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  256: { bytes: 1, read: (view, at) => view.getInt8(at) },
  512: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
};

/** The library wants a buffer of its own, where Node's lie in a pool. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
