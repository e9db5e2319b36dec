/** The pictures of a run's units and ensembles, small enough for a view. */
import type { MetricPicture, Part } from '../contract.js';
import type { ScoreRecord } from '../jobs/messages.js';
import { PICTURE_KINDS, type PictureKind, type PictureModel } from '../view/model.js';
import { inOrder } from './ensembleRecord.js';
import { counting, type RunRecord } from './record.js';

/** Points of one curve. */
const POINTS = 40;
/** A matrix with more classes is left to the predictions. */
const MOST_CLASSES = 50;
/** Numbers of all pictures together. */
const ALL_NUMBERS = 12_000;
const DECIMALS = 1e4;

type Shape = Pick<PictureModel, 'name' | 'kind' | 'labels' | 'counts' | 'x' | 'y' | 'low' | 'high'>;

/** Scores do not change, and a view is made several times a second. */
const made = new WeakMap<ScoreRecord, readonly Shape[]>();

/** Ensembles first: where there is no room for all, units are left out. */
export function toPictures(record: RunRecord): PictureModel[] {
  const all: PictureModel[] = [];
  let numbers = 0;
  const add = (score: ScoreRecord | null, part: Part, repIndex: number, cvIndex: number | null): void => {
    for (const shape of score ? shapesOf(score) : []) {
      numbers += 4 * shape.x.length + shape.counts.length ** 2;
      if (numbers <= ALL_NUMBERS) all.push({ ...shape, part, repIndex, cvIndex });
    }
  };
  for (const { score, repIndex, index } of inOrder(record.ensembles)) {
    if (index === 0) add(score, 'test', repIndex, null);
  }
  for (const part of ['validation', 'test'] as const) {
    for (const unit of record.units) add(counting(unit)[part].score, part, unit.repIndex, unit.cvIndex);
  }
  return all;
}

function shapesOf(score: ScoreRecord): readonly Shape[] {
  let shapes = made.get(score);
  if (!shapes) {
    shapes = Object.entries(score.pictures).flatMap(([name, picture]) => toShape(name, picture) ?? []);
    made.set(score, shapes);
  }
  return shapes;
}

/** Null for a kind that no view draws, and for fields that are not what the kind has. */
function toShape(name: string, picture: MetricPicture): Shape | null {
  const { kind } = picture;
  if (!(PICTURE_KINDS as readonly string[]).includes(kind)) return null;
  const empty = { name, kind: kind as PictureKind, labels: [], counts: [], x: [], y: [], low: [], high: [] };
  if (kind === 'confusion') {
    const labels = (picture.labels as unknown[] | undefined)?.map(String) ?? [];
    const counts = picture.counts as number[][] | undefined;
    const fits =
      Array.isArray(counts) &&
      labels.length <= MOST_CLASSES &&
      counts.every((row) => row.length === labels.length);
    return fits && counts.length === labels.length ? { ...empty, labels, counts } : null;
  }
  const fields = {
    roc: ['fpr', 'tpr'],
    precisionRecall: ['recall', 'precision'],
    calibration: ['predicted', 'observed'],
  };
  const [x, y, low = [], high = []] = [...fields[kind as keyof typeof fields], 'low', 'high'].map(
    (field) => picture[field] as number[] | undefined,
  );
  if (!Array.isArray(x) || !Array.isArray(y) || x.length !== y.length) return null;
  const kept = keep(x.length);
  const pick = (list: readonly number[]): number[] =>
    list.length === x.length ? kept.map((i) => Math.round(list[i]! * DECIMALS) / DECIMALS) : [];
  const labels = typeof picture.positive === 'string' ? [picture.positive] : [];
  return { ...empty, labels, x: pick(x), y: pick(y), low: pick(low), high: pick(high) };
}

/** At most {@link POINTS} positions, ends included. */
function keep(length: number): number[] {
  if (length <= POINTS) return [...Array(length).keys()];
  return [...Array(POINTS).keys()].map((i) => Math.round((i * (length - 1)) / (POINTS - 1)));
}
