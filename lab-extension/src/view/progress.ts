/** One segment for each unit: done, failed, running, still to come. */
import { statusCounts, type UnitStatus } from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes, setChildren } from './dom';
import type { ViewPart, ViewState } from './state';

/** Up to here every unit has its segment; beyond, each status has one. */
const MOST_SEGMENTS = 120;
const ORDER: readonly UnitStatus[] = ['done', 'failed', 'cancelled', 'running', 'queued'];

export class Progress implements ViewPart {
  readonly node = el('div', { class: 'fl-bar', attrs: { role: 'progressbar', 'aria-label': t('Units') } });

  update({ model }: ViewState): void {
    const statuses = statusCounts(model);
    const counts = ORDER.map((status) => ({ status, count: statuses[status] }));
    const count = (status: UnitStatus): number => statuses[status];
    const total = counts.reduce((sum, each) => sum + each.count, 0);
    setAttributes(this.node, {
      'aria-valuemin': 0,
      'aria-valuemax': total,
      'aria-valuenow': count('done'),
      'aria-valuetext': t(
        '%1 of %2 done, %3 failed, %4 running',
        count('done'),
        total,
        count('failed'),
        count('running'),
      ),
    });
    const segments = counts.flatMap(({ status, count: size }) =>
      size === 0
        ? []
        : total <= MOST_SEGMENTS
          ? [...Array(size).keys()].map(() => segment(status, 1))
          : [segment(status, size)],
    );
    setChildren(this.node, ...segments);
  }
}

function segment(status: UnitStatus, size: number): HTMLElement {
  return el('i', { class: `fl-seg-${status}`, attrs: { style: `flex-grow:${size}` } });
}
