/** Which lease did what when: kept in memory for the views, the newest only. */
import type { LeaseRecord, RunRecord } from './record.js';

const MOST = 500;

/** Ends what the lease did and begins `work`; '' for nothing. */
export function noteSpan(record: RunRecord, lease: LeaseRecord, work: string, nowMs = Date.now()): void {
  if (lease.span && lease.span.endMs === null) lease.span.endMs = nowMs;
  if (work === '') return;
  lease.span = { lease: leaseName(lease), work, startMs: nowMs, endMs: null };
  record.spans.push(lease.span);
  if (record.spans.length > MOST) record.spans.splice(0, record.spans.length - MOST);
}

const leaseName = ({ gpus, pid, node }: LeaseRecord): string =>
  gpus.length > 0 ? gpus.join(' + ') : [node, `pid ${pid}`].filter(Boolean).join(', ');
