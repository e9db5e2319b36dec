/** What the pictures of a run say together. */
import type { PictureKind, PictureModel, RunModel } from './model.js';

export interface PictureChoice {
  readonly kind: PictureKind;
  readonly part: 'validation' | 'test';
  /** One unit's alone. Default: all units'. */
  readonly unit?: { readonly cvIndex: number; readonly repIndex: number } | null;
}

/** The pictures of single models of one kind and part: those under the first name that has any. */
export function unitPictures(model: RunModel, { kind, part, unit = null }: PictureChoice): PictureModel[] {
  const all = model.pictures.filter(
    (each) => each.kind === kind && each.part === part && each.cvIndex !== null,
  );
  const own = all.filter(
    (each) =>
      each.name === all[0]?.name &&
      (unit === null || (each.cvIndex === unit.cvIndex && each.repIndex === unit.repIndex)),
  );
  return own;
}

/** The ensembles' pictures of one kind, by repetition. */
export function ensemblePictures(model: RunModel, kind: PictureKind): PictureModel[] {
  const all = model.pictures.filter((each) => each.kind === kind && each.cvIndex === null);
  return all.filter((each) => each.name === all[0]?.name).sort((a, b) => a.repIndex - b.repIndex);
}

export interface Confusion {
  readonly labels: readonly string[];
  /** `[true][predicted]`, summed over the units. */
  readonly counts: readonly (readonly number[])[];
  /** Recall of each class: the diagonal's share of its row; NaN for an empty row. */
  readonly recall: readonly number[];
  /** How many units are in it. */
  readonly units: number;
  /** The off-diagonal cells with something in them, the largest share of their row first. */
  readonly largest: readonly {
    readonly actual: string;
    readonly predicted: string;
    readonly count: number;
    readonly share: number;
  }[];
}

/** The confusion of all units, or of one; null where evalFunc gives none. Units with other classes are left out. */
export function pooledConfusion(model: RunModel, choice: Omit<PictureChoice, 'kind'>): Confusion | null {
  const [first, ...rest] = unitPictures(model, { ...choice, kind: 'confusion' });
  if (!first) return null;
  const same = [first, ...rest].filter((each) => each.labels.join('\u0000') === first.labels.join('\u0000'));
  const { labels } = first;
  const counts = labels.map((_, r) =>
    labels.map((__, c) => same.reduce((sum, each) => sum + each.counts[r]![c]!, 0)),
  );
  const rowSums = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const largest = counts
    .flatMap((row, r) =>
      row.map((count, c) => ({
        actual: labels[r]!,
        predicted: labels[c]!,
        count,
        share: count / rowSums[r]!,
        own: r === c,
      })),
    )
    .filter(({ own, count }) => !own && count > 0)
    .sort((a, b) => b.share - a.share)
    .map(({ own: _, ...cell }) => cell);
  return {
    labels,
    counts,
    recall: counts.map((row, r) => row[r]! / rowSums[r]!),
    units: same.length,
    largest,
  };
}
