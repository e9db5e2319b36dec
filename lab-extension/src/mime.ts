/**
 * Draws foldlab's outputs: runs, saved or live, comparisons of two runs, and several estimates.
 *
 * @packageDocumentation
 */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { COMPARISON_MIME_TYPE, ESTIMATES_MIME_TYPE, RUN_MIME_TYPE } from './mimeType';
import { LazyOutput, once } from './output/lazyOutput';

const loadRuns = once(() =>
  import('./output/runOutput').then(
    ({ RunOutput }) =>
      () =>
        new RunOutput(),
  ),
);
const loadComparisons = once(() =>
  import('./output/comparisonOutput').then(
    ({ ComparisonOutput }) =>
      () =>
        new ComparisonOutput(),
  ),
);

// models are data and are drawn as text and numbers, so untrusted notebooks may show them
const factory = {
  safe: true,
  // before text/html, which is at 50
  defaultRank: 0,
} as const;

const loadEstimates = once(() =>
  import('./output/estimatesOutput').then(
    ({ EstimatesOutput }) =>
      () =>
        new EstimatesOutput(),
  ),
);

const extensions: IRenderMime.IExtension[] = [
  {
    id: '@foldlab/lab:mime',
    description: 'Draws a cross-validation run of foldlab.',
    rendererFactory: {
      ...factory,
      mimeTypes: [RUN_MIME_TYPE],
      createRenderer: () => new LazyOutput(loadRuns),
    },
    dataType: 'json',
  },
  {
    id: '@foldlab/lab:comparison',
    description: 'Draws the comparison of two runs of foldlab.',
    rendererFactory: {
      ...factory,
      mimeTypes: [COMPARISON_MIME_TYPE],
      createRenderer: () => new LazyOutput(loadComparisons),
    },
    dataType: 'json',
  },
  {
    id: '@foldlab/lab:estimates',
    description: 'Draws several estimates of foldlab: every pair of some runs, the parts of a variance.',
    rendererFactory: {
      ...factory,
      mimeTypes: [ESTIMATES_MIME_TYPE],
      createRenderer: () => new LazyOutput(loadEstimates),
    },
    dataType: 'json',
  },
];

export default extensions;
