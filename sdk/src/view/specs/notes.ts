/** Failures and notices below the charts. */

import { wrapLine } from '../wrap.js';
import { say } from '../say.js';
import { TONE_COLOR, type Spec, type Tone } from './theme.js';

const LINE_HEIGHT = 15;
/** Pixels to move up: notes have no title, for which the parts leave room. */
const UP = 34;
/** More lines than this are in the table only. */
const MAX_LINES = 8;

export interface Note {
  readonly text: string;
  readonly tone: Tone;
}

/**
 * The lines as text; no part at all without lines.
 *
 * @param width of the part in its column, pixels
 * @param room pixels that the text may take: it runs on into the next column
 */
export function notesSpec(notes: readonly Note[], width: number, room = width): Spec[] {
  const wrapped = notes.flatMap(({ text: line, tone }) =>
    wrapLine(line, Math.floor(room / 6.2)).map((text) => ({ text, tone })),
  );
  if (wrapped.length === 0) return [];
  const shown = wrapped.length > MAX_LINES ? wrapped.slice(0, MAX_LINES - 1) : wrapped;
  const left = wrapped.length - shown.length;
  if (left > 0) shown.push({ text: say('… %1 more lines in the table', left), tone: 'quiet' });
  const height = Math.max(1, shown.length * LINE_HEIGHT - UP);
  return [
    {
      width,
      height,
      data: { values: shown.map((line, i) => ({ ...line, y: i * LINE_HEIGHT - UP })) },
      mark: { type: 'text', style: 'note', x: 0 },
      encoding: {
        y: {
          field: 'y',
          type: 'quantitative',
          axis: null,
          scale: { domain: [height, 0], nice: false, zero: false },
        },
        text: { field: 'text', type: 'nominal' },
        color: TONE_COLOR,
      },
    },
  ];
}
