/** What counts as probabilities. */
import type { Table } from './table.js';

/** float32 arithmetic may end a little outside [0, 1]. */
const SLACK = 1e-6;
/** float32 (and float16) softmax rows miss a sum of one by this much at most. */
const SUM_SLACK = 1e-3;

/**
 * Whether all scores are probabilities; false when one is NaN, and for shares of votes.
 *
 * @throws RangeError when a score is outside [0, 1]
 */
export function checkProbabilities(metric: string, table: Table): boolean {
  if (table.votes) return false;
  let clean = true;
  for (let i = 0; i < table.data.length; i++) {
    const score = table.data[i]!;
    if (Number.isNaN(score)) clean = false;
    else if (score < -SLACK || score > 1 + SLACK) {
      throw new RangeError(
        `Cannot compute ${metric}: scores must be probabilities from 0 to 1; row ${Math.floor(i / table.columns)}, ` +
          `column ${i % table.columns} is ${score}, apply softmax or sigmoid first`,
      );
    }
  }
  return clean;
}

/** Whether rows look like probabilities: each in [0, 1], several columns adding up to one; NaN is passed over. Votes are none. */
export function looksLikeProbabilities(table: Table): boolean {
  const { data, rows, columns, votes } = table;
  if (votes) return false;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      const score = data[at]!;
      if (score < -SLACK || score > 1 + SLACK) return false;
      sum += score;
    }
    // written so that a NaN row passes: it is for the metrics to show it
    if (columns > 1 && Math.abs(sum - 1) > SUM_SLACK) return false;
  }
  return true;
}
