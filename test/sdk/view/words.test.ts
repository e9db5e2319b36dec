import { expect, it } from 'vitest';
import { noteLines, unitLabel } from '../../../sdk/src/view/words.js';
import { doneModel, runningModel, unit } from './models.js';

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
