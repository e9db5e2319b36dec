import { describe, expect, it } from 'vitest';
import { toScore } from '../../../sdk/src/stats/score.js';

const FOLD = 'fold 2, repetition 0, validation';

describe('toScore', () => {
  it('tells numbers from pictures', () => {
    const picture = { kind: 'confusion', labels: ['a'], counts: [[1]] };
    expect(toScore({ accuracy: 0.9, confusion: picture }, FOLD)).toEqual({
      metrics: { accuracy: 0.9 },
      pictures: { confusion: picture },
      flagged: [],
    });
    expect(toScore({}, FOLD)).toEqual({ metrics: {}, pictures: {}, flagged: [] });
  });

  it('keeps NaN and infinities and flags them', () => {
    expect(toScore({ a: NaN, b: 1, c: -Infinity }, FOLD)).toEqual({
      metrics: { a: NaN, b: 1, c: -Infinity },
      pictures: {},
      flagged: ['a', 'c'],
    });
  });

  it.each<[string, unknown, string]>([
    [
      'nothing',
      undefined,
      'evalFunc must return an object of numbers by name, { accuracy: 0.97 }; found undefined',
    ],
    ['a number', 0.9, 'found a number (0.9)'],
    ['an array', [0.9], 'found an array of 1'],
    ['a Map', new Map(), 'found a Map'],
    ['a string value', { accuracy: '0.9' }, '"accuracy" is the string "0.9"'],
    ['a boolean value', { ok: true }, '"ok" is a boolean (true), convert it with Number()'],
    ['a bigint value', { n: 3n }, '"n" is a bigint (3), convert it with Number()'],
    ['null', { accuracy: null }, '"accuracy" is null, leave it out'],
    ['nested numbers', { classes: { cat: 1 } }, '"classes" is an object without kind (cat)'],
    ['a list', { perClass: [1, 2] }, '"perClass" is an array of 2'],
    ['a promise', { accuracy: Promise.resolve(1) }, '"accuracy" is a Promise, await it'],
    [
      'a tensor',
      {
        loss: new (class Tensor {
          dataSync() {}
        })(),
      },
      '"loss" is a Tensor, take (await tensor.data())[0]',
    ],
    ['a function', { accuracy: () => 1 }, '"accuracy" is a function'],
  ])('refuses %s and names the unit', (_, value, message) => {
    expect(() => toScore(value, FOLD)).toThrow(message);
    expect(() => toScore(value, FOLD)).toThrow(`Cannot use the metrics of ${FOLD}: `);
  });
});
