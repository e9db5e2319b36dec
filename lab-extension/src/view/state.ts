/** What one view of a run shows: the model, what was chosen in it, and what may be done. */
import {
  foldIndexes,
  headline,
  mainMetric,
  repetitionWord,
  scoreGrid,
  type Action,
  type Headline,
  type IntervalModel,
  type RunModel,
  type ScoreGrid,
  type UnitModel,
} from 'foldlab/view';

export interface Place {
  readonly cvIndex: number;
  readonly repIndex: number;
}

export type Part = 'validation' | 'test';

export const TABS = [
  'curves',
  'ensembles',
  'members',
  'confusion',
  'rates',
  'examples',
  'leases',
  'table',
] as const;
export type TabName = (typeof TABS)[number];

/** What a person chose; kept while the model changes. */
export interface Choice {
  readonly selected: Place | null;
  readonly part: Part;
  /** Null: the run's main metric. */
  readonly metric: string | null;
  readonly tab: TabName;
}

export const FIRST_CHOICE: Choice = { selected: null, part: 'validation', metric: null, tab: 'curves' };

/** Whether actions reach a kernel, and if not, why, in words for a person. */
export type Reach = { readonly live: true } | { readonly live: false; readonly why: string };

export interface ViewState {
  readonly model: RunModel;
  readonly choice: Choice;
  readonly reach: Reach;
  /** The view is narrower than two columns need. */
  readonly narrow: boolean;
  /** Everything below is derived. */
  readonly metric: string | null;
  readonly folds: readonly number[];
  readonly grid: ScoreGrid;
  readonly numbers: Headline;
  readonly unit: UnitModel | null;
  /** Of the scores that the strip shows; null where the run has none. */
  readonly interval: IntervalModel | null;
  readonly noun: 'seed' | 'repetition';
}

/** What the parts of a view may ask for. */
export interface Actions {
  select(place: Place | null): void;
  choose(change: Partial<Choice>): void;
  /** Opens the menu of a unit at a point of the window; the focus returns to `from` when it closes. */
  openMenu(place: Place, x: number, y: number, from: HTMLElement): void;
  perform(action: Action): void;
  rerunWith(place: Place): void;
  showFiles(place: Place): void;
  copyCall(place: Place): void;
  say(text: string): void;
}

export interface ViewPart {
  readonly node: HTMLElement;
  update(state: ViewState): void;
  dispose?(): void;
}

export function deriveState(model: RunModel, choice: Choice, reach: Reach, narrow: boolean): ViewState {
  const metric =
    choice.metric !== null && model.metrics.includes(choice.metric) ? choice.metric : mainMetric(model);
  const part = choice.part === 'test' && !model.hasTest ? 'validation' : choice.part;
  const full = scoreGrid(model, part, metric);
  // the rows of the ensembles have their own tab; here the height must stay
  const rows = full.rows.filter(
    (row) => row.kind === 'fold' || row.kind === 'mean' || row.kind === 'members',
  );
  const { selected } = choice;
  const unit = selected ? (model.units.find((each) => samePlace(each, selected)) ?? null) : null;
  return {
    model,
    choice: { ...choice, part, selected: unit ? selected : null },
    reach,
    narrow,
    metric,
    folds: foldIndexes(model),
    grid: { ...full, rows },
    numbers: headline(model, metric),
    unit,
    interval: part === 'validation' ? (model.intervals.find((each) => each.metric === metric) ?? null) : null,
    noun: repetitionWord(model),
  };
}

export function samePlace(a: Place, b: Place): boolean {
  return a.cvIndex === b.cvIndex && a.repIndex === b.repIndex;
}

/** The last epoch that a unit reported; null before the first. */
export function lastEpoch(unit: UnitModel): number | null {
  const epochs = unit.curves.map((curve) => curve.epochs.at(-1)).filter((epoch) => epoch !== undefined);
  return epochs.length === 0 ? null : Math.max(...epochs);
}
