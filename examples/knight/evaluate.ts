import { metrics, type FoldContext, type Metrics } from 'foldlab';

/** Judges one model's probabilities, or the ensemble's. */
export async function evalFunc({ predictions }: FoldContext): Promise<Metrics> {
  const { scores, targets } = predictions!;
  return {
    auroc: metrics.auroc(scores, targets!),
    brier: metrics.brier(scores, targets!),
    roc: metrics.roc(scores, targets!),
  };
}
