import { describe, expect, it } from 'vitest';
import { CARRIED_METHODS, moveArgument, moveOutcome } from '../../../sdk/src/jobs/movePaths.js';

const move = (path: string): string => path.replace(/^\/driver/, '/node');
const record = (file: string) => ({ file: `/driver/${file}`, bytes: 1, sha256: 'x' });
const paths = { modelDir: '/driver/m', inferDir: '/driver/i', evalDir: '/driver/e', cacheDir: '/driver/c' };
const shared = {
  source: { mode: 'shared', cacheDir: '/driver/cache', callKey: 'k' },
  half: 'train',
  place: null,
};
const own = {
  source: { mode: 'per-worker', userCacheDir: '/driver/cache/user' },
  half: 'train',
  place: null,
};
/** A path in here is the user's own. */
const phases = [{ phase: 'train', params: { file: '/driver/of-the-user' } }];

const ARGUMENTS: Readonly<Record<string, object>> = {
  dataset: {
    cacheDir: '/driver/cache',
    userCacheDir: '/driver/cache/user',
    params: { file: '/driver/of-the-user' },
  },
  preload: { functions: [], datasets: [shared, own] },
  unit: {
    dataset: shared,
    paths,
    phases,
    model: { kind: 'plain', modelDir: '/driver/m', files: [record('m/model.v8')] },
    predictions: record('p'),
    log: '/driver/log',
  },
  ensemble: {
    dataset: own,
    paths,
    evaluate: phases[0],
    members: [
      { predictions: record('p'), validation: record('v') },
      { predictions: record('q'), validation: null },
    ],
    log: '/driver/log',
  },
  outOfFold: {
    dataset: shared,
    members: [{ cvIndex: 0, predictions: record('p') }],
    others: [{ key: 'k', members: [{ predictions: record('q') }] }],
  },
};

describe('moveArgument', () => {
  it.each([...CARRIED_METHODS])('changes every path of %s, and nothing of the user’s', (method) => {
    const before = JSON.stringify(ARGUMENTS[method]);
    const after = JSON.stringify(moveArgument(method, ARGUMENTS[method], move));
    expect(after).toBe(
      before.replaceAll('"/driver/', '"/node/').replaceAll('/node/of-the-user', '/driver/of-the-user'),
    );
    expect(JSON.stringify(ARGUMENTS[method])).toBe(before);
  });

  it('leaves what is absent absent', () => {
    const job = { ...ARGUMENTS.unit, model: null, predictions: null };
    expect(moveArgument('unit', job, move)).toMatchObject({ model: null, predictions: null });
  });

  it('refuses a method whose files it does not know', () => {
    expect(() => moveArgument('preflight', {}, move)).toThrow(/not known which files 'preflight' reads/);
  });
});

describe('moveOutcome', () => {
  it('changes model and predictions, where there are any', () => {
    const outcome = {
      seconds: 1,
      predictions: record('p'),
      model: { kind: 'plain', modelDir: '/driver/m', files: [record('f')] },
    } as const;
    expect(JSON.stringify(moveOutcome(outcome, move))).toBe(
      JSON.stringify(outcome).replaceAll('/driver', '/node'),
    );
    expect(moveOutcome({ seconds: 1 }, move)).toEqual({ seconds: 1 });
  });
});
