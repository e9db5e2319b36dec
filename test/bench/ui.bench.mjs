// npm run bench -- ui [--json]: the view in a real JupyterLab and Chromium.
import { setUp } from '../../scripts/setup.mjs';
import { importTs } from '../../scripts/ts.mjs';

await setUp({ jupyter: true });
const { missing } = await importTs('test/ui/lab.ts');
if (missing() !== '') {
  console.error(`Cannot measure: ${missing()}`);
  process.exit(1);
}
const { measureUi } = await importTs('test/ui/bench.ts');
const figures = await measureUi();
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(figures));
} else {
  const { first, modelBytes, idle, replaced, live, reloadMs } = figures;
  console.log(
    `after the code arrived: first cell ${first.cellMs} ms, first mark of a chart ${first.markMs} ms (aim: 300)`,
  );
  console.log(`10 folds × 5 repetitions × 1,000 epochs: ${Math.round(modelBytes / 1024)} KB (aim: 256)`);
  const row = (name, { seconds, updates = 0, slow, longestMs, medianMs, longTasks, cpuMsPerSecond }) => ({
    '': name,
    'updates / s': Number((updates / seconds).toFixed(1)),
    'frames > 50 ms': slow,
    'longest ms': longestMs,
    'median ms': medianMs,
    'tasks > 50 ms': longTasks,
    'main thread, CPU ms / s': cpuMsPerSecond,
  });
  console.table([row('idle', idle), row('output replaced', replaced), row('real run', live)]);
  console.log(`after a reload the run is live ${reloadMs} ms after the page's connection (aim: 2,000)`);
}
