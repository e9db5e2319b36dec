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
}
interface Notebook {
  metadata: { kernelspec: { name: string } };
  cells: { id: string; cell_type: string; execution_count?: number | null; outputs?: Output[] }[];
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Notebook;
const committed = (name: string) => join(ROOT, 'notebooks', `${name}.ipynb`);
const said = (notebook: Notebook, id: string) =>
  notebook.cells
    .find((cell) => cell.id === id)!
    .outputs!.filter((output) => output.name === 'stdout')
    .map(({ text = '' }) => (Array.isArray(text) ? text.join('') : text))
    .join('');

/** What a notebook must have said, by cell. */
const SAID: Record<string, Record<string, (string | RegExp)[]>> = {
  'honest-intervals': {
    intervals: [/^naive: .* n = 50\nhonest: .* n = 5 folds\nTrained on about 80 rows/],
    simulate: ['inside the honest interval: true'],
    parts: ['nested model, 5 folds × 10 repetitions'],
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
