import { describeTraining } from '../backends/training.js';
import type { JobCost } from './messages.js';

/** Asking the system costs more than a quick unit: what is spent in between is counted with a later job. */
const INTERVAL_MS = 50;

let counted = process.cpuUsage();
let asked = performance.now();

/** What this process has spent since it was last asked, and on which backend. */
export function cost(): JobCost {
  const now = performance.now();
  if (now - asked < INTERVAL_MS) return { cpuSeconds: 0, backend: describeTraining() };
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user - counted.user + system - counted.system) / 1e6;
  counted = { user, system };
  asked = now;
  return { cpuSeconds, backend: describeTraining() };
}
