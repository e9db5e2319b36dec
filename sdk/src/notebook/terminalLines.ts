/** What a log shows of a run: one line for each thing that ended. */

import { mainMetric, valueOf } from '../view/describe.js';
import type { RunModel, UnitModel } from '../view/model.js';
import { formatDuration, formatMetric } from '../view/numbers.js';
import { backendWords, oneLine, repetitionWord, sizeWords, unitName } from '../view/words.js';

/** What was said already; grows with every call of {@link endedLines}. */
export interface Seen {
  /** Repetition, fold and attempt, each in the order of its end. */
  readonly units: Set<string>;
  readonly ensembles: Set<string>;
  readonly notices: Set<string>;
  /** The unit that failed first with a message. */
  readonly failures: Map<string, string>;
}

export const nothingSeen = (): Seen => ({
  units: new Set(),
  ensembles: new Set(),
  notices: new Set(),
  failures: new Map(),
});

/** How to go on with a run that was cancelled; '' of others. */
export const goOnLine = ({ status, dir }: RunModel): string =>
  status === 'cancelled'
    ? `What is done is kept in ${oneLine(dir, 1000)}: run this again to go on, or npx foldlab resume ${oneLine(dir, 1000)}`
    : '';

/** "mnist: 5 folds × 2 repetitions, tensorflow". */
export function openingLine(model: RunModel): string {
  const backend = backendWords(model);
  return `${oneLine(model.name, 60)}: ${sizeWords(model)}${backend === '' ? '' : `, ${backend}`}`;
}

/** A line for each notice, ended unit and ensemble that was not said yet. */
export function endedLines(model: RunModel, seen: Seen): string[] {
  const metric = mainMetric(model);
  const lines: string[] = [];
  for (const notice of model.notices) {
    if (isNew(seen.notices, notice)) lines.push(oneLine(notice));
  }
  for (const unit of model.units) {
    const ended = unit.status === 'done' || unit.status === 'failed';
    if (!ended || !isNew(seen.units, `${unit.repIndex}/${unit.cvIndex}/${unit.attempt}`)) continue;
    lines.push(
      `[${progress(seen.units.size, model)}] ${unitName(model, unit)}: ${endWords(model, unit, metric, seen)}`,
    );
  }
  for (const ensemble of model.ensembles) {
    const value = valueOf(ensemble.test, metric);
    if (value === null || !isNew(seen.ensembles, `${ensemble.repIndex}/${ensemble.method}/${value}`))
      continue;
    const kind = ensemble.method === 'mean' ? '' : ` (${oneLine(ensemble.method, 20)})`;
    lines.push(
      `${repetitionWord(model)} ${ensemble.repIndex}: ensemble${kind} of ${ensemble.members.length}` +
        `${ensemble.survivorsOnly ? ' that finished' : ''}: test ${oneLine(metric ?? '', 40)} ${formatMetric(value)}`,
    );
  }
  return lines;
}

function isNew(set: Set<string>, key: string): boolean {
  if (set.has(key)) return false;
  set.add(key);
  return true;
}

/** " 3/10". More attempts than units do not count beyond the total. */
function progress(count: number, model: RunModel): string {
  const total = String(model.units.length);
  return `${String(Math.min(count, model.units.length)).padStart(total.length)}/${total}`;
}

function endWords(model: RunModel, unit: UnitModel, metric: string | null, { failures }: Seen): string {
  const time = unit.cached ? ' (reused)' : unit.seconds === null ? '' : ` (${formatDuration(unit.seconds)})`;
  if (unit.status === 'failed') {
    const message = oneLine(unit.error) || 'no message';
    const first = failures.get(message);
    if (first !== undefined) return `failed, as ${first}${time}`;
    failures.set(message, unitName(model, unit));
    return `failed: ${message}${time}`;
  }
  const scores = (['validation', 'test'] as const).flatMap((part) => {
    const value = valueOf(unit[part], metric);
    return value === null ? [] : [{ part, text: formatMetric(value) }];
  });
  const [first, ...others] = scores;
  if (!first) return `done${time}`;
  // the metric is named once: "validation accuracy 0.9641, test 0.9659"
  const named = `${first.part} ${oneLine(metric ?? '', 40)} ${first.text}`;
  return `${[named, ...others.map(({ part, text }) => `${part} ${text}`)].join(', ')}${time}`;
}
