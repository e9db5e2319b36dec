/** From a builder's piece to what a chart draws: its fixed frame, and its data apart from its structure. */
import { framed as framedPiece, type Padding, type Spec } from 'foldlab/view';
import { LAB_CONFIG } from './config';

export interface SplitSpec {
  /** The specification with every data set named instead of inline. */
  readonly structure: Spec;
  readonly data: ReadonlyMap<string, readonly object[]>;
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
