/** What scores are, which decides how they may be combined. */
import { SCORE_KINDS, type ScoreKind } from '../contract.js';
import { logitsToProbabilities } from '../metrics/toProbabilities.js';
import type { EnsembleMember } from './align.js';

export { SCORE_KINDS, type ScoreKind };

/**
 * What columns are: `'classes'`, of which a row has one (a single column is the second of two); `'labels'`, each by itself;
 * `'values'`, quantities.
 */
export const TASKS = ['classes', 'labels', 'values'] as const;
export type Task = (typeof TASKS)[number];

/** What is asked of scores, whoever has them. */
type Scored = Pick<EnsembleMember, 'scores' | 'rows' | 'classes' | 'targets' | 'kind'>;

/** float32 softmax rows miss a sum of one by this much at most. */
const SLACK = 1e-3;

/** The kind that is declared, else the one that scores look like: probabilities lie in [0, 1]; several other columns are logits, one is a value. */
export function kindOf(members: readonly Scored[]): ScoreKind {
  const [first] = members;
  if (first!.kind) return first!.kind;
  const inside = members.every(({ scores }) => scores.every((score) => !(score < -1e-6 || score > 1 + 1e-6)));
  if (inside) return 'probability';
  return first!.classes > 1 ? 'logit' : 'value';
}

/**
 * Labels by themselves are told by their targets (rows of them); without targets, by probabilities that are declared and do not
 * add up to one.
 */
export function taskOf(members: readonly Scored[], kind = kindOf(members)): Task {
  const { targets, classes, kind: declared } = members[0]!;
  if (kind === 'value') return 'values';
  if (typeof targets?.[0] === 'object') return 'labels';
  return classes > 1 && !targets && declared === 'probability' && !sumToOne(members) ? 'labels' : 'classes';
}

/** Whether the rows of every member add up to one: one class per row, rather than several labels. A row with NaN says nothing. */
export function sumToOne(members: readonly Pick<Scored, 'scores' | 'rows' | 'classes'>[]): boolean {
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

/** Members of logits as members of probabilities; others as they are. */
export function asProbabilities<M extends EnsembleMember>(
  members: readonly M[],
  kind: ScoreKind,
): readonly M[] {
  if (kind !== 'logit') return members;
  const task = taskOf(members, kind);
  return members.map((member) => ({
    ...member,
    scores: logitsToProbabilities(member.scores, member.classes, task === 'labels'),
    kind: 'probability',
  }));
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
