/** Reads the options of `slurm()` and `ray()`. */

import { readStoragePlace } from '../storage/place.js';

/** What an option must be: text of one argument, several of them, a whole number of at least 1, amounts by name, a storage. */
export type Rule = 'word' | 'words' | 'count' | 'amounts' | 'storage';
export type Rules<T> = { readonly [K in keyof Required<T>]: Rule };

const SAYS: Readonly<Record<Exclude<Rule, 'storage'>, string>> = {
  word: 'a text without line breaks',
  words: 'an array of texts without line breaks',
  count: 'a whole number of at least 1',
  amounts: 'an object of positive numbers by name',
};

/**
 * A copy without what is undefined.
 *
 * @throws TypeError, or RangeError for a number outside its range
 */
export function readChoice<T extends object>(name: string, options: T, rules: Rules<T>): T {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new TypeError(`Cannot use ${name}(): it takes one options object; found ${String(options)}`);
  }
  const known = Object.keys(rules);
  const read: [string, unknown][] = [];
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key))
      throw new TypeError(`Cannot use ${name}(): '${key}' is not one of its options (${known.join(', ')})`);
    if (value === undefined) continue;
    const rule: Rule = rules[key as keyof T];
    if (rule === 'storage') readStoragePlace(value, `${name}()`);
    else if (!fits(value, rule)) {
      const Wrong = typeof value === 'number' && rule === 'count' ? RangeError : TypeError;
      throw new Wrong(
        `Cannot use ${name}(): '${key}' must be ${SAYS[rule]}; current value is ${show(value)}`,
      );
    }
    read.push([key, structuredClone(value)]);
  }
  return Object.fromEntries(read) as T;
}

function fits(value: unknown, rule: Exclude<Rule, 'storage'>): boolean {
  if (rule === 'word') return typeof value === 'string' && value !== '' && !/[\0\n\r]/.test(value);
  if (rule === 'words') return Array.isArray(value) && value.every((item) => fits(item, 'word'));
  if (rule === 'amounts')
    return (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((amount) => typeof amount === 'number' && amount > 0 && amount < Infinity)
    );
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

const show = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
