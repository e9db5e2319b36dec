/** What each lease did when. */
import type { RunModel, SpanModel } from '../model.js';
import { formatDuration } from '../numbers.js';
import { say } from '../say.js';
import { told } from '../told.js';
import { oneLine } from '../words.js';
import type { Spec } from './theme.js';

export interface LeasesOptions {
  readonly width: number;
  /** Leases beyond what fits are left out; see {@link leaseRows}. */
  readonly height: number;
}

/** Pixels of one lease's row. */
const ROW = 26;
/** Pixels of one character of a label. */
const CHARACTER = 6.5;

/** The leases of the run in the order of their first work, and whether they all fit. */
export function leaseRows(model: RunModel, height: number): { shown: string[]; hidden: number } {
  const all = [...new Set(model.spans.map((span) => span.lease))];
  const fit = Math.max(1, Math.floor(height / ROW));
  return { shown: all.slice(0, fit), hidden: Math.max(0, all.length - fit) };
}

/** One bar for each piece of work, labelled "fold · repetition" where that fits; what goes on reaches to now. */
export function leasesSpec(model: RunModel, { width, height }: LeasesOptions): Spec {
  const { shown } = leaseRows(model, height);
  const last = model.spans.reduce((a, { start, end }) => Math.max(a, end ?? start), 0);
  const now = Math.max(last, model.status === 'running' ? model.seconds : 0, 0.001);
  const spans = model.spans.flatMap((span) => {
    const row = shown.indexOf(span.lease);
    if (row < 0) return [];
    const end = span.end ?? now;
    const short = shortWork(span);
    const room = ((end - span.start) / now) * width - 6;
    return [
      {
        y: row * ROW + 3,
        y2: row * ROW + ROW - 3,
        middle: row * ROW + ROW / 2,
        start: span.start,
        end,
        going: span.end === null,
        short: room > short.length * CHARACTER ? short : '',
        label: `${oneLine(told(span.work), 60)}: ${formatDuration(end - span.start)}`,
      },
    ];
  });
  const x = (field: string): Spec => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, now], nice: false },
    axis: {
      title: null,
      tickCount: Math.max(2, Math.floor(width / 90)),
      grid: false,
      format: now < 10 ? '.1f' : 'd',
      orient: 'bottom',
    },
  });
  const y = (field: string): Spec => ({
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [height, 0], nice: false, zero: false },
  });
  const bars = (going: boolean): Spec => ({
    data: { values: spans.filter((span) => span.going === going) },
    mark: { type: 'rect', style: going ? 'span-going' : 'span' },
    encoding: {
      x: x('start'),
      x2: { field: 'end' },
      y: y('y'),
      y2: { field: 'y2' },
      description: { field: 'label', type: 'nominal' },
    },
  });
  return {
    title: { text: say('leases: seconds from the start') },
    width,
    height,
    layer: [
      bars(false),
      bars(true),
      {
        data: {
          values: spans
            .filter(({ short }) => short !== '')
            .map(({ start, middle, short }) => ({ start, middle, short })),
        },
        mark: { type: 'text', style: 'span-label', dx: 5 },
        encoding: { x: x('start'), y: y('middle'), text: { field: 'short', type: 'nominal' } },
      },
      {
        data: {
          values: shown.map((lease, row) => ({ middle: row * ROW + ROW / 2, name: oneLine(lease, 12) })),
        },
        mark: { type: 'text', style: 'end-label', x: -8, align: 'right' },
        encoding: { y: y('middle'), text: { field: 'name', type: 'nominal' } },
      },
    ],
  };
}

/** "3 · 1" for "fold 3, repetition 1"; "ens. 1", "oof 1" for what is of a repetition. */
function shortWork({ work }: SpanModel): string {
  const unit = /^fold (\d+), \w+ (\d+)(, test)?$/.exec(work);
  if (unit) {
    const place = `${unit[1]} · ${unit[2]}`;
    return unit[3] ? say('%1 test', place) : place;
  }
  const repetition = /(\d+)$/.exec(work)?.[1] ?? '';
  return work.startsWith('ensemble')
    ? say('ens. %1', repetition)
    : work.startsWith('out')
      ? say('oof %1', repetition)
      : '';
}
