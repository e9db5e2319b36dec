/** What each lease did when, with its words. */
import type { RunModel } from '../model.js';
import { formatDuration } from '../numbers.js';
import { say, sayCount } from '../say.js';
import { leaseRows, leasesSpec } from '../specs/leases.js';
import { joined, type Figure, type FigureSize } from './figure.js';

const PADDING = { left: 84, right: 14, top: 4, bottom: 22 };

export function leasesFigure(model: RunModel, { width, height }: FigureSize): Figure {
  const { hidden } = leaseRows(model, height);
  const busy = busyWords(model);
  return {
    title: say('Leases'),
    how: model.seedsShared
      ? say('seconds from the start; label: fold · seed')
      : say('seconds from the start; label: fold · repetition'),
    note: joined([busy, hidden > 0 ? sayCount(hidden, '%1 more lease', '%1 more leases') : '']),
    alt: say('What each lease did when; %1', busy),
    spec: leasesSpec(model, { width: width - PADDING.left - PADDING.right, height }),
    padding: PADDING,
  };
}

/** "Busy 97 % of 2 × 3:54." */
function busyWords({ spans }: RunModel): string {
  const leases = new Set(spans.map((span) => span.lease)).size;
  let first = Infinity;
  let last = -Infinity;
  let busy = 0;
  for (const { start, end } of spans) {
    first = Math.min(first, start);
    last = Math.max(last, end ?? start);
    busy += (end ?? start) - start;
  }
  const whole = last - first;
  if (!(whole > 0)) return '';
  const share = Math.round((100 * busy) / (whole * leases));
  return say('Busy %1 % of %2 × %3.', share, leases, formatDuration(whole));
}
