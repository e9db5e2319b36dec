import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

// a plain script without types
const file: string = join(__dirname, '..', '..', 'scripts', 'summary.mjs');
const { mainRun, shownRuns, summarize } = await import(file);

const MIME = 'application/vnd.foldlab.run.v1+json';
const unit = (repIndex: number, cvIndex: number, accuracy: unknown) => ({
  repIndex,
  cvIndex,
  test: { accuracy },
});
const ensemble = (repIndex: number, accuracy: number, method = 'mean') => ({
  repIndex,
  method,
  test: { accuracy },
});
const model = {
  units: [unit(1, 0, 0.5), unit(0, 1, 0.75), unit(0, 0, 1), unit(1, 1, 0.25)],
  ensembles: [ensemble(1, 0.5), ensemble(0, 1), ensemble(0, 0, 'vote')],
  seconds: 3,
  cpuSeconds: 5,
  backend: 'tensorflow',
};

describe('summarize', () => {
  it('lists repetitions in order, folds in order within them, and the first method of ensembles', () => {
    expect(summarize(model)).toEqual({
      ensembleAccuracy: 0.75,
      meanFoldTestAccuracy: 0.625,
      folds: 2,
      repetitions: 2,
      foldTestAccuracy: [1, 0.75, 0.5, 0.25],
      ensembleTestAccuracy: [1, 0.5],
      seconds: 3,
      cpuSeconds: 5,
      backend: 'tensorflow',
    });
  });

  it('gives no mean when a score is missing or not a number', () => {
    const broken = { ...model, units: [unit(0, 0, 1), { ...unit(0, 1, 1), test: null }, unit(1, 0, 'NaN')] };
    expect(summarize(broken)).toMatchObject({
      meanFoldTestAccuracy: null,
      foldTestAccuracy: [1, null, null],
    });
    expect(summarize({ ...model, ensembles: [] })).toMatchObject({ ensembleAccuracy: null });
  });
});

describe('shownRuns', () => {
  it('finds the run with the most units, the first of equals, with its text and picture', () => {
    const output = (id: string, units: object[]) => ({
      data: { [MIME]: { id, units }, 'text/plain': ['a\n', 'b'], 'image/svg+xml': '<svg/>' },
    });
    const notebook = {
      cells: [
        { outputs: [{ text: 'x' }, output('small', [{}])] },
        {},
        { outputs: [output('main', [{}, {}]), output('again', [{}, {}])] },
      ],
    };
    const runs = shownRuns(notebook, MIME);
    expect(mainRun(runs)).toEqual({ model: { id: 'main', units: [{}, {}] }, text: 'a\nb', svg: '<svg/>' });
    expect(mainRun([])).toBeNull();
  });
});
