/**
 * Learning rates inside a trace. tfjs's optimizers hold the rate as a JavaScript number and make a scalar of it at every step, which a
 * trace would freeze. So reading it is watched: the scalar made right after is an input of the trace.
 */
import type { Core } from '../tfjs.js';
import type { OptimizerLike } from '../types.js';

export type Optimizer = OptimizerLike & { learningRate?: number; incrementIterations?(): void };

const CLASSES = ['SGD', 'Momentum', 'Adagrad', 'Adadelta', 'Adam', 'Adamax', 'RMSProp'].map(
  (name) => `${name}Optimizer`,
);

/** Runs `body`; `onApply` is told of each optimizer that applies gradients, `onRead` of each reading of its rate. */
export function watchRates<T>(
  cores: readonly Core[],
  watcher: { onApply(optimizer: Optimizer): void; onRead(optimizer: Optimizer, rate: number): void },
  body: () => T,
): T {
  const prototypes = new Set<Record<string, any>>(
    cores.flatMap((core) =>
      CLASSES.map((name) => core[name]?.prototype).filter((prototype) =>
        Object.hasOwn(prototype ?? {}, 'applyGradients'),
      ),
    ),
  );
  const originals = [...prototypes].map(
    (prototype) => [prototype, prototype.applyGradients as (gradients: unknown) => unknown] as const,
  );
  for (const [prototype, apply] of originals) {
    prototype.applyGradients = function (this: Optimizer, gradients: unknown) {
      watcher.onApply(this);
      return watchRate(this, watcher.onRead, () => apply.call(this, gradients));
    };
  }
  try {
    return body();
  } finally {
    for (const [prototype, apply] of originals) prototype.applyGradients = apply;
  }
}

function watchRate<T>(
  optimizer: Optimizer,
  onRead: (optimizer: Optimizer, rate: number) => void,
  body: () => T,
): T {
  const descriptor = Object.getOwnPropertyDescriptor(optimizer, 'learningRate');
  // an accessor is someone else's own arrangement, or ours from an outer call
  if (!descriptor || !('value' in descriptor) || !descriptor.configurable) return body();
  let rate = descriptor.value as number;
  Object.defineProperty(optimizer, 'learningRate', {
    configurable: true,
    enumerable: true,
    get() {
      onRead(optimizer, rate);
      return rate;
    },
    set: (value: number) => void (rate = value),
  });
  try {
    return body();
  } finally {
    Object.defineProperty(optimizer, 'learningRate', { ...descriptor, value: rate });
  }
}
