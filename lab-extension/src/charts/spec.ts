/** From a builder's piece to what a chart draws: its fixed frame, and what changes while a run goes on apart from it. */
import { framed as framedPiece, type Padding, type Spec } from 'foldlab/view';
import { LAB_CONFIG } from './config';

/** Flat: fields of text and numbers. */
export type Row = Readonly<Record<string, unknown>>;
export type Rows = readonly Row[];
export type Axis = 'x' | 'y';
export type Domain = readonly [number, number];

/** Two snapshots of a run mostly differ in nothing but `data` and `domains`: then nothing is compiled again. */
export interface SplitSpec {
  /** The specification with every data set named instead of inline, and with domains that are only stand-ins. */
  readonly structure: Spec;
  readonly data: ReadonlyMap<string, Rows>;
  readonly domains: ReadonlyMap<Axis, Domain>;
}

/** A piece in its frame, in the page's own colours, with its descriptions as tooltips. */
export function framed(piece: Spec, padding: Padding): Spec {
  const spec = framedPiece(piece, padding, LAB_CONFIG);
  return {
    ...spec,
    ...(Array.isArray(spec.layer) ? { layer: (spec.layer as Spec[]).map(withTooltip) } : {}),
  };
}

function withTooltip(layer: Spec): Spec {
  const encoding = layer.encoding as Spec | undefined;
  const description = encoding?.description;
  return description ? { ...layer, encoding: { ...encoding, tooltip: description } } : layer;
}

/** Takes the layers' inline data out, and the domains of the axes that have one fixed by the builder. */
export function splitSpec(spec: Spec): SplitSpec {
  const layers = (spec.layer as Spec[] | undefined) ?? [];
  const data = new Map<string, Rows>();
  const domains = new Map<Axis, Domain>();
  for (const axis of ['x', 'y'] as const) {
    const domain = commonDomain(layers, axis);
    if (domain) domains.set(axis, domain);
  }
  const layer = layers.map((each, i) => {
    const values = (each.data as { values?: Rows } | undefined)?.values;
    if (values) data.set(`d${i}`, values);
    return {
      ...each,
      ...(values ? { data: { name: `d${i}` } } : {}),
      ...(each.encoding ? { encoding: withStandIns(each.encoding as Spec, [...domains.keys()]) } : {}),
    };
  });
  return { structure: { ...spec, layer }, data, domains };
}

interface Channel {
  readonly type?: unknown;
  readonly scale?: { readonly domain?: unknown; readonly type?: unknown };
}

const channelOf = (layer: Spec, axis: Axis): Channel | undefined =>
  (layer.encoding as Readonly<Record<Axis, Channel | undefined>> | undefined)?.[axis];

/** The one quantitative domain that all layers with this axis name; null where they do not agree. */
function commonDomain(layers: readonly Spec[], axis: Axis): Domain | null {
  const channels = layers.flatMap((layer) => channelOf(layer, axis) ?? []);
  const [first] = channels.map((channel) => channel.scale?.domain);
  if (!Array.isArray(first) || first.length !== 2 || !first.every(Number.isFinite)) return null;
  const agree = channels.every(({ type, scale }) => {
    const domain = scale?.domain as readonly unknown[] | undefined;
    return type === 'quantitative' && domain?.[0] === first[0] && domain?.[1] === first[1];
  });
  return agree ? [first[0] as number, first[1] as number] : null;
}

function withStandIns(encoding: Spec, axes: readonly Axis[]): Spec {
  const changed = axes.flatMap((axis) => {
    const channel = encoding[axis] as Channel | undefined;
    if (!channel) return [];
    const domain = channel.scale!.type === 'log' ? [1, 10] : [0, 1];
    return [[axis, { ...channel, scale: { ...channel.scale, domain } }] as const];
  });
  return { ...encoding, ...Object.fromEntries(changed) };
}
