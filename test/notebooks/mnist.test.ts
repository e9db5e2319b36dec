/** The teaching notebook: as it is committed, and executed in the real kernel as `npm start -- --headless` does. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUN_MIME_TYPE, type RunModel } from '../../sdk/src/view/model.js';
import { parseRunModel } from '../../sdk/src/view/schema.js';
import { describeKernel } from '../kernel/harness.js';

const ROOT = resolve(__dirname, '..', '..');
const NOTEBOOK = join(ROOT, 'notebooks', 'mnist.ipynb');
const VENV = join(ROOT, '.venv');
const python =
  process.platform === 'win32' ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python');

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, any>;
}
interface Notebook {
  metadata: { kernelspec: { name: string } };
  cells: { id: string; cell_type: string; execution_count?: number | null; outputs?: Output[] }[];
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Notebook;
const joined = (text: string | string[] = '') => (Array.isArray(text) ? text.join('') : text);

const outputsOf = (notebook: Notebook, id: string) =>
  notebook.cells.find((cell) => cell.id === id)!.outputs ?? [];

function stdoutOf(notebook: Notebook, id: string): string {
  return outputsOf(notebook, id)
    .filter((output) => output.name === 'stdout')
    .map((output) => joined(output.text))
    .join('');
}

/** The one run that a cell shows, in each of its forms. */
function shownRun(notebook: Notebook, id: string): { model: RunModel; text: string; svg: string; vega: any } {
  const shown = outputsOf(notebook, id).filter((output) => output.data?.[RUN_MIME_TYPE]);
  expect(shown).toHaveLength(1);
  const data = shown[0].data!;
  return {
    model: parseRunModel(data[RUN_MIME_TYPE]),
    text: joined(data['text/plain']),
    svg: joined(data['image/svg+xml']),
    vega: data['application/vnd.vegalite.v5+json'],
  };
}

/** Every score of the run stands in the table, and every number of the table in the picture. */
function expectPictureOfTable({ model, text, svg }: ReturnType<typeof shownRun>): void {
  const numbers = new Set(text.match(/\b0\.\d{4}\b/g));
  for (const unit of model.units) {
    expect(numbers).toContain((unit.validation!.accuracy as number).toFixed(4));
    expect(numbers).toContain((unit.test!.accuracy as number).toFixed(4));
  }
  for (const { test } of model.ensembles) expect(numbers).toContain((test.accuracy as number).toFixed(4));
  expect([...numbers].filter((number) => !svg.includes(number))).toEqual([]);
}

function expectNoErrors(notebook: Notebook): void {
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  expect(outputs.filter((output) => output.output_type === 'error' || output.name === 'stderr')).toEqual([]);
}

describe('notebooks/mnist.ipynb as committed', () => {
  const notebook = read(NOTEBOOK);

  it('was executed from top to bottom in the foldlab kernel, without errors', () => {
    expect(notebook.metadata.kernelspec.name).toBe('foldlab');
    const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
    expect(cells.map((cell) => cell.execution_count)).toEqual(cells.map((_, index) => index + 1));
    expectNoErrors(notebook);
  });

  it('shows a picture with the numbers of its table, of all ten networks and both ensembles', () => {
    const run = shownRun(notebook, 'run');
    expect(run.model).toMatchObject({ status: 'done', numFolds: 5, numRepetitions: 2, hasTest: true });
    expect(run.model.units.map((unit) => unit.status)).toEqual(Array(10).fill('done'));
    expect(run.model.ensembles.map((ensemble) => ensemble.members.length)).toEqual([5, 5]);
    expectPictureOfTable(run);
    expect(run.vega).toHaveProperty('$schema');
  });

  it('names no folder of the machine where it was executed', () => {
    expect(shownRun(notebook, 'run').model.dir).toMatch(/^runs\/mnist-\d+$/);
    expect(readFileSync(NOTEBOOK, 'utf8')).not.toMatch(/"\/(home|root|Users|work|tmp)\//);
  });
});

describeKernel('notebooks/mnist.ipynb executed with 1,000 images', () => {
  let dir: string;
  let notebook: Notebook;

  beforeAll(async () => {
    // a fresh folder, so that nothing is reused; below the root, so that cells find its packages
    mkdirSync(join(ROOT, 'out'), { recursive: true });
    dir = mkdtempSync(join(ROOT, 'out', 'test-mnist-'));
    const file = join(dir, 'mnist.ipynb');
    copyFileSync(NOTEBOOK, file);
    const executed = join(dir, 'executed.ipynb');
    await promisify(execFile)(
      python,
      [join(ROOT, 'scripts', 'execute_notebook.py'), file, '--output', executed],
      { env: { ...process.env, FOLDLAB_LIMIT: '1000' } },
    );
    notebook = read(executed);
  });
  afterAll(() => dir && rmSync(dir, { recursive: true, force: true }));

  it('finishes all cells without errors', () => {
    const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
    expect(cells.every((cell) => cell.execution_count)).toBe(true);
    expectNoErrors(notebook);
  });

  it('trains ten networks that learned, and two ensembles not worse than their members', () => {
    const { model } = shownRun(notebook, 'run');
    expect(model).toMatchObject({ status: 'done', numFolds: 5, numRepetitions: 2 });
    // traced without being asked for, where TensorFlow could be built
    expect(model.backend).toMatch(/^(tensorflow \(traced\)|wasm|cpu)$/);
    const accuracies = model.units.map((unit) => unit.test!.accuracy as number);
    expect(accuracies).toHaveLength(10);
    expect(Math.min(...accuracies)).toBeGreaterThan(0.8);
    const mean = accuracies.reduce((sum, value) => sum + value) / 10;
    expect(model.ensembles).toHaveLength(2);
    for (const { test } of model.ensembles) expect(test.accuracy).toBeGreaterThan(mean);
  });

  it('shows learning curves and a picture with the numbers of its table', () => {
    const run = shownRun(notebook, 'run');
    expect(run.model.units[0].curves.map((curve) => curve.metric)).toEqual([
      'loss',
      'accuracy',
      'valLoss',
      'valAccuracy',
    ]);
    expectPictureOfTable(run);
  });

  it('reuses everything when the same run is started again', () => {
    const [first, second] = [shownRun(notebook, 'run').model, shownRun(notebook, 'again').model];
    expect(first.units.some((unit) => unit.cached)).toBe(false);
    expect(second.units.every((unit) => unit.cached)).toBe(true);
    expect(second.units.map(({ test }) => test)).toEqual(first.units.map(({ test }) => test));
    expect(stdoutOf(notebook, 'again')).toBe('all reused\n');
  });

  it('prints summary, spreads, members and mistakes from the result', () => {
    expect(stdoutOf(notebook, 'summary')).toMatch(/mean accuracy 0\.\d{4}, .* \(n = 2 repetitions\)/);
    expect(stdoutOf(notebook, 'spread')).toMatch(/between folds 0\.\d+, between repetitions 0\.\d+\n$/);
    expect(stdoutOf(notebook, 'ensemble').match(/wrong images instead of/g)).toHaveLength(2);
    expect(stdoutOf(notebook, 'confusion').trim().split('\n')).toHaveLength(5);
    expect(stdoutOf(notebook, 'files')).toMatch(/^runs\/mnist-1000\ntest image 0 is a 7; .* 7: [01]\.\d{4}/);
    expect(existsSync(join(dir, 'runs', 'mnist-1000'))).toBe(true);
  });
});
