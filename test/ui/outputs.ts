/** Saved outputs for notebooks of tests and of the gallery. */
import { runBundle } from '../../sdk/src/view/bundle.js';
import { comparisonBundle } from '../../sdk/src/view/comparison/bundle.js';
import type { ComparisonModel } from '../../sdk/src/view/comparison/model.js';
import { estimatesBundle } from '../../sdk/src/view/estimates/bundle.js';
import type { EstimatesModel } from '../../sdk/src/view/estimates/model.js';
import { RUN_MIME_TYPE, type RunModel } from '../../sdk/src/view/model.js';

/** What `run()` leaves in a notebook. */
export function runOutput(model: RunModel): object {
  return { output_type: 'display_data', data: runBundle(model), metadata: {} };
}

/** What a cell that ends in `compare(a, b)` leaves in a notebook. */
export function comparisonOutput(model: ComparisonModel): object {
  return { output_type: 'display_data', data: comparisonBundle(model), metadata: {} };
}

/** What a cell that ends in `compareAll(runs)` or `result.variance()` leaves in a notebook. */
export function estimatesOutput(model: EstimatesModel): object {
  return { output_type: 'display_data', data: estimatesBundle(model), metadata: {} };
}

/** Any value where a run model should be. */
export function rawOutput(value: unknown): object {
  return {
    output_type: 'display_data',
    data: { [RUN_MIME_TYPE]: value, 'text/plain': 'a run' },
    metadata: {},
  };
}
