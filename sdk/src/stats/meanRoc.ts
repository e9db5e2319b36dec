/** Several ROC curves as one band. */

export interface RocBand {
  /** Ascending from 0 to 1. */
  readonly fpr: readonly number[];
  /** Mean true positive rate of the curves there. */
  readonly mean: readonly number[];
  /** Lowest and highest of the curves there: their spread, not an interval. */
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** How many curves. */
  readonly n: number;
}

/**
 * Averages ROC curves vertically: the true positive rates at the same false positive rates, interpolated linearly.
 * The band is the range of the curves; an interval would need their dependence, which shared training rows hide.
 *
 * Source: Fawcett, An introduction to ROC analysis, Pattern Recognition Letters 27 (2006), 861–874, section 8.1.
 *
 * @param curves each `fpr` ascending from 0 to 1; empty ones are left out
 * @param points on the axis of false positive rates. Default 101
 */
export function meanRoc(
  curves: readonly { readonly fpr: readonly number[]; readonly tpr: readonly number[] }[],
  points = 101,
): RocBand {
  const drawn = curves.filter((curve) => curve.fpr.length > 1);
  const fpr = Array.from({ length: points }, (_, i) => i / (points - 1));
  const at = fpr.map((x) => drawn.map((curve) => rateAt(curve, x)));
  return {
    fpr: drawn.length > 0 ? fpr : [],
    mean: drawn.length > 0 ? at.map((rates) => rates.reduce((a, b) => a + b, 0) / rates.length) : [],
    min: drawn.length > 0 ? at.map((rates) => Math.min(...rates)) : [],
    max: drawn.length > 0 ? at.map((rates) => Math.max(...rates)) : [],
    n: drawn.length,
  };
}

/** The curve's height at x; the upper end of a vertical step, and 0 at x = 0 so that every band starts in the corner. */
function rateAt({ fpr, tpr }: { fpr: readonly number[]; tpr: readonly number[] }, x: number): number {
  if (x === 0) return 0;
  let right = fpr.length - 1;
  for (let i = 1; i < fpr.length; i++) {
    if (fpr[i]! > x) {
      right = i;
      break;
    }
  }
  if (fpr[right]! <= x) return tpr[right]!;
  const left = right - 1;
  const share = (x - fpr[left]!) / (fpr[right]! - fpr[left]!);
  return tpr[left]! + share * (tpr[right]! - tpr[left]!);
}
