/**
 * Random tensors inside a compiled step: fresh at every step, the same whether the step is traced or not, and reproducible.
 *
 * tfjs fills a random tensor in JavaScript, and always with the same numbers when a seed is given (its seeded Dropout layer
 * drops the same units at every step). A trace would freeze either. So while a step runs, the random functions of tfjs-core, which its
 * layers look up at every call, are served by TensorFlow's stateless generators: a function of the step's key, the step's number and the
 * place in the step. A seed given by the user takes the key's place.
 */
import type { Core, EngineTensor, NodeBackend, OpAttribute } from '../tfjs.js';

export interface RandomSource {
  /** `[key, step]`, int32. */
  readonly seed: EngineTensor;
  /** The same two numbers. */
  readonly numbers: readonly [key: number, step: number];
  /** Told about a random tensor that cannot be served. */
  onOther(what: string): void;
}

const SERVED = [
  'randomUniform',
  'randomNormal',
  'randomStandardNormal',
  'truncatedNormal',
  'dropout',
] as const;
const UNSERVED = ['randomGamma', 'randomUniformInt', 'multinomial', 'rand'] as const;

/** Runs `body` with the random functions of every copy of tfjs-core served from `source`. */
export function withRandom<T>(
  cores: readonly Core[],
  backend: NodeBackend,
  source: RandomSource,
  body: () => T,
): T {
  let calls = 0;
  const originals = cores.map((core) => ({ ...pick(core) }));
  cores.forEach((core, i) =>
    Object.assign(
      core,
      served(core, originals[i]!, backend, source, () => calls++),
    ),
  );
  try {
    return body();
  } finally {
    cores.forEach((core, i) => Object.assign(core, originals[i]));
  }
}

function pick(core: Core): Core {
  return Object.fromEntries(
    [...SERVED, ...UNSERVED].filter((name) => name in core).map((name) => [name, core[name]]),
  );
}

type Distribution = 'StatelessRandomUniform' | 'StatelessRandomNormal' | 'StatelessTruncatedNormal';
/** Numbers of 16 bits are −32,768 to 32,767. */
const HALF = 32_768;
/** TensorFlow's number for the type, which the addon does not export. */
const INT16 = 5;
type Seed = number | string | undefined | null;

function served(
  core: Core,
  original: Core,
  backend: NodeBackend,
  source: RandomSource,
  call: () => number,
): Core {
  const { binding } = backend;
  const [key, step] = source.numbers;

  const type = (name: string, value: number) => ({ name, type: binding!.TF_ATTR_TYPE as number, value });

  /** The seed of one random tensor. */
  const seedOf = (seed: Seed): EngineTensor => {
    const place = call();
    const own = seed === undefined || seed === null ? null : hash(String(seed));
    const start = own === null ? source.seed : core.mul(source.seed, core.tensor1d([0, 1], 'int32'));
    return core.add(start, core.tensor1d([scramble((own ?? 0) + place), 0], 'int32'));
  };
  /** Standard numbers of a distribution, float32. */
  const draw = (operation: Distribution, shape: readonly number[], seed: Seed): EngineTensor => {
    const attributes = [
      type('dtype', binding!.TF_FLOAT),
      type('T', binding!.TF_INT32),
      type('Tseed', binding!.TF_INT32),
    ];
    const size = core.tensor1d([...shape], 'int32');
    return backend.executeSingleOutput(operation, attributes, [size, seedOf(seed)]);
  };
  /** 1 where one of 65,536 equally likely numbers lies below `threshold`, else 0; two numbers come from each 32 random bits. */
  const below = (threshold: number, shape: readonly number[], seed: Seed): EngineTensor => {
    const length = shape.reduce((product, size) => product * size, 1);
    const { TF_INT32: int32, TF_FLOAT: float, TF_BOOL: bool } = binding!;
    const run = (operation: string, attributes: OpAttribute[], ids: number[]): number =>
      binding!.executeOp(operation, attributes, ids, 1)[0]!.id;
    const inputs = [
      core.tensor1d([Math.ceil(length / 2)], 'int32'),
      seedOf(seed),
      core.scalar(threshold - HALF, 'int32'),
    ];
    const [size, start, limit] = backend.getInputTensorIds(inputs) as [number, number, number];
    const words = run(
      'StatelessRandomUniformFullInt',
      [type('dtype', int32), type('T', int32), type('Tseed', int32)],
      [size, start],
    );
    const halves = run('Bitcast', [type('T', int32), type('type', INT16)], [words]);
    const edge = run('Cast', [type('SrcT', int32), type('DstT', INT16)], [limit]);
    const kept = run('Less', [type('T', INT16)], [halves, edge]);
    const [ones] = binding!.executeOp('Cast', [type('SrcT', bool), type('DstT', float)], [kept], 1);
    for (const id of [words, halves, edge, kept]) binding!.deleteTensor(id);
    const all = core.reshape(backend.createOutputTensor(ones!), [2 * Math.ceil(length / 2)]);
    return core.reshape(length % 2 ? core.slice(all, 0, length) : all, [...shape]);
  };
  /** For other backends: tfjs's own generator with a seed of this step and place. */
  const derived = (seed: Seed) => {
    const own = seed === undefined || seed === null ? key : hash(String(seed));
    return scramble(scramble(scramble(own) + step) + call()) + 2 ** 31 + 1;
  };
  const scaled = (standard: EngineTensor, factor: number, offset: number, dtype: string) => {
    const values = core.add(core.mul(standard, factor), offset);
    return dtype === 'int32' ? core.cast(core.round(values), 'int32') : values;
  };
  const can = (dtype: string) => binding !== undefined && (dtype === 'float32' || dtype === 'int32');
  const unservable = (name: string, dtype: string) => {
    if (binding) source.onOther(`tf.${name} of type ${dtype}`);
  };

  const randomUniform = (shape: number[], min = 0, max = 1, dtype = 'float32', seed?: Seed) => {
    if (can(dtype))
      return core.tidy(() => scaled(draw('StatelessRandomUniform', shape, seed), max - min, min, dtype));
    unservable('randomUniform', dtype);
    return original.randomUniform(shape, min, max, dtype, derived(seed));
  };
  const normal =
    (name: 'randomNormal' | 'truncatedNormal', operation: Distribution) =>
    (shape: number[], mean = 0, deviation = 1, dtype = 'float32', seed?: Seed) => {
      if (can(dtype)) return core.tidy(() => scaled(draw(operation, shape, seed), deviation, mean, dtype));
      unservable(name, dtype);
      return original[name](shape, mean, deviation, dtype, derived(seed));
    };
  const randomNormal = normal('randomNormal', 'StatelessRandomNormal');
  const functions: Core = {
    randomUniform,
    randomNormal,
    randomStandardNormal: (shape: number[], dtype?: string, seed?: Seed) =>
      randomNormal(shape, 0, 1, dtype, seed),
    truncatedNormal: normal('truncatedNormal', 'StatelessTruncatedNormal'),
    // as tfjs-core computes it, on another uniform tensor
    dropout(x: EngineTensor, rate: number, noiseShape?: (number | null)[] | null, seed?: Seed) {
      if (!binding || rate === 0 || !(rate > 0 && rate < 1)) {
        return original.dropout(x, rate, noiseShape, binding ? seed : derived(seed));
      }
      const shape = x.shape.map((size, axis) => noiseShape?.[axis] ?? size);
      const threshold = Math.min(Math.max(Math.round((1 - rate) * 2 * HALF), 1), 2 * HALF - 1);
      return core.tidy(() => core.mul(x, core.mul(below(threshold, shape, seed), (2 * HALF) / threshold)));
    },
  };
  for (const name of UNSERVED) {
    if (!(name in original)) continue;
    functions[name] = (...values: unknown[]) => {
      source.onOther(`tf.${name}`);
      return original[name](...values);
    };
  }
  return functions;
}

/** FNV-1a, 32 bits, signed. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}

/** A bijection of the 32-bit integers that spreads neighbours (the finalizer of MurmurHash3). */
export function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}
