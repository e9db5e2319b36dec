/** The notebooks without a network: as they are committed, and executed again in the real kernel. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeKernel } from '../kernel/harness.js';

const ROOT = resolve(__dirname, '..', '..');
const VENV = join(ROOT, '.venv');
const python =
  process.platform === 'win32' ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python');
const KNIGHT = join(ROOT, '..', 'shared', 'data', 'knight.json');

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
}
interface Notebook {
  metadata: { kernelspec: { name: string } };
  cells: { id: string; cell_type: string; execution_count?: number | null; outputs?: Output[] }[];
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Notebook;
const committed = (name: string) => join(ROOT, 'notebooks', `${name}.ipynb`);
const joined = (text: string | string[]) => (Array.isArray(text) ? text.join('') : text);
/** What a cell printed, and what it drew as text, with its lines joined. */
const said = (notebook: Notebook, id: string) =>
  notebook.cells
    .find((cell) => cell.id === id)!
    .outputs!.map(({ name, text = '', data }) =>
      data
        ? joined(data['text/plain'] as string | string[]).replaceAll('\n  ', ' ')
        : name === 'stdout'
          ? joined(text)
          : '',
    )
    .join('');

/** What a notebook must have said, by cell. */
const SAID: Record<string, Record<string, (string | RegExp)[]>> = {
  'why-cross-validate': {
    own: ['k =  1: 1.00 on the rows it has seen, 0.7'],
    diagram: ['every row is judged exactly once: true'],
    pooled: [
      'seeds not covered: one repetition',
      "cut at 1, the metric's end",
      'the score on new rows lies in it: true',
    ],
    simulate: ['five folds miss by less: true'],
    choose: [/choose k = 1: 0\.7\d on new rows; five folds choose k = (7|15|31)/],
  },
  'seeds-are-not-folds': {
    diagram: ['different sets of rows per fold: 1, 1, 1, 1, 1; different rows in all: 100'],
    floor: [/the naive standard error is [2-4]\.\d times too small/],
    morerows: ['more rows beat more seeds, at the same number of trainings or fewer: true'],
    parts: ['nested model, 5 folds × 20 repetitions'],
    shared: ['crossed model, 5 folds × 20 repetitions', 'with the variance of the shared seeds'],
    best: [/the best seed: 0\.[78]\d+ by cross-validation, 0\.6\d+ on new rows/],
  },
  ensembles: {
    together: ['all forty beat the members by more than five do: true'],
    interval: [/of these 8 ensembles on new rows like these is 0\.\d+ to .* n = 1000 test rows/],
    diversity: ['other numbers differ more than other rows: true'],
    copies: [/the mean brings 0\.00\d here, and brought 0\.1/],
    combine: ['stacking has a lower log loss than the mean: true'],
    named: [
      'trained again: 0 of 40 models',
      'stacking  of 40 models: accuracy 0.',
      '95 % Wilson score; n = 1000 test rows',
    ],
    guarded: [
      /withheld: true; to choose by: outOfFold 0\.\d+\nafter use, on the test rows: 0\.\d+, look number 4/,
    ],
    honest: ['they agree within their errors: true'],
    refused: ['RangeError: Cannot fit a combiner to repetition 0', 'only 120 of 200 rows have one'],
  },
  'your-own-data': {
    encoding: ['ward=day clinic, old | ', 'missing: pressure in 26 rows'],
    refused: ["there is no 'result', check its name", "'visit' has 244"],
    diagram: ['90 patients held back in all, 90 different: no patient is in two folds'],
    interval: ['n = 30 groups of test rows'],
    typed: ['the same numbers as from CSV: true'],
    again: ['nothing changed: 5 of 5 folds reused\na row more: 0 of 5 folds reused'],
  },
  'honest-intervals': {
    intervals: [/^naive: .* n = 50\nhonest: .* n = 5 folds\nTrained on about 80 rows/],
    simulate: ['inside the honest interval: true'],
    parts: ['between folds', 'nested model, 5 folds × 10 repetitions'],
    difference: [
      'expected difference in accuracy is',
      'corrected resampled t-test (Nadeau & Bengio 2003): p = 0.',
    ],
  },
  leakage: {
    refused: ['DatasetError: Cannot train on leaking splits: Fold 0', '"patient'],
    grouped: ['rows of a patient on both sides: 1.00; whole patients: 0.'],
    chosen: ['Validation, also used for stopping: optimistic.'],
    copied: ['have an exact copy among the training rows of their fold'],
  },
  knight: {
    interval: [
      'area under the curve on the 60 test patients: 0.8',
      'n = 20 positive and 40 negative test rows',
    ],
    all: [/pooled over all 300 patients: 0\.8[01]\d, 0\.7/],
  },
};

function expectGood(name: string, notebook: Notebook): void {
  const code = notebook.cells.filter((cell) => cell.cell_type === 'code');
  expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, index) => index + 1));
  const outputs = code.flatMap((cell) => cell.outputs ?? []);
  expect(outputs.filter((output) => output.output_type === 'error' || output.name === 'stderr')).toEqual([]);
  for (const [cell, texts] of Object.entries(SAID[name])) {
    for (const text of texts) {
      if (typeof text === 'string') expect(said(notebook, cell)).toContain(text);
      else expect(said(notebook, cell)).toMatch(text);
    }
  }
}

describe.each(Object.keys(SAID))('notebooks/%s.ipynb as committed', (name) => {
  it('was executed from top to bottom in the foldlab kernel, without errors', () => {
    const notebook = read(committed(name));
    expect(notebook.metadata.kernelspec.name).toBe('foldlab');
    expectGood(name, notebook);
  });

  it('names no folder of the machine where it was executed', () => {
    expect(readFileSync(committed(name), 'utf8')).not.toMatch(/["'](\/(home|root|Users|work|tmp)\/)/);
  });
});

describeKernel('the notebooks executed again', () => {
  let dir: string;

  beforeAll(() => {
    // a fresh folder, so that nothing is reused; below the root, so that cells find its packages
    mkdirSync(join(ROOT, 'out'), { recursive: true });
    dir = mkdtempSync(join(ROOT, 'out', 'test-teaching-'));
  });
  afterAll(() => dir && rmSync(dir, { recursive: true, force: true }));

  it.each(Object.keys(SAID))('%s says the same things', async (name) => {
    if (name === 'knight' && !existsSync(KNIGHT)) {
      console.warn('../shared/data/knight.json is not there: the KNIGHT notebook is not executed');
      return;
    }
    const file = join(dir, `${name}.ipynb`);
    copyFileSync(committed(name), file);
    const output = join(dir, `${name}.executed.ipynb`);
    const script = join(ROOT, 'scripts', 'execute_notebook.py');
    await promisify(execFile)(python, [script, file, '--output', output], {
      env: { ...process.env, FOLDLAB_KNIGHT_TABLE: KNIGHT },
    });
    expectGood(name, read(output));
  });
});
