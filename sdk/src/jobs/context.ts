/**
 * The argument of a user's function, made anew for each phase.
 */
import type {
  RandGen,
  FoldContext,
  Logger,
  Predictions,
  Report,
  Rows,
  SplitIds,
  UnitPaths,
  CvIndex,
} from '../contract.js';
import { createRandGen, seededMathRandom } from '../plan/seeds.js';
import { innerFolds, innerSplit } from './innerSplit.js';

export interface ContextSource {
  readonly dataset: unknown;
  readonly sampleIds: SplitIds | null;
  readonly rows: Rows | null;
  readonly cvIndex: CvIndex;
  readonly repIndex: number;
  readonly test: boolean;
  readonly params: unknown;
  readonly seed: number;
  readonly paths: UnitPaths;
  readonly model: unknown;
  readonly predictions: Predictions | undefined;
  readonly report: (values: Report) => void;
  readonly signal: AbortSignal;
  readonly gpus: readonly string[];
  readonly logger: Logger;
  readonly selectedOnValidation: () => void;
}

/** Also seeds Math.random: TensorFlow.js draws its initial weights and shuffles with it. */
export function createContext({ seed, ...rest }: ContextSource): FoldContext {
  seedMathRandom(seed);
  let randGen: RandGen | undefined;
  return {
    ...rest,
    // not of the unit's own stream: splitting changes no number that it draws
    innerSplit: (options) => innerSplit(rest, createRandGen(seed).fork('innerSplit').seed(), options),
    innerFolds: (splits) => innerFolds(rest, splits),
    get randGen() {
      return (randGen ??= createRandGen(seed));
    },
  };
}

/** From now on Math.random draws from this seed. Seeding waits for the first draw: most quick functions draw nothing. */
export function seedMathRandom(seed: number): void {
  let stream: (() => number) | undefined;
  Math.random = () => (stream ??= seededMathRandom(seed))();
}
