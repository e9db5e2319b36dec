/** Checks estimates that came from outside before anything is drawn from them. */
import { z } from 'zod';
import { ESTIMATES_LIMITS as LIMITS, ESTIMATES_MODEL_VERSION, type EstimatesModel } from './model.js';

const name = z.string().max(LIMITS.name);
const text = z.string().max(LIMITS.text);
const count = z.int().min(0);
const level = z.number().min(0).max(1);
const wireNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const bounds = { low: z.number().nullable(), high: z.number().nullable() };
const version = z.literal(ESTIMATES_MODEL_VERSION);

// Not exported: the declarations that users compile must not name zod's types.
const pair = z
  .object({ first: name, second: name, mean: wireNumber, p: wireNumber, pHolm: wireNumber, ...bounds })
  .readonly();

const estimates = z.discriminatedUnion('kind', [
  z
    .object({
      version,
      kind: z.literal('pairs'),
      metric: name,
      level,
      numRuns: count,
      numPairs: count,
      pairs: z.array(pair).max(LIMITS.pairs).readonly(),
      test: name,
      notes: z.array(text).max(LIMITS.notes).readonly(),
    })
    .readonly(),
  z
    .object({
      version,
      kind: z.literal('variance'),
      metric: name,
      level,
      folds: count,
      repetitions: count,
      parts: z
        .array(z.object({ name, sd: z.number().min(0), ...bounds }).readonly())
        .max(LIMITS.parts)
        .readonly(),
      moreSeeds: z
        .array(z.object({ repetitions: count, sd: z.number().min(0) }).readonly())
        .max(LIMITS.parts)
        .readonly(),
      says: text,
    })
    .readonly(),
]);

/**
 * Checks and copies estimates. Unknown keys are dropped.
 *
 * @throws {TypeError} for anything that is not one of this version: the message names the field and the rule
 */
export function parseEstimates(value: unknown): EstimatesModel {
  const parsed = estimates.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new TypeError(
    `Cannot show these estimates: their model is not valid at "${path.join('.') || 'the top'}": ${message}`,
  );
}
