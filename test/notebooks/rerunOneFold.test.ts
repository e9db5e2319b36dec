/** The notebook that runs one fold again: as it is committed, and executed in the real kernel. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUN_MIME_TYPE, type RunModel } from '../../sdk/src/view/model.js';
import { parseRunModel } from '../../sdk/src/view/schema.js';
import { describeKernel } from '../kernel/harness.js';

const ROOT = resolve(__dirname, '..', '..');
const NOTEBOOK = join(ROOT, 'notebooks', 'rerun-one-fold.ipynb');
const VENV = join(ROOT, '.venv');
const python =
  process.platform === 'win32' ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python');

interface Notebook {
  cells: {
    id: string;
    cell_type: string;
    execution_count?: number | null;
    outputs?: { output_type: string; name?: string; text?: string | string[]; data?: Record<string, any> }[];
  }[];
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Notebook;
const outputsOf = (notebook: Notebook, id: string) =>
  notebook.cells.find((cell) => cell.id === id)!.outputs ?? [];
const stdoutOf = (notebook: Notebook, id: string): string =>
  outputsOf(notebook, id)
    .filter(({ name }) => name === 'stdout')
    .map(({ text = '' }) => (Array.isArray(text) ? text.join('') : text))
    .join('');
const shownRun = (notebook: Notebook, id: string): RunModel =>
  parseRunModel(outputsOf(notebook, id).find(({ data }) => data?.[RUN_MIME_TYPE])!.data![RUN_MIME_TYPE]);

/** What the text around the outputs says of them. */
function expectStory(notebook: Notebook): void {
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  expect(outputs.filter((output) => output.output_type === 'error' || output.name === 'stderr')).toEqual([]);

  const model = shownRun(notebook, 'run');
  expect(model).toMatchObject({ status: 'done', numFolds: 5, numRepetitions: 1, selected: true });
  const chosen = model.units.filter((unit) => unit.attempts.length > 0);
  expect(chosen).toHaveLength(1);
  const [unit] = chosen as [RunModel['units'][number]];
  expect([unit.attempt, unit.counts]).toEqual([2, 2]);
  expect(unit.attempts.map(({ changed }) => changed)).toEqual(['', 'trainParams.learningRate 0.14 → 0.05']);
  // it went wrong, and got better
  const accuracies = unit.attempts.map(({ validation }) => validation!.accuracy as number);
  const others = model.units
    .filter((each) => each !== unit)
    .map((each) => each.validation!.accuracy as number);
  expect(accuracies[0]).toBeLessThan(Math.min(...others));
  expect(accuracies[1]).toBeGreaterThan(accuracies[0]!);

  expect(stdoutOf(notebook, 'look')).toContain(`the worst is fold ${unit.cvIndex}`);
  expect(stdoutOf(notebook, 'compare')).toMatch(/│ 1 +│ 2 +│ false +│ .*│ null +│/);
  expect(stdoutOf(notebook, 'compare')).toContain('the ensemble is unchanged: true');
  expect(stdoutOf(notebook, 'use')).toContain('marked as selected: true');
  expect(shownRun(notebook, 'fair')).toMatchObject({ status: 'done', selected: false });
  expect(stdoutOf(notebook, 'fair')).toContain('selected: false');
}

describe('notebooks/rerun-one-fold.ipynb as committed', () => {
  const notebook = read(NOTEBOOK);

  it('was executed from top to bottom and shows what its text says', () => {
    const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
    expect(cells.map((cell) => cell.execution_count)).toEqual(cells.map((_, index) => index + 1));
    expectStory(notebook);
  });

  it('tells nothing about the machine that executed it', () => {
    expect(readFileSync(NOTEBOOK, 'utf8')).not.toMatch(/\/(home|root|tmp|Users|work)\//);
  });
});

describeKernel('notebooks/rerun-one-fold.ipynb executed', () => {
  // below the repository, so that its cells find the packages
  let dir: string;
  beforeAll(() => {
    mkdirSync(join(ROOT, 'out'), { recursive: true });
    dir = mkdtempSync(join(ROOT, 'out', 'rerun-one-fold-'));
    copyFileSync(NOTEBOOK, join(dir, 'rerun-one-fold.ipynb'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('tells the same story again', { timeout: 300_000 }, async () => {
    const executed = join(dir, 'executed.ipynb');
    await promisify(execFile)(
      python,
      [join(ROOT, 'scripts', 'execute_notebook.py'), join(dir, 'rerun-one-fold.ipynb'), '--output', executed],
      { cwd: ROOT, env: { ...process.env, FOLDLAB_CACHE: join(dir, 'cache') } },
    );
    expectStory(read(executed));
    expect(existsSync(join(dir, 'runs', 'rerun-one-fold', 'recipe.v8'))).toBe(true);
  });
});
