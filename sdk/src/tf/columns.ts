/**
 * The data path: typed arrays become tensors once, without per-sample JavaScript, and batches are gathered inside TensorFlow.
 */
import type { TypedArray } from '../contract.js';
import { isTensor } from './trace/tree.js';
import { loadedCore, loadedEngine, type EngineTensor } from './tfjs.js';
import type { TensorLike } from './types.js';

/** Numbers of many rows: `shape[0]` rows, row-major. */
export interface Columns {
  readonly data: TypedArray | readonly number[];
  /** `[rows, …]`. */
  readonly shape: readonly number[];
  /** Every number becomes `number * scale + offset`, in float32. One number, or one for each place on the last axis. */
  readonly scale?: number | ArrayLike<number>;
  readonly offset?: number | ArrayLike<number>;
}

/** Columns, one number per row, or a tensor whose first axis is the rows. */
export type ColumnsLike = Columns | TypedArray | readonly number[] | TensorLike;

/** Columns inside TensorFlow. */
export interface Source {
  readonly numRows: number;
  /** The rows at these positions, `[positions, …]`. Float32; integers without scale and offset stay int32. */
  gather(positions: EngineTensor): EngineTensor;
  dispose(): void;
}

/**
 * Brings columns into TensorFlow. Uint8, int32 and float32 arrays are shared with it, not copied: bytes stay bytes until a batch is
 * gathered, so 60,000 images of 28 × 28 bytes take 47 MB, not 188.
 * @throws TypeError when they are not numbers, RangeError when shape and data do not agree.
 */
export function openSource(columns: ColumnsLike, what: string): Source {
  const core = loadedCore();
  if (isTensor(columns)) {
    const tensor = columns;
    return {
      numRows: tensor.shape[0] ?? 0,
      gather: (positions) => core.gather(tensor, positions),
      dispose() {},
    };
  }
  const { data, shape, scale, offset } = checkColumns(columns as Exclude<ColumnsLike, TensorLike>, what);
  const values = supported(data, what);
  const constants: EngineTensor[] = [];
  const constant = (value: number | ArrayLike<number> | undefined) => {
    if (value === undefined || typeof value === 'number') return value;
    const tensor = core.tensor1d(Float32Array.from(value)) as EngineTensor;
    constants.push(core.keep(tensor));
    return tensor;
  };
  const [factor, shift] = [constant(scale), constant(offset)];
  const isScaled = factor !== undefined || shift !== undefined;
  const finish = (batch: EngineTensor): EngineTensor => {
    if (!isScaled) return batch;
    const scaled =
      factor === undefined ? core.cast(batch, 'float32') : core.mul(core.cast(batch, 'float32'), factor);
    return shift === undefined ? scaled : core.add(scaled, shift);
  };
  const { take, free } = loadedEngine().backend.binding
    ? nativeRows(values, shape, isScaled)
    : copiedRows(values, shape);
  return {
    numRows: shape[0]!,
    gather: (positions) => core.tidy(() => finish(take(positions))),
    dispose() {
      free();
      core.dispose(constants);
    },
  };
}

/** Columns with a shape. @throws RangeError when shape and data do not agree. */
export function checkColumns(columns: Exclude<ColumnsLike, TensorLike>, what: string): Columns {
  const { data, shape, ...normalisation } =
    'data' in columns ? columns : { data: columns, shape: [columns.length] };
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.length === 0 || size !== data.length) {
    throw new RangeError(
      `Cannot use ${what}: shape [rows, …] must hold as many numbers as data; shape is [${shape.join(', ')}], ` +
        `data has ${data.length} numbers, correct one of them`,
    );
  }
  return { data, shape, ...normalisation };
}

type Supported = Uint8Array | Int32Array | Float32Array;

function supported(data: Columns['data'], what: string): Supported {
  if (data instanceof Uint8Array || data instanceof Int32Array || data instanceof Float32Array) return data;
  if (data instanceof Uint8ClampedArray) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (data instanceof Int8Array || data instanceof Int16Array || data instanceof Uint16Array)
    return Int32Array.from(data);
  const first: unknown = data[0];
  if (data.length > 0 && typeof first !== 'number') {
    throw new TypeError(
      `Cannot use ${what}: it must hold numbers; its first element is ${typeof first} ${String(first)}, map it to numbers`,
    );
  }
  return Float32Array.from(data as ArrayLike<number>);
}

interface RowReader {
  take(positions: EngineTensor): EngineTensor;
  free(): void;
}

/** On TensorFlow: the raw operations, because tfjs has no type for bytes. They become float32 where they are scaled, else int32. */
function nativeRows(values: Supported, shape: readonly number[], isScaled: boolean): RowReader {
  const { backend } = loadedEngine();
  const binding = backend.binding!;
  const { TF_ATTR_TYPE: type, TF_INT32: int32, TF_FLOAT: float } = binding;
  const stored =
    values instanceof Uint8Array ? binding.TF_UINT8 : values instanceof Int32Array ? int32 : float;
  const id = binding.createTensor(shape, stored, values);
  const all = loadedCore().keep(backend.createOutputTensor({ id, shape, dtype: stored })) as EngineTensor;
  return {
    take(positions) {
      const axis = loadedCore().scalar(0, 'int32') as EngineTensor;
      const gathered = backend.executeSingleOutput(
        'GatherV2',
        [
          { name: 'Tparams', type, value: stored },
          { name: 'Tindices', type, value: int32 },
          { name: 'Taxis', type, value: int32 },
        ],
        [all, positions, axis],
      );
      if (stored !== binding.TF_UINT8) return gathered;
      const attributes = [
        { name: 'SrcT', type, value: stored },
        { name: 'DstT', type, value: isScaled ? float : int32 },
        { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
      ];
      return backend.executeSingleOutput('Cast', attributes, [gathered]);
    },
    free: () => all.dispose(),
  };
}

/** Elsewhere: rows are copied, array by array. */
function copiedRows(values: Supported, shape: readonly number[]): RowReader {
  const core = loadedCore();
  const [, ...row] = shape;
  const width = row.reduce((product, length) => product * length, 1);
  return {
    take(positions) {
      const chosen = positions.dataSync() as Int32Array;
      const batch =
        values instanceof Float32Array
          ? new Float32Array(chosen.length * width)
          : new Int32Array(chosen.length * width);
      chosen.forEach((position, i) =>
        batch.set(values.subarray(position * width, (position + 1) * width), i * width),
      );
      return core.tensor(batch, [chosen.length, ...row]);
    },
    free() {},
  };
}
