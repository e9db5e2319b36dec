/**
 * Vega, loaded when the first chart is drawn. Expressions are interpreted, never evaluated; nothing is fetched; what a
 * user named is data, never part of a specification.
 */
import type { Changeset, Loader, Spec as VegaSpec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import type { Spec } from 'foldlab/view';
import { changedStretch } from './rows';
import type { Axis, Domain, Row, Rows } from './spec';

export interface Vega {
  /** Prepares a chart of this structure; its axes take the domains of `axes` when it is drawn. */
  compile(structure: Spec, axes: readonly Axis[]): VegaSpec;
  open(compiled: VegaSpec, node: HTMLElement): ChartView;
}

/** A chart on the page. */
export interface ChartView {
  /** Resolves when it is drawn. What is the same as before costs nothing. */
  show(data: ReadonlyMap<string, Rows>, domains: ReadonlyMap<Axis, Domain>): Promise<void>;
  /** `listener` gets the datum of a mark that was clicked. */
  onPick(listener: (datum: Record<string, unknown>) => void): void;
  dispose(): void;
}

let loading: Promise<Vega> | null = null;

export function loadVega(): Promise<Vega> {
  // a failed load (a page that lost its server) is tried again by the next chart
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

const refuse = (): never => {
  throw new Error('A chart of foldlab loads nothing');
};

const loader: Loader = {
  load: async () => refuse(),
  sanitize: async () => refuse(),
  http: async () => refuse(),
  file: async () => refuse(),
};

/** Of one data set the rows that were given, and vega's copies of them: it marks the rows that it takes. */
interface Shown {
  readonly rows: Rows;
  readonly copies: Row[];
}

/**
 * Collects in `changes` what turns `before` into `rows`, and updates its copies; false for nothing. Rows are changed in
 * place where that is possible: for each row that leaves a line, vega draws the whole line again.
 */
function replaceRows(changes: Changeset, { rows: old, copies }: Shown, rows: Rows): boolean {
  const { start, removed, added } = changedStretch(old, rows);
  if (removed + added === 0) return false;
  const kept = Math.min(removed, added);
  for (let i = start; i < start + kept; i++) {
    for (const name of Object.keys({ ...old[i], ...rows[i] })) {
      if (!Object.is(old[i]![name], rows[i]![name])) changes.modify(copies[i]!, name, rows[i]![name]);
    }
  }
  const fresh = rows.slice(start + kept, start + added).map((row) => ({ ...row }));
  const stale = copies.splice(start + kept, removed - kept, ...fresh);
  changes.remove(stale).insert(fresh);
  return true;
}

const signalOf = (axis: Axis): string => `foldlab_${axis}`;

async function load(): Promise<Vega> {
  const [vega, vegaLite, { expressionInterpreter }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
  ]);
  const quiet = vega.logger(vega.Error);
  return {
    compile(structure, axes) {
      const { spec } = vegaLite.compile(structure as unknown as TopLevelSpec, { logger: quiet });
      return {
        ...spec,
        signals: [...(spec.signals ?? []), ...axes.map((axis) => ({ name: signalOf(axis), value: [0, 1] }))],
        scales: spec.scales?.map((scale) =>
          axes.some((axis) => axis === scale.name)
            ? ({ ...scale, domain: { signal: signalOf(scale.name as Axis) } } as typeof scale)
            : scale,
        ),
      };
    },
    open(compiled, node) {
      const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
        expr: expressionInterpreter,
        loader,
        logger: quiet,
        renderer: 'svg',
        hover: false,
      } as ConstructorParameters<typeof vega.View>[1]).initialize(node);
      const shown = new Map<string, Shown>();
      return {
        async show(data, domains) {
          for (const [axis, domain] of domains) {
            const [low, high] = view.signal(signalOf(axis)) as Domain;
            if (domain[0] !== low || domain[1] !== high) view.signal(signalOf(axis), domain);
          }
          for (const [name, rows] of data) {
            const before = shown.get(name) ?? { rows: [], copies: [] };
            const changes = vega.changeset();
            if (!replaceRows(changes, before, rows)) continue;
            shown.set(name, { ...before, rows });
            view.change(name, changes);
          }
          await view.runAsync();
        },
        onPick(listener) {
          view.addEventListener('click', (_event, item) => {
            const datum = (item as { datum?: unknown } | null | undefined)?.datum;
            if (datum !== null && typeof datum === 'object') listener(datum as Record<string, unknown>);
          });
        },
        dispose: () => void view.finalize(),
      };
    },
  };
}
