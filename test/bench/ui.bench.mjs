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
  const {
    firstCellMs,
    firstMarkMs,
    modelBytes,
    updates,
    seconds,
    slowFrames,
    longestFrameMs,
    medianFrameMs,
  } = figures;
  console.log(
    `first cell ${firstCellMs} ms after the renderer's code, first mark ${firstMarkMs} ms after vega's (aim: 300)`,
  );
  console.log(`10 folds × 5 repetitions × 1,000 epochs: ${Math.round(modelBytes / 1024)} KB (aim: 256)`);
  console.log(
    `${updates} updates in ${seconds} s: ${slowFrames} frames over 50 ms (aim: 0), longest ${longestFrameMs} ms, median ${medianFrameMs} ms`,
  );
}
