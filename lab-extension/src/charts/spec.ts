/** From a builder's piece to what a chart draws: its fixed frame, and its data apart from its structure. */
import { type Spec } from 'foldlab/view';
import { LAB_CONFIG } from './config';

/** Pixels around the plot, for axes and labels. */
export interface Padding {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface SplitSpec {
  /** The specification with every data set named instead of inline. */
  readonly structure: Spec;
  readonly data: ReadonlyMap<string, readonly object[]>;
}

/** A piece in a frame of fixed size, without its title (captions are the page's), with its descriptions as tooltips. */
export function framed(piece: Spec, padding: Padding): Spec {
  const { title: _title, ...rest } = piece;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    ...rest,
    ...(Array.isArray(rest.layer) ? { layer: (rest.layer as Spec[]).map(withTooltip) } : {}),
    autosize: { type: 'none' },
    padding,
    config: LAB_CONFIG,
  };
}

function withTooltip(layer: Spec): Spec {
  const encoding = layer.encoding as Spec | undefined;
  const description = encoding?.description;
  return description ? { ...layer, encoding: { ...encoding, tooltip: description } } : layer;
}

/** Takes the inline data of the layers out: two snapshots of a run mostly differ in nothing else. */
export function splitData(spec: Spec): SplitSpec {
  const data = new Map<string, readonly object[]>();
  const layer = ((spec.layer as Spec[] | undefined) ?? []).map((each, i) => {
    const values = (each.data as { values?: readonly object[] } | undefined)?.values;
    if (!values) return each;
    data.set(`d${i}`, values);
    return { ...each, data: { name: `d${i}` } };
  });
  return { structure: { ...spec, layer }, data };
}
