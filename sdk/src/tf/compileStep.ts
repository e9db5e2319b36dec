/**
 * Makes a function of tensors fast: its raw operations are recorded while it runs, and once two runs agree, they run as one TensorFlow graph.
 */
import { noteTraining } from '../backends/training.js';
import { sayOnce } from './notices.js';
import { acquireFunction, isCompiled, releaseFunction } from './trace/functions.js';
import { scramble, withRandom } from './trace/random.js';
import { record, type Trace } from './trace/record.js';
import { isValid, replay } from './trace/replay.js';
import { leaves, rebuild, signature } from './trace/tree.js';
import { loadedCore, loadedCores, loadedEngine, type EngineTensor } from './tfjs.js';
import type { TensorTree } from './types.js';

export const STEP_MODES = ['auto', 'eager'] as const;
export type StepMode = (typeof STEP_MODES)[number];

export interface StepOptions {
  /** `'eager'` never traces. Default `'auto'`. */
  readonly mode?: StepMode;
  /** Where the step's randomness comes from; one number is drawn, at once. Default Math.random. */
  readonly randGen?: () => number;
  /** Told once why the step cannot be traced. Default: a warning on the console, once per process and reason. */
  readonly onEager?: (reason: string) => void;
}

/** A compiled step. It is called like the function that it was made of. */
export interface CompiledStep<A extends readonly TensorTree[], R> {
  (...args: A): R;
  /** `'traced'` once its calls run as graphs (the first two of each shape are eager), null before the first call. */
  readonly ran: 'traced' | 'eager' | null;
  /** Why it stays eager, null where it does not. */
  readonly reason: string | null;
  /** Lets go of the graphs. Calls after that run eagerly. */
  dispose(): void;
}

/** Traces that may disagree before a shape is given up. */
const MOST_ATTEMPTS = 4;
/** A new learning rate that is part of the graph, for example, once per epoch. */
const MOST_VOIDED = 50;
/** Shapes that are traced; each costs some tenths of a second. */
const MOST_SHAPES = 16;

interface Shape {
  /** Recordings since the last graph. */
  attempts: number;
  /** How often a graph had to be recorded anew. */
  voided: number;
  previous: Trace | null;
  compiled: { readonly name: string; readonly trace: Trace; readonly result: unknown } | null;
}

/**
 * Compiles `fn`, a function of tensors that returns tensors (or arrays or objects of them, or nothing) and may read and assign
 * variables: a training step, for example. The first calls run eagerly and are recorded, for each combination of input shapes.
 *
 * What the function does in JavaScript happens only while it is recorded. Variables, learning rates of tf.train's optimizers and random tensors
 * are fresh at every call. Numbers that change from call to call must be passed as tensors. When two recordings differ, when the
 * function reads values (`dataSync`) or makes or keeps tensors beside what it returns, it stays eager and says why. On other backends than
 * TensorFlow it is eager.
 *
 * ```ts
 * const step = compileStep((x, y) => optimizer.minimize(() => loss(y, model.apply(x)), true));
 * for (const [x, y] of batches) step(x, y).dispose();
 * step.dispose();
 * ```
 * @throws TypeError when called with, or returning, anything else than tensors.
 */
export function compileStep<A extends readonly TensorTree[], R>(
  fn: (...args: A) => R,
  options: StepOptions = {},
): CompiledStep<A, R> {
  return makeStep(fn, options, { note: noteTraining });
}

export interface StepUse {
  /** Told how it runs. */
  readonly note?: typeof noteTraining;
  /**
   * Its numbers are known not to change from call to call, since it trains nothing: a graph that this process has compiled before is taken
   * after one recording, so that a warm worker's next unit has no second one.
   */
  readonly steady?: boolean;
}

/** As compileStep, for steps of foldlab's own. */
export function makeStep<A extends readonly TensorTree[], R>(
  fn: (...args: A) => R,
  options: StepOptions,
  { note = () => {}, steady = false }: StepUse = {},
): CompiledStep<A, R> {
  const { mode = 'auto', randGen = Math.random } = options;
  const key = scramble(Math.floor(randGen() * 2 ** 32) | 0);
  const shapes = new Map<string, Shape>();
  let calls = 0;
  let reason: string | null = mode === 'eager' ? 'it was asked to' : null;
  let traced = false;
  let disposed = false;

  const say = options.onEager ?? ((why: string) => sayOnce(`foldlab/tf runs operation by operation: ${why}`));
  let saidShapes = false;
  const giveUp = (why: string) => {
    if (reason !== null) return;
    reason = why;
    say(why);
    release();
  };
  const release = () => {
    for (const { compiled } of shapes.values()) if (compiled) releaseFunction(compiled.name);
    shapes.clear();
  };

  const step = (...args: A): R => {
    const tensors = leaves(args, 'its arguments');
    const engine = loadedEngine();
    const core = loadedCore();
    const { binding } = engine.backend;
    // part of another step, which is being recorded
    if (binding?.recording) return fn(...args);
    if (reason === null && !binding?.addGraphFunction) giveUp(withoutGraphs(engine.backendName, binding));
    const number = calls++;
    const shape = reason === null && !disposed ? shapeOf(shapes, signature(args)) : null;
    if (shape === null && reason === null && !disposed && !saidShapes) {
      saidShapes = true;
      say(`it is called with more than ${MOST_SHAPES} shapes; the first of them are traced`);
    }

    if (shape?.compiled) {
      const { name, trace, result } = shape.compiled;
      if (isValid(trace, engine)) {
        const seed = core.tensor1d([key, number], 'int32') as EngineTensor;
        const results = replay(name, trace, engine, [...tensors, seed]);
        seed.dispose();
        return rebuild(result, results) as R;
      }
      releaseFunction(name);
      shape.compiled = null;
      if (++shape.voided > MOST_VOIDED)
        giveUp('it uses other tensors again and again; pass them as arguments');
    }

    if (reason !== null) note('eager');
    const seed = core.tensor1d([key, number], 'int32') as EngineTensor;
    const run = (onOther: (what: string) => void) =>
      withRandom(loadedCores(), engine.backend, { seed, numbers: [key, number], onOther }, () =>
        core.tidy(() => fn(...args)),
      ) as R;
    try {
      if (!shape || reason !== null) return checked(run(() => {}));
      const recorded = record(
        engine,
        [...tensors, seed],
        (onObstacle) => run((what) => onObstacle(`it uses ${what}`)),
        (value) => leaves(value, 'its result'),
      );
      const { value, trace, obstacle, temporary } = recorded;
      const same = trace && (shape.previous ? agree(trace, shape.previous) : steady && isCompiled(trace));
      const difference = trace && shape.previous && !same ? explain(trace, shape.previous) : null;
      shape.previous = trace;
      if (!temporary) shape.attempts++;
      if (obstacle !== null && !temporary) giveUp(obstacle);
      else if (same) {
        try {
          shape.compiled = { name: acquireFunction(binding!, trace), trace, result: value };
          Object.assign(shape, { previous: null, attempts: 0 });
          traced = true;
          note('traced');
        } catch (error) {
          giveUp(`TensorFlow refuses its graph (${(error as Error).message})`);
        }
      } else if (shape.attempts >= MOST_ATTEMPTS)
        giveUp(difference ?? 'its operations change from call to call');
      return value;
    } finally {
      seed.dispose();
    }
  };
  const checked = (value: R): R => {
    leaves(value, 'its result');
    return value;
  };

  return Object.defineProperties(step, {
    ran: { get: () => (reason === null && traced ? 'traced' : calls > 0 ? 'eager' : null) },
    reason: { get: () => reason },
    dispose: {
      value: () => {
        disposed = true;
        release();
      },
    },
  }) as unknown as CompiledStep<A, R>;
}

function shapeOf(shapes: Map<string, Shape>, key: string): Shape | null {
  const known = shapes.get(key);
  if (known) return known;
  if (shapes.size >= MOST_SHAPES) return null;
  const shape: Shape = { attempts: 0, voided: 0, previous: null, compiled: null };
  shapes.set(key, shape);
  return shape;
}

function withoutGraphs(backend: string, binding: object | undefined): string {
  return binding
    ? "this build of TensorFlow's addon cannot run graphs; run `npx foldlab setup`"
    : `the ${backend} backend cannot run graphs`;
}

function agree(one: Trace, other: Trace): boolean {
  return (
    Buffer.from(one.graph).equals(Buffer.from(other.graph)) &&
    one.outputs.length === other.outputs.length &&
    one.updated.every((variable, i) => variable === other.updated[i]) &&
    one.inputs.every((input, i) => sameSource(input, other.inputs[i]!))
  );
}

function sameSource(one: Trace['inputs'][number], other: Trace['inputs'][number]): boolean {
  if (one.kind !== other.kind) return false;
  const [a, b] = [one, other] as [any, any];
  if (one.kind === 'captured') return a.tensor.dataId === b.tensor.dataId;
  return Object.keys(one).every((name) => a[name] === b[name]);
}

function explain(one: Trace, other: Trace): string {
  if (one.numOperations !== other.numOperations) return 'its operations change from call to call';
  if (Buffer.from(one.graph).equals(Buffer.from(other.graph))) {
    return 'it uses other tensors at every call; pass them as arguments';
  }
  return 'it uses numbers or random values that change from call to call; pass them as tensors';
}
