/** Makes tfjs's own training loops fast. */
import { compileStep, type CompiledStep, type StepOptions } from './compileStep.js';
import type { ModelLike } from './types.js';

/** What `model.fit`, `fitDataset`, `trainOnBatch` and `evaluate` ask a tf.LayersModel for. */
interface Fittable {
  readonly model?: Fittable;
  makeTrainFunction(): (data: any) => any;
  makeTestFunction(): void;
  testFunction: (data: any) => any;
  dispose(): unknown;
}

const TRACED = Symbol.for('foldlab.traced');

/**
 * Lets `fit`, `fitDataset`, `trainOnBatch` and `evaluate` of a tf.LayersModel run their steps as graphs, with everything else as it is:
 * `await traced(model).fit(x, y, { epochs: 5 })`. What `compileStep` says of random numbers and of staying eager holds here too.
 * @returns the same model.
 * @throws TypeError when it is not a tf.LayersModel.
 */
export function traced<M extends ModelLike>(model: M, options: StepOptions = {}): M {
  const outer = model as unknown as Fittable;
  // a tf.Sequential trains the model inside it
  const inner = outer.model ?? outer;
  if (typeof inner.makeTrainFunction !== 'function' || typeof inner.makeTestFunction !== 'function') {
    throw new TypeError(
      'Cannot trace the model: it must be a tf.LayersModel, and a tf.sequential must have a layer with its inputShape; it is not, use compileStep for other models',
    );
  }
  if (TRACED in inner) return model;
  Object.defineProperty(inner, TRACED, { value: true });
  const { makeTrainFunction, makeTestFunction, dispose } = inner;
  let [train, test]: (CompiledStep<any, any> | null)[] = [null, null];
  // each call of fit asks anew: the loss may be another one by then
  inner.makeTrainFunction = function () {
    train?.dispose();
    train = compileStep(makeTrainFunction.call(this), options);
    return train;
  };
  inner.makeTestFunction = function () {
    makeTestFunction.call(this);
    test?.dispose();
    test = compileStep(this.testFunction, options);
    this.testFunction = test;
  };
  inner.dispose = function () {
    train?.dispose();
    test?.dispose();
    return dispose.call(this);
  };
  return model;
}
