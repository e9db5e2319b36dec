/** A chart with its words: what the page of a notebook and a report both show. */
import type { Spec } from '../specs/theme.js';

/** Pixels around a plot, for axes and labels. */
export interface Padding {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Figure {
  /** What is drawn, in a word or two. */
  readonly title: string;
  /** How, in a few words; may be ''. */
  readonly how: string;
  /** One line below; may be ''. */
  readonly note: string;
  /** The chart in one sentence, for those who cannot see it. */
  readonly alt: string;
  /** A builder's piece, of the size that is left inside the padding. */
  readonly spec: Spec;
  readonly padding: Padding;
}

export interface FigureSize {
  /** Of the whole chart, axes and labels included, in pixels. */
  readonly width: number;
  /** Of the plot alone, in pixels. */
  readonly height: number;
}

/** The words that are there, with `between`. */
export const joined = (words: readonly string[], between = ' '): string =>
  words.filter((each) => each !== '').join(between);

/** A piece in a frame of fixed size, without its title: the words of a figure stand around it. */
export function framed(spec: Spec, padding: Padding, config: Spec): Spec {
  const { title: _title, ...rest } = spec;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    ...rest,
    autosize: { type: 'none' },
    padding,
    config,
  };
}
