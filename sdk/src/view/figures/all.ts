/** The charts of a run beside its overview, as a report shows them. */
import type { RunModel } from '../model.js';
import { say } from '../say.js';
import { confusionFigure } from './confusion.js';
import { curvesFigures } from './curves.js';
import { gainsFigure } from './ensembles.js';
import { classCountsFigure } from './examples.js';
import { joined, type Figure } from './figure.js';
import { leasesFigure } from './leases.js';
import { membersFigures } from './members.js';
import { rateKinds, ratesFigure } from './rates.js';

/** Of each chart, in pixels. */
const SIZE = { width: 500, height: 170 };

/** What the run has something for and the overview does not draw, in the order of the notebook's tabs. */
export function reportFigures(model: RunModel): Figure[] {
  const confusion = confusionFigure(model, { ...SIZE, height: 190 });
  const classes = classCountsFigure(model, SIZE);
  return [
    ...curvesFigures(model, SIZE),
    ...(model.ensembles.length > 0 ? [gainsFigure(model, SIZE)] : []),
    ...membersFigures(model, SIZE),
    ...(confusion ? [{ ...confusion, note: joined([confusion.note, largestWords(confusion.largest)]) }] : []),
    ...rateKinds(model).map((kind) => ratesFigure(model, kind, SIZE)),
    ...(classes ? [classes] : []),
    ...(model.spans.length > 0 ? [leasesFigure(model, SIZE)] : []),
  ];
}

const largestWords = (largest: readonly { name: string; count: string; share: string }[]): string =>
  largest.length === 0
    ? ''
    : say(
        'Largest: %1.',
        largest
          .slice(0, 3)
          .map(({ name, count, share }) => `${name}, ${count} (${share})`)
          .join('; '),
      );
