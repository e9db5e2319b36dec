/** The report of a run: its page, made from what its directory holds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../contract.js';
import { RunError } from '../errors.js';
import { metrics } from '../metrics/index.js';
import { drawSvg } from '../notebook/drawSvg.js';
import { MANIFEST } from '../store/runDirectory.js';
import { estimatesFigure } from '../view/estimates/figure.js';
import { reportFigures } from '../view/figures/all.js';
import { framed, type Figure } from '../view/figures/figure.js';
import { reportHtml, type DrawnFigure, type Meaning } from '../view/report.js';
import { overviewSpec } from '../view/specs/overview.js';
import { VIEW_CONFIG } from '../view/specs/theme.js';
import { toVarianceModel } from './estimates.js';
import type { Run } from './runInterface.js';

/** Of more metrics than this nobody reads the sentences. */
const METRICS = 5;

/** One self-contained HTML page; of a run that failed or was cancelled, of what there is. */
export async function reportRun(run: Run): Promise<string> {
  const { units, ...rest } = run.snapshot;
  // of a run that was opened everything is reused, which is no news
  const model = { ...rest, units: units.map((unit) => ({ ...unit, cached: false })) };
  const result = await resultOf(run);
  return reportHtml({
    model,
    svg: await drawSvg(overviewSpec(model, { charts: false })),
    figures: await drawFigures([...reportFigures(model), ...(result ? varianceFigures(result) : [])]),
    meanings: result ? await meaningsOf(result) : [],
    facts: factsOf(run.dir),
  });
}

async function drawFigures(figures: readonly Figure[]): Promise<DrawnFigure[]> {
  const drawn = [];
  for (const figure of figures)
    drawn.push({ figure, svg: await drawSvg(framed(figure.spec, figure.padding, VIEW_CONFIG)) });
  return drawn;
}

/** What is of folds and what of seeds; of a run that cannot tell (one repetition, a unit that failed) nothing. */
function varianceFigures(result: RunResult): Figure[] {
  const [metric] = Object.keys(result.folds[0]?.validation.metrics ?? {});
  try {
    const model = toVarianceModel(result.variance(metric), metric ?? '');
    return [estimatesFigure(model, { width: 500, height: 150 })];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** Null where the run has none. */
export async function resultOf(run: Run): Promise<RunResult | null> {
  try {
    return await run.result;
  } catch (error) {
    if (error instanceof RunError) return error.result;
    // cancelled, or cut off before it had any: the page says so
    return null;
  }
}

async function meaningsOf(result: RunResult): Promise<Meaning[]> {
  const found: Meaning[] = [];
  const [first] = result.ensembles;
  for (const metric of Object.keys(first?.test.metrics ?? {}).slice(0, METRICS)) {
    found.push({
      of: `test ${metric} of the ensembles, other seeds`,
      says: result.summary(metric, { of: 'ensembles' }).interval.says,
    });
    // only what foldlab can score anew on drawn rows
    if (metric in metrics)
      found.push({
        of: `test ${metric} of the ensembles, new rows`,
        says: await result.testInterval(metric).then(
          ({ says }) => says,
          (error: unknown) => `No interval: ${(error as Error).message}`,
        ),
      });
  }
  for (const metric of Object.keys(result.outOfFold[0]?.metrics ?? {}).slice(0, METRICS)) {
    found.push({
      of: `pooled out-of-fold ${metric}, other seeds`,
      says: result.summary(metric, { of: 'outOfFold' }).interval.says,
    });
  }
  return found;
}

/** Of the machine and the display, not of how the numbers came about; a page may be sent around. */
const LOCAL = ['dir', 'cacheDir', 'name', 'display', 'onReexecute'];

/** From the manifest: what tells how to do it again. */
export function factsOf(dir: string): Record<string, string> {
  let manifest: Record<string, unknown>;
  try {
    manifest = JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
  const { foldlab, versions, platform, gitCommit, datasetHash, threadsPerWorker, slots, gpus } = manifest;
  const facts = {
    ...(manifest.options as Record<string, unknown>),
    foldlab,
    ...(versions as Record<string, unknown>),
    platform,
    gitCommit,
    datasetHash,
    threadsPerWorker,
    slots,
    gpus,
  };
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([name, value]) => !LOCAL.includes(name) && value !== null && value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
