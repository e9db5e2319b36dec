/** What scores are, which decides how they may be combined. */
import type { AlignedMember } from './align.js';

/**
 * `'probability'`: of the row's classes, or of each label by itself (multi-label); `'logit'`: any numbers of which the
 * highest wins; `'value'`: predicted quantities.
 */
export const SCORE_KINDS = ['probability', 'logit', 'value'] as const;
export type ScoreKind = (typeof SCORE_KINDS)[number];

/** float32 softmax rows miss a sum of one by this much at most. */
const SLACK = 1e-3;

/** The kind that scores look like: probabilities lie in [0, 1]; several other columns are logits, one is a value. */
export function kindOf(members: readonly AlignedMember[]): ScoreKind {
  const inside = members.every(({ scores }) => scores.every((score) => !(score < -1e-6 || score > 1 + 1e-6)));
  if (inside) return 'probability';
  return members[0]!.classes > 1 ? 'logit' : 'value';
}

/** Whether the rows of every member add up to one: one class per row, rather than several labels. */
export function sumToOne(members: readonly AlignedMember[]): boolean {
  return members.every(({ scores, rows, classes }) => {
    if (classes === 1) return false;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let at = row * classes; at < (row + 1) * classes; at++) sum += scores[at]!;
      if (Math.abs(sum - 1) > SLACK) return false;
    }
    return true;
  });
}

/** @throws TypeError when `kind` is none */
export function checkKind(kind: string, failed: string): ScoreKind {
  if (!(SCORE_KINDS as readonly string[]).includes(kind)) {
    throw new TypeError(
      `${failed}: kind must be one of ${SCORE_KINDS.join(', ')}; current value is ${JSON.stringify(kind)}`,
    );
  }
  return kind as ScoreKind;
}
