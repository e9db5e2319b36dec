import { describe, expect, it } from 'vitest';
import { diffRun, patchRun } from '../../../sdk/src/view/patch.js';
import type { RunModel } from '../../../sdk/src/view/model.js';
import { groupModel } from '../../../sdk/src/view/group.js';
import { largeModel, runningModel } from './models.js';

const next = (model: RunModel, over: Partial<RunModel>): RunModel => ({
  ...model,
  ...over,
  sequence: model.sequence + 1,
});

describe('diffRun and patchRun', () => {
  const before = runningModel();

  it('carry only the unit that changed', () => {
    const units = before.units.map((unit, i) => (i === 1 ? { ...unit, phase: 'eval', seconds: 9 } : unit));
    const after = next(before, { units });
    const patch = diffRun(before, after);
    expect(patch.units).toEqual([units[1]]);
    expect(patch.fields).toEqual({});
    expect(patchRun(before, patch)).toEqual(after);
  });

  it('carry a unit that is new and fields that changed', () => {
    const after = next(before, {
      activity: 'one more',
      notices: ['said once'],
      units: [...before.units, { ...before.units[0]!, repIndex: 9, cvIndex: 9 }],
    });
    const patch = diffRun(before, after);
    expect(Object.keys(patch.fields).sort()).toEqual(['activity', 'notices']);
    expect(patchRun(before, patch)).toEqual(after);
  });

  it('carry all units when some have gone, as when a run is put together in blocks', () => {
    const large = largeModel(10, 5);
    const after = next(large, groupModel(large, { folds: 5, repetitions: 5 }));
    const patch = diffRun(large, { ...after, sequence: large.sequence + 1 });
    expect(patch.all).toBe(true);
    expect(patchRun(large, patch)).toEqual({ ...after, sequence: large.sequence + 1 });
  });

  it('gives null when the patch does not follow the model', () => {
    const after = next(before, { activity: 'one more' });
    expect(patchRun(after, diffRun(before, after))).toBeNull();
  });

  it('survives JSON, as it must on the wire', () => {
    const after = next(before, { secondsLeft: null, activity: 'later' });
    expect(patchRun(before, JSON.parse(JSON.stringify(diffRun(before, after))))).toEqual(after);
  });
});
