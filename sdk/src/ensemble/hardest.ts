/** The rows that out-of-fold predictions most often, and most confidently, get wrong. */
import type { SampleId } from '../contract.js';

/** Predictions of rows that their models have not been trained on. */
export interface RowScores {
  readonly ids: readonly SampleId[];
  /** Row-major `[rows, classes]`. */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  readonly targets: readonly (number | string | boolean)[] | null;
}

export interface HardRow {
  readonly id: string;
  readonly target: string;
  /** Of classes: the wrong vote that was given most often. Of values: the mean prediction. */
  readonly said: string;
  /** Predictions of this row that are wrong; of values: 0. */
  readonly wrong: number;
  /** Predictions of this row. */
  readonly of: number;
  /** Of classes: mean score of the wrong votes. Of values: mean absolute error. */
  readonly size: number;
}

export interface Hardest {
  readonly kind: 'class' | 'value';
  /** Rows that have a prediction. */
  readonly rows: number;
  /** Rows that were wrong at least once; of values: 0. */
  readonly wrongRows: number;
  readonly hardest: readonly HardRow[];
}

interface Seen {
  readonly target: number | string | boolean;
  of: number;
  wrong: number;
  size: number;
  value: number;
  votes: Map<number, number> | null;
}

/**
 * Classes: rows in the order of how many of their predictions are wrong, then of how sure those were. Values: by mean
 * absolute error. A row with a NaN score counts as wrong without a vote.
 *
 * @param tables of all repetitions: a row has as many predictions as repetitions that hold it out
 * @param most rows to list. Default 20
 */
export function hardestRows(tables: readonly RowScores[], kind: 'class' | 'value', most = 20): Hardest {
  const rows = new Map<SampleId, Seen>();
  for (const table of tables) {
    if (!table.targets) continue;
    for (let row = 0; row < table.rows; row++) {
      const target = table.targets[row]!;
      let seen = rows.get(table.ids[row]!);
      if (!seen) {
        seen = { target, of: 0, wrong: 0, size: 0, value: 0, votes: null };
        rows.set(table.ids[row]!, seen);
      }
      seen.of++;
      if (kind === 'class') addVote(seen, table, row);
      else addValue(seen, table.scores[row * table.classes]!);
    }
  }
  const found = [...rows].filter(([, { wrong, size }]) => (kind === 'class' ? wrong > 0 : size > 0));
  const meanSize = ({ size, wrong, of }: Seen): number => size / (kind === 'class' ? wrong : of);
  const order = ([, a]: [SampleId, Seen], [, b]: [SampleId, Seen]): number =>
    b.wrong / b.of - a.wrong / a.of || b.wrong - a.wrong || meanSize(b) - meanSize(a);
  return {
    kind,
    rows: rows.size,
    wrongRows: kind === 'class' ? found.length : 0,
    hardest: found
      .sort(order)
      .slice(0, most)
      .map(([id, seen]) => ({
        id: String(id),
        target: String(seen.target),
        said: kind === 'class' ? said(seen) : String(Number((seen.value / seen.of).toPrecision(6))),
        wrong: seen.wrong,
        of: seen.of,
        size: meanSize(seen),
      })),
  };
}

function addVote(seen: Seen, { scores, classes }: RowScores, row: number): void {
  const at = row * classes;
  let vote = 0;
  let score = scores[at]!;
  if (classes === 1 && score > 0.5) vote = 1;
  else if (classes === 1) score = 1 - score;
  for (let c = 1; c < classes; c++) {
    const other = scores[at + c]!;
    if (other > score) vote = c;
    // NaN stays: it wins no comparison
    if (other > score || Number.isNaN(other)) score = other;
  }
  if (Number.isNaN(score)) vote = -1;
  if (vote === Number(seen.target)) return;
  seen.wrong++;
  if (vote < 0) return;
  seen.size += score;
  seen.votes ??= new Map();
  seen.votes.set(vote, (seen.votes.get(vote) ?? 0) + 1);
}

function addValue(seen: Seen, value: number): void {
  if (Number.isNaN(value)) return;
  seen.value += value;
  seen.size += Math.abs(value - Number(seen.target));
}

/** Booleans number the columns too. */
function said({ votes, target }: Seen): string {
  let best: [number, number] | null = null;
  for (const vote of votes ?? []) if (best === null || vote[1] > best[1]) best = vote;
  if (best === null) return 'NaN';
  return typeof target === 'boolean' ? String(best[0] === 1) : String(best[0]);
}
