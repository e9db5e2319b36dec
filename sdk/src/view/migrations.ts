/** Older run models as newer ones: what a notebook saved once opens for good. */
import { RUN_MODEL_VERSION } from './model.js';

type Step = (model: object) => object;

/** By the version that they read; each gives the next one. */
const STEPS: Readonly<Record<number, Step>> = {
  1: (model) => ({ merits: [], classCounts: [], hardest: null, grouping: null, ...model, version: 2 }),
};

/** A model of any older version as one of today's; anything else as it is. Nothing is checked. */
export function migrate(value: unknown): unknown {
  let model = value;
  for (;;) {
    if (model === null || typeof model !== 'object' || !Object.hasOwn(model, 'version')) return model;
    const { version } = model as { version: unknown };
    if (typeof version !== 'number' || version >= RUN_MODEL_VERSION || !Object.hasOwn(STEPS, version))
      return model;
    model = STEPS[version]!(model);
  }
}
