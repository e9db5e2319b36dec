/** The report of two runs: what `compare` finds, drawn, for every metric that both have. */
import type { RunResult } from '../contract.js';
import { drawSvg } from '../notebook/drawSvg.js';
import { comparisonHtml, type ComparedRun } from '../view/comparison/report.js';
import { differencesHeight, differencesSpec } from '../view/comparison/spec.js';
import { comparisonFigure } from '../view/comparison/figure.js';
import { framed } from '../view/figures/figure.js';
import { VIEW_CONFIG } from '../view/specs/theme.js';
import { summaryLine } from '../view/words.js';
import { compare, toComparisonModel } from './compareRuns.js';
import { factsOf, resultOf } from './reportRun.js';
import type { Run } from './runInterface.js';

/** Of more metrics than this nobody reads the sentences. */
const METRICS = 5;
const WIDTH = 720;

/**
 * One self-contained HTML page.
 *
 * @throws RangeError when a run has no result, or the two cannot be compared
 */
export async function reportComparison(first: Run, second: Run): Promise<string> {
  const [a, b] = [await resultFor(first), await resultFor(second)];
  const comparisons = [];
  for (const metric of metricsOf(a, b)) {
    const model = toComparisonModel(compare(a, b, { metric }));
    const { padding } = comparisonFigure(model, { width: WIDTH, height: 1 });
    const size = { width: WIDTH - padding.left - padding.right, height: differencesHeight(model) };
    comparisons.push({
      model,
      svg: await drawSvg(framed(differencesSpec(model, size), padding, VIEW_CONFIG)),
    });
  }
  return comparisonHtml({ comparisons, runs: [wordsOf(first), wordsOf(second)] });
}

async function resultFor(run: Run): Promise<RunResult> {
  const result = await resultOf(run);
  if (!result)
    throw new RangeError(
      `Cannot compare run '${run.snapshot.name}' in ${run.dir}: it must have ended with scores; it is ${run.status}, run it again`,
    );
  return result;
}

/** All that both have; at least one, so that `compare` says why there is none. */
function metricsOf(a: RunResult, b: RunResult): (string | undefined)[] {
  const namesOf = ({ folds }: RunResult): string[] => [
    ...new Set(folds.flatMap(({ validation }) => Object.keys(validation.metrics))),
  ];
  const others = new Set(namesOf(b));
  const shared = namesOf(a).filter((name) => others.has(name));
  return shared.length === 0 ? [undefined] : shared.slice(0, METRICS);
}

const wordsOf = ({ snapshot, dir }: Run): ComparedRun => ({
  name: snapshot.name,
  summary: summaryLine(snapshot),
  facts: factsOf(dir),
});
