// Executes the MNIST notebook in the real kernel, writes the executed notebook and a report, prints the table.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { venvProgram } from './python.mjs';
import { ROOT, SetupFailure } from './steps.mjs';
import { mainRun, shownRuns, summarize } from './summary.mjs';

const EXECUTED = 'out/mnist.ipynb';
const REPORT = 'out/mnist.html';

/**
 * @param {{ notebook: string, limit: number | null, json: boolean, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code
 */
export async function executeMnist({ notebook, limit, json, env }) {
  const require = createRequire(import.meta.url);
  const { RUN_MIME_TYPE } = require('../sdk/dist/view/model.js');
  // with --json, stdout carries the JSON alone
  const say = json
    ? (text) => process.stderr.write(`${text}\n`)
    : (text) => process.stdout.write(`${text}\n`);

  mkdirSync(join(ROOT, 'out'), { recursive: true });
  for (const file of [EXECUTED, REPORT]) rmSync(join(ROOT, file), { force: true });
  const code = await execute(notebook, RUN_MIME_TYPE, env, json);
  if (code !== 0) return code;

  const run = mainRun(shownRuns(JSON.parse(readFileSync(join(ROOT, EXECUTED), 'utf8')), RUN_MIME_TYPE));
  if (run === null) throw new SetupFailure(`Cannot report: no output of ${EXECUTED} shows a run`);
  const { reportHtml } = require('../sdk/dist/view/report.js');
  writeFileSync(join(ROOT, REPORT), reportHtml({ ...run, facts: factsOf(notebook, limit) }));

  say(`\n${run.text}\n`);
  say(`executed notebook: ${EXECUTED}`);
  say(`report:            ${REPORT}`);
  if (json) {
    const summary = { ...summarize(run.model), limit, notebook: EXECUTED, report: REPORT };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  }
  return run.model.status === 'done' ? 0 : 1;
}

function factsOf(notebook, limit) {
  return {
    notebook,
    'training images': limit === null ? 'all' : `the first ${limit}`,
    'Node.js': process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  };
}

function execute(notebook, runMimeType, env, json) {
  const script = join(ROOT, 'scripts', 'execute_notebook.py');
  const args = [script, notebook, '--output', EXECUTED, '--run-mime', runMimeType];
  const child = spawn(venvProgram('python'), args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', json ? process.stderr : 'inherit', 'inherit'],
  });
  // Ctrl-C reaches the child by the terminal, and it ends its kernel
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
