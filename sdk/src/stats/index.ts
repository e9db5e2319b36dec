/** Numbers over units: checked scores and their summaries. */
export { toScore } from './score.js';
export { summarize, type SummaryOptions } from './summary.js';
