// npm test: all set-up, lint, then every test. The last line is "N passed, N failed, N skipped".
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lint } from './lint.mjs';
import { findOrInstallChromium } from './chromium.mjs';
import { findOrInstallRay } from './ray.mjs';
import { findOrInstallS3 } from './s3.mjs';
import { findOrInstallSlurm } from './slurm.mjs';
import { setUp } from './setup.mjs';
import { main, ROOT, SetupFailure, step } from './steps.mjs';

const filters = process.argv.slice(2);

/** Runs vitest with its own report on the screen; resolves to its exit code and the counts. */
async function runTests() {
  const vitest = join(
    createRequire(join(ROOT, 'package.json')).resolve('vitest/package.json'),
    '..',
    'vitest.mjs',
  );
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-test-'));
  const json = join(dir, 'results.json');
  const args = [
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--reporter=${join(ROOT, 'scripts', 'retried.mjs')}`,
    `--outputFile.json=${json}`,
    ...filters,
  ];
  try {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    });
    return { code, ...countResults(json) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function countResults(json) {
  let results;
  try {
    results = JSON.parse(readFileSync(json, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
  // a file that could not even be loaded has no tests of its own to count
  const brokenFiles = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + brokenFiles,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

await main(async () => {
  await setUp({ jupyter: true, tensorflow: true });
  await step('Chromium', findOrInstallChromium);
  await step('SLURM', findOrInstallSlurm);
  await step('Ray', findOrInstallRay);
  await step('S3 server', findOrInstallS3);
  let clean = true;
  try {
    await lint();
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    process.stderr.write(`\n${error.message}\n\n`);
    clean = false;
  }
  const { code, passed, failed, skipped } = await runTests();
  if (!clean) console.log('lint has complaints (above), so this run fails');
  if (passed + failed === 0) console.log('no test ran, so this run fails');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return clean && code === 0 && failed === 0 && passed > 0 ? 0 : 1;
});
