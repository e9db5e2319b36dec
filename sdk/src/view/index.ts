/**
 * What shows a run: plain functions of the run model that work in Node and in a browser.
 *
 * @packageDocumentation
 */

export {
  RUN_MIME_TYPE,
  RUN_MODEL_VERSION,
  UNIT_STATUSES,
  VIEW_RUN_STATUSES,
  type AttemptModel,
  PICTURE_KINDS,
  type ClassCountsModel,
  type CurveModel,
  type EnsembleModel,
  type GroupingModel,
  type HardRowModel,
  type HardestModel,
  type WideEnsembleModel,
  type IntervalModel,
  type LeaseModel,
  type MeritsModel,
  type PictureKind,
  type PictureModel,
  type RunModel,
  type SpanModel,
  type SpreadModel,
  type UnitModel,
  type UnitStatus,
  type ViewRunStatus,
  type WireNumber,
} from './model.js';
export { RUN_MODEL_LIMITS, parseRunModel } from './schema.js';
export { MODEL_BYTES, fitModel } from './fit.js';
export { groupModel, type GroupOptions } from './group.js';
export { diffRun, patchRun, type RunPatch } from './patch.js';
export {
  COMM_TARGET,
  WIRE_INTERVAL_MS,
  WIRE_VERSION,
  type Action,
  type DiskEntry,
  type KernelMessage,
  type PageMessage,
  type Removed,
  type SessionModel,
  type UnitFiles,
} from './wire.js';
export {
  MISSING,
  formatCount,
  formatDuration,
  formatMetric,
  formatRange,
  formatSigned,
  fromWireNumber,
  fromWireRecord,
  toWireNumber,
  toWireRecord,
} from './numbers.js';
export {
  ensembleMethods,
  foldIndexes,
  gainOf,
  headline,
  isCutOff,
  intervalOf,
  mainMetric,
  spread,
  statusCounts,
  unitValues,
  valueOf,
  type Headline,
  type Spread,
} from './describe.js';
export {
  columnName,
  failureLines,
  foldName,
  headerWords,
  headlinePhrases,
  noteLines,
  oneLine,
  repetitionName,
  repetitionWord,
  sizeWords,
  statusWord,
  statusWords,
  summaryLine,
  unitLabel,
  unitName,
} from './words.js';
export {
  scoreGrid,
  type CellKind,
  type GridCell,
  type GridRow,
  type RowKind,
  type ScoreGrid,
} from './grid.js';
export { toCsv, toMarkdown, unitTable, type UnitTable } from './unitTable.js';
export { TABLE_NAMES, runTables, type NamedTable, type TableName } from './tables.js';
export { thinCurve } from './thin.js';
export { runTable } from './table.js';
export { SVG_MIME_TYPE, VEGA_LITE_MIME_TYPE, runBundle, type BundleOptions } from './bundle.js';
export { reportHtml, type ReportOptions } from './report.js';
export { overviewSpec } from './specs/overview.js';
export { gridSpec, type GridOptions } from './specs/grid.js';
export { stripSpec, type Ghost, type StripOptions } from './specs/strip.js';
export { ensemblesSpec, type EnsemblesOptions } from './specs/ensembles.js';
export {
  ensemblePictures,
  pooledConfusion,
  unitPictures,
  type Confusion,
  type PictureChoice,
} from './pictures.js';
export { confusionSpec, type ConfusionOptions } from './specs/confusion.js';
export { cornerOnly, ratesSpec, type RatesOptions } from './specs/rates.js';
export { calibrationSpec, type CalibrationOptions } from './specs/calibration.js';
export { leaseRows, leasesSpec, type LeasesOptions } from './specs/leases.js';
export { told } from './told.js';
export { speak, say, sayCount, type Language } from './say.js';
export { framed, type Figure, type FigureSize, type Padding } from './figures/figure.js';
export { curvesFigures, type CurvesFigureOptions } from './figures/curves.js';
export { ensemblesFigure, gainsFigure, type EnsemblesFigureOptions } from './figures/ensembles.js';
export { confusionFigure, type ConfusionFigure, type ConfusionFigureOptions } from './figures/confusion.js';
export {
  RATE_KINDS,
  rateKinds,
  ratesFigure,
  type RateKind,
  type RatesFigureOptions,
} from './figures/rates.js';
export { leasesFigure } from './figures/leases.js';
export { membersFigures, membersSentences } from './figures/members.js';
export {
  classCountsFigure,
  hardestList,
  type ClassCountsFigureOptions,
  type HardLine,
  type HardestList,
} from './figures/examples.js';
export { reportFigures } from './figures/all.js';
export { withDarkMode } from './darkMode.js';
export { migrate } from './migrations.js';
export { gainsSpec, type GainsOptions } from './specs/gains.js';
export { bestPoint, curveMetrics, curvesSpec, lessIsBetter, type CurvesOptions } from './specs/curves.js';
export { SHAPES, VIEW_CONFIG, standalone, type Spec } from './specs/theme.js';
export {
  COMPARISON_MIME_TYPE,
  COMPARISON_MODEL_VERSION,
  type ComparedFoldModel,
  type ComparisonModel,
} from './comparison/model.js';
export { parseComparison } from './comparison/schema.js';
export { comparisonBundle } from './comparison/bundle.js';
export { comparisonFigure } from './comparison/figure.js';
export { comparisonTable } from './comparison/table.js';
export { comparisonSpec, differencesHeight, differencesSpec } from './comparison/spec.js';
export {
  comparisonRows,
  differenceWords,
  pairWords,
  sentences as comparisonSentences,
  type ComparisonRow,
} from './comparison/words.js';
export {
  ESTIMATES_MIME_TYPE,
  ESTIMATES_MODEL_VERSION,
  type EstimatesModel,
  type PairModel,
  type PairsModel,
  type PartModel,
  type VarianceModel,
} from './estimates/model.js';
export { parseEstimates } from './estimates/schema.js';
export { estimatesBundle } from './estimates/bundle.js';
export { estimatesFigure } from './estimates/figure.js';
export { estimatesTable } from './estimates/table.js';
export { estimatesHeight, estimatesPicture, estimatesSpec } from './estimates/spec.js';
export {
  answerOf as estimatesAnswer,
  headsOf as estimatesHeads,
  rowsOf as estimatesRows,
  sentencesOf as estimatesSentences,
  titleOf as estimatesTitle,
  type EstimateRow,
} from './estimates/words.js';
