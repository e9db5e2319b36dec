import { metrics, type FoldContext, type Metrics } from 'foldlab';

/** Judges one model's scores, or the ensemble's: both arrive in the same form. */
export async function evalFunc({ predictions }: FoldContext): Promise<Metrics> {
  const { scores, targets } = predictions!;
  return {
    accuracy: metrics.accuracy(scores, targets!),
    logLoss: metrics.logLoss(scores, targets!),
    confusion: metrics.confusion(scores, targets!),
  };
}
