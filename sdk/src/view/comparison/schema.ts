/** Checks a comparison that came from outside before anything is drawn from it. */
import { z } from 'zod';
import { COMPARISON_LIMITS, COMPARISON_MODEL_VERSION, type ComparisonModel } from './model.js';

const name = z.string().max(COMPARISON_LIMITS.name);
const index = z.int().min(0).max(20_000);
const wireNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);

// Not exported: the declarations that users compile must not name zod's types.
const comparison = z
  .object({
    version: z.literal(COMPARISON_MODEL_VERSION),
    metric: name,
    first: name,
    second: name,
    numRepetitions: index,
    folds: z
      .array(
        z
          .object({
            cvIndex: index,
            repIndex: index.nullable(),
            first: wireNumber,
            second: wireNumber,
            difference: wireNumber,
          })
          .readonly(),
      )
      .max(COMPARISON_LIMITS.folds)
      .readonly(),
    difference: z
      .object({
        mean: wireNumber,
        low: z.number().nullable(),
        high: z.number().nullable(),
        level: z.number().min(0).max(1),
        says: z.string().max(COMPARISON_LIMITS.text),
      })
      .readonly(),
    test: name,
    t: wireNumber,
    p: wireNumber,
  })
  .readonly();

/**
 * Checks and copies a comparison. Unknown keys are dropped.
 *
 * @throws {TypeError} for anything that is not one of this version: the message names the field and the rule
 */
export function parseComparison(value: unknown): ComparisonModel {
  const parsed = comparison.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new TypeError(
    `Cannot show this comparison: its model is not valid at "${path.join('.') || 'the top'}": ${message}`,
  );
}
