/** A combiner that learns from a run's repetitions: each is one column. */
import type { EnsembleMember } from './align.js';
import { completeCycle, type Cycle } from './cycles.js';
import { learn, type LearntCombiner, type LearntMethod, type LearnOptions } from './learn.js';
import { meanEnsemble } from './mean.js';

/** The predictions of one repetition's fold models. */
export interface RepetitionMembers {
  /** For messages: "repetition 0". */
  readonly name: string;
  /** Each of its own validation rows. */
  readonly validation: readonly EnsembleMember[];
  /** All of the same rows, to be combined; empty without a test set. */
  readonly test: readonly EnsembleMember[];
}

export interface LearntFromRepetitions {
  readonly combiner: LearntCombiner;
  readonly cycles: readonly Cycle[];
  /** Of the test rows, one per cycle: the mean of its fold models. Empty without a test set. */
  readonly columns: readonly EnsembleMember[];
  /** How it came about, one sentence without its end. */
  readonly says: string;
}

/**
 * A column is a complete cycle of folds, in which every row has one prediction by a model that has not seen it; of the test rows a
 * column is the mean of its fold models.
 *
 * @throws RangeError when the folds are no complete cycles, or cannot be learnt from
 */
export function learnFromRepetitions(
  method: LearntMethod,
  repetitions: readonly RepetitionMembers[],
  options: LearnOptions = {},
): LearntFromRepetitions {
  // a repetition's rows are known by another's only
  const ids = repetitions[0]?.validation.flatMap((member) => [...member.ids]) ?? [];
  const cycles = repetitions.map(({ name, validation }) => completeCycle(name, validation, ids));
  const combiner = learn(method, cycles, options);
  const columns = repetitions.flatMap(({ name, test }, cvIndex) =>
    test.length === 0 ? [] : { cvIndex, ...meanEnsemble(test, name) },
  );
  const title = method === 'stacking' ? 'Stacking' : 'Greedy selection';
  const count = `${cycles.length} ${cycles.length === 1 ? 'repetition' : 'repetitions'}`;
  return {
    combiner,
    cycles,
    columns,
    says: `${title}: ${combiner.how} of ${count}, learnt from ${cycles[0]?.rows ?? 0} rows`,
  };
}
