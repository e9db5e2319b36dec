import { describe, expect, it } from 'vitest';
import { parsePageMessage, requestOf } from '../../../../sdk/src/run/wire/pageMessages.js';

const act = (action: unknown, run = 'a') => ({ type: 'act', request: 1, run, action });

describe('parsePageMessage', () => {
  it.each([
    { type: 'attach', run: 'a' },
    { type: 'detach', run: 'a' },
    { type: 'watchSession', on: true },
    act({ kind: 'rerun', cvIndex: 0, repIndex: 1, trainParams: { rate: 1 } }),
    act({ kind: 'rerun', cvIndex: 0, repIndex: 1 }),
    act({ kind: 'cancel' }),
    act({ kind: 'cancel', cvIndex: 0, repIndex: 1 }),
    act({ kind: 'use', cvIndex: 0, repIndex: 1, attempt: 2 }),
    act({ kind: 'files', cvIndex: 0, repIndex: 1 }),
    act({ kind: 'params', cvIndex: 0, repIndex: 1 }),
    act({ kind: 'releaseWorkers' }, ''),
    act({ kind: 'removeFiles', dir: '/home/me/runs/a' }, ''),
  ])('takes %j as it is', (message) => {
    expect(parsePageMessage(message)).toEqual(message);
  });

  it.each([
    [null, /object/],
    [{ type: 'shout' }, /"type"/],
    [{ type: 'attach', run: 'x'.repeat(300) }, /"run"/],
    [act({ kind: 'rerun', cvIndex: -1, repIndex: 0 }), /"action.cvIndex"/],
    [act({ kind: 'rerun', cvIndex: 0.5, repIndex: 0 }), /"action.cvIndex"/],
    [act({ kind: 'rerun', cvIndex: 0, repIndex: 0, trainFunc: 'evil' }), /trainFunc/],
    [act({ kind: 'rerun', cvIndex: 0, repIndex: 0, trainParams: 'x'.repeat(300_000) }), /at most/],
    [act({ kind: 'cancel', cvIndex: 0 }), /go together/],
    [act({ kind: 'use', cvIndex: 0, repIndex: 0, attempt: 0 }), /"action.attempt"/],
    [{ ...act({ kind: 'cancel' }), request: 'one' }, /"request"/],
  ])('refuses %j', (message, rule) => {
    expect(() => parsePageMessage(message)).toThrow(TypeError);
    expect(() => parsePageMessage(message)).toThrow(rule);
  });
});

describe('requestOf', () => {
  it('finds the number of a request that is wrong otherwise', () => {
    expect(requestOf({ type: 'act', request: 7, action: 'nonsense' })).toBe(7);
    expect(requestOf({ request: 'seven' })).toBeNull();
    expect(requestOf(null)).toBeNull();
  });
});
