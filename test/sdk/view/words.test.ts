import { expect, it } from 'vitest';
import { scoreGrid } from '../../../sdk/src/view/grid.js';
import {
  failureLines,
  headlinePhrases,
  noteLines,
  statusWords,
  summaryLine,
  unitLabel,
} from '../../../sdk/src/view/words.js';
import { doneModel, largeModel, runningModel, unit } from './models.js';

it('names a unit by place, status, score and attempt', () => {
  const model = doneModel();
  expect(unitLabel(model, model.units[8]!, 'validation', 'accuracy')).toBe(
    'fold 3, repetition 1, done, accuracy 0.9604, attempt 1',
  );
});

it('says which attempt counts only where it is not the newest', () => {
  const model = doneModel({ seedsShared: true });
  const twice = { ...model.units[8]!, attempt: 2, counts: 1 };
  expect(unitLabel(model, twice, 'test', 'accuracy')).toBe(
    'fold 3, seed 1, done, accuracy 0.9630, attempt 2, attempt 1 counts',
  );
});

it('tells the phase of a running unit, and nothing that is not known', () => {
  const model = runningModel();
  expect(unitLabel(model, model.units[4]!, 'validation', 'accuracy')).toBe(
    'fold 4, repetition 0, running, train, attempt 1',
  );
  const queued = unit({ cvIndex: 0, repIndex: 0, status: 'queued', attempt: 0, counts: 0 });
  expect(unitLabel(model, queued, 'validation', null)).toBe('fold 0, repetition 0, queued');
});

it('says that a choice was made among attempts, and only then', () => {
  expect(noteLines(doneModel()).join()).not.toContain('selected');
  expect(noteLines(doneModel({ selected: true }))[0]).toMatch(/^selected: somebody chose which attempt/);
});

it('says of validation scores that were also used for stopping that they are optimistic, wherever they are', () => {
  const model = doneModel({ selectedOnValidation: true, intervals: [] });
  expect(noteLines(model)[0]).toBe('validation, also used for stopping: optimistic');
  const phrases = headlinePhrases(model);
  expect(phrases.filter((text) => text.includes('also used for stopping: optimistic'))).toEqual([
    expect.stringMatching(/^validation /),
    expect.stringMatching(/^out-of-fold /),
  ]);
  expect(summaryLine(model)).not.toContain('optimistic');
  const alone = { ...model, ensembles: [], units: model.units.map((each) => ({ ...each, test: null })) };
  expect(summaryLine(alone)).toMatch(/^mean validation .*, also used for stopping: optimistic$/);
  const says = 'No interval. Validation, also used for stopping: optimistic.';
  const told = { ...model, intervals: [{ metric: 'accuracy', low: null, high: null, says }] };
  expect(noteLines(told).filter((line) => line.includes('optimistic'))).toEqual([says]);
  expect(noteLines(doneModel()).join()).not.toContain('optimistic');
});

it('tells of ensembles over repetitions: of all models, and the mean of those of the folds', () => {
  const wide = { test: { accuracy: 0.98 }, members: 10, survivorsOnly: false };
  const ofFold = { method: 'mean', over: 'fold', members: 2, survivorsOnly: false } as const;
  const model = doneModel({
    wideEnsembles: [
      { ...wide, method: 'stacking', over: 'all', cvIndex: null },
      { ...ofFold, cvIndex: 0, test: { accuracy: 0.9 } },
      { ...ofFold, cvIndex: 1, test: { accuracy: 0.8 } },
    ],
  });
  expect(noteLines(model).slice(0, 2)).toEqual([
    'stacking of all 10 models: test accuracy 0.9800',
    'mean over the repetitions of each fold, mean of 2 folds: test accuracy 0.8500',
  ]);
});

it('says a message of several failed units once', () => {
  const fail = (error: (i: number) => string) =>
    failureLines(
      doneModel({
        units: doneModel().units.map((each, i) => ({ ...each, status: 'failed' as const, error: error(i) })),
      }),
    );
  expect(fail((i) => (i === 3 ? '' : 'TypeError: no loss'))).toEqual([
    'failed: fold 0, repetition 0 and 8 others: TypeError: no loss',
    'failed: fold 3, repetition 0: no message',
  ]);
  expect(fail((i) => `row ${i >> 1}`)[0]).toBe('failed: fold 0, repetition 0 and 1 other: row 0');
});

it('says no more than ten messages', () => {
  const model = largeModel();
  const lines = failureLines({
    ...model,
    units: model.units.map((each, i) => ({ ...each, status: 'failed' as const, error: `row ${i}` })),
  });
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe('… and 40 more units failed');
});

it('tells a run that was cut off from one that was cancelled', () => {
  const model = doneModel({ status: 'cancelled' });
  expect(statusWords(model)).toMatch(/^cancelled after /);
  const cutOff = {
    ...model,
    units: model.units.map((each, i) =>
      i === 3 ? { ...each, status: 'cancelled' as const, cutOff: true, validation: null } : each,
    ),
  };
  expect(statusWords(cutOff)).toMatch(/^cut off after /);
  expect(unitLabel(cutOff, cutOff.units[3]!, 'validation', 'accuracy')).toContain(', cut off, ');
  expect(scoreGrid(cutOff, 'validation').rows[3]!.cells[0]!.text).toBe('cut off');
});
