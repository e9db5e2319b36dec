/** How large a run model may be. */

/** Sizes a run model must keep within; a producer cuts its texts and thins its curves to these. */
export const RUN_MODEL_LIMITS = {
  /** Characters of a name, an id, a metric's name. */
  name: 256,
  /** Characters of a path, an error, a notice. */
  text: 4096,
  folds: 10_000,
  repetitions: 10_000,
  units: 20_000,
  metrics: 256,
  curves: 32,
  /** Points of one curve. */
  points: 1000,
  /** Points of all curves together. */
  allPoints: 1_000_000,
  attempts: 1000,
  leases: 1024,
  notices: 256,
  spans: 5000,
  pictures: 1000,
  classes: 100,
  hardest: 200,
} as const;
