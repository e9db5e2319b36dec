import { describeLoaded } from '../backends/activate.js';
import type { JobCost } from './messages.js';

/** Measures what this process spends from now on. */
export function meter(): () => JobCost {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return { cpuSeconds: (user + system) / 1e6, backend: describeLoaded() };
  };
}
