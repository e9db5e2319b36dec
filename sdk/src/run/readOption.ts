/** Reads one option of run(): its value when it is what it must be, else an error with rule, value and fix. */
import type { RunOptions } from '../contract.js';

/** A whole number from `min` to `max`. */
export function whole(
  options: RunOptions,
  name: keyof RunOptions,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  const value: unknown = options[name];
  if (value === undefined)
    throw new TypeError(`Cannot start a run: '${name}' is missing; give a whole number`);
  if (typeof value !== 'number') {
    throw new TypeError(`Cannot start a run: '${name}' must be a number; found ${show(value)}`);
  }
  if (!Number.isInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw wrongRange(name, `a whole number ${range}`, value, value < min ? `use ${min} or more` : undefined);
  }
  return value;
}

/** One of `values`; absent: the fallback. */
export function oneOf<T extends string>(
  options: RunOptions,
  name: keyof RunOptions,
  values: readonly T[],
  fallback: T,
): T {
  const value: unknown = options[name] ?? fallback;
  if (values.includes(value as T)) return value as T;
  throw new TypeError(
    `Cannot start a run: '${name}' must be one of ${values.join(', ')}; found ${show(value)}`,
  );
}

export function flag(options: RunOptions, name: keyof RunOptions, fallback: boolean): boolean {
  const value: unknown = options[name] ?? fallback;
  if (typeof value === 'boolean') return value;
  throw new TypeError(`Cannot start a run: '${name}' must be true or false; found ${show(value)}`);
}

export function text(options: RunOptions, name: keyof RunOptions): string {
  const value: unknown = options[name];
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value;
  throw new TypeError(`Cannot start a run: '${name}' must be a non-empty text; found ${show(value)}`);
}

export function wrongRange(name: string, rule: string, value: unknown, fix?: string): RangeError {
  return new RangeError(
    `Cannot start a run: '${name}' must be ${rule}; current value is ${show(value)}${fix ? `, ${fix}` : ''}`,
  );
}

export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Promise) return 'a promise';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return String(value);
}
