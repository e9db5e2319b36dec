/**
 * Takes what a phase left behind into its attempt. A run may have ten thousand units, and what arrives from a worker or from the
 * journal is laid out for growth: it is copied field by field, which takes about half of the memory.
 */
import type { Part, Phase } from '../contract.js';
import type { ModelRecord, PhaseOutcome, ScoreRecord } from '../jobs/messages.js';
import type { FileRecord } from '../store/predictions.js';
import { partFor, type AttemptRecord } from './record.js';

/** Takes a finished phase into the attempt. */
export function applyOutcome(attempt: AttemptRecord, part: Part, phase: Phase, outcome: PhaseOutcome): void {
  const target = partFor(attempt, part);
  target.seconds += outcome.seconds;
  if (phase === 'train') attempt.trainSeconds = outcome.seconds;
  if (outcome.model) attempt.model = modelRecord(outcome.model);
  if (outcome.selectedOnValidation) attempt.selectedOnValidation = true;
  if (outcome.predictions) target.predictions = fileRecord(outcome.predictions);
  if (outcome.score) target.score = scoreRecord(outcome.score);
}

const NO_FILES: ModelRecord['files'] = [];
const NO_PICTURES: ScoreRecord['pictures'] = {};

const modelRecord = ({ kind, modelDir, files }: ModelRecord): ModelRecord => ({
  // a constant, not one string for each unit
  kind: kind === 'none' ? 'none' : kind,
  modelDir,
  files: files.length > 0 ? files : NO_FILES,
});
const fileRecord = ({ file, bytes, sha256 }: FileRecord): FileRecord => ({ file, bytes, sha256 });
const scoreRecord = ({ metrics, pictures }: ScoreRecord): ScoreRecord => ({
  metrics,
  pictures: Object.keys(pictures).length > 0 ? pictures : NO_PICTURES,
});
