/** Which lease did what when: kept in memory for the views, the newest only. */
import type { LeaseRecord, RunRecord } from './record.js';

const MOST = 500;

/** Ends what the lease did and begins `work`; '' for nothing. */
export function noteSpan(record: RunRecord, lease: LeaseRecord, work: string, nowMs = Date.now()): void {
  const name = leaseName(lease);
  const open = record.spans.findLast((span) => span.lease === name);
  if (open && open.endMs === null) open.endMs = nowMs;
  if (work === '') return;
  record.spans.push({ lease: name, work, startMs: nowMs, endMs: null });
  if (record.spans.length > MOST) record.spans.splice(0, record.spans.length - MOST);
}

const leaseName = ({ gpus, pid, node }: LeaseRecord): string =>
  gpus.length > 0 ? gpus.join(' + ') : [node, `pid ${pid}`].filter(Boolean).join(', ');
