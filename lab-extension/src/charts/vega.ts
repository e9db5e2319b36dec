/**
 * Vega, loaded when the first chart is drawn. Expressions are interpreted, never evaluated; nothing is fetched; what a
 * user named is data, never part of a specification.
 */
import type { Loader, View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import type { Spec } from 'foldlab/view';

export type ChartView = View;

export interface Vega {
  /** Draws `structure` into `node`, with data to be set. */
  open(structure: Spec, node: HTMLElement): ChartView;
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

async function load(): Promise<Vega> {
  const [vega, vegaLite, { expressionInterpreter }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
  ]);
  const quiet = vega.logger(vega.Error);
  return {
    open(structure, node) {
      const { spec } = vegaLite.compile(structure as unknown as TopLevelSpec, { logger: quiet });
      const view = new vega.View(vega.parse(spec, undefined, { ast: true }), {
        expr: expressionInterpreter,
        loader,
        logger: quiet,
        renderer: 'svg',
        hover: false,
      } as ConstructorParameters<typeof vega.View>[1]);
      return view.initialize(node);
    },
  };
}
