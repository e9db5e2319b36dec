/** Numbers on the wire and in words: every view writes the same number the same way. */

import type { WireNumber } from './model.js';

/** Stands for a number that is not there (yet). */
export const MISSING = '–';

/** A number as JSON can hold it: NaN and the infinities travel as their names. */
export function toWireNumber(value: number): WireNumber {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  return value;
}

/** The number behind a {@link toWireNumber}. */
export function fromWireNumber(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

/** Numbers by name, to the wire. */
export function toWireRecord(values: Readonly<Record<string, number>>): Record<string, WireNumber> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toWireNumber(value)]));
}

/** Numbers by name, back from the wire. */
export function fromWireRecord(values: Readonly<Record<string, WireNumber>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromWireNumber(value)]));
}

/**
 * A metric with 4 decimals. Numbers that 4 decimals would hide (below 0.00005) or blow up (from 100,000) are written
 * with an exponent; NaN and the infinities by name.
 */
export function formatMetric(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.00005 || size >= 100_000)) return value.toExponential(2);
  const text = value.toFixed(4);
  return text === '-0.0000' ? '0.0000' : text;
}

/** A difference of metrics, with its sign: "+0.0038". */
export function formatSigned(value: number): string {
  const text = formatMetric(value);
  return value > 0 && text !== '0.0000' ? `+${text}` : text;
}

/** "0.9674–0.9728", or one number where both are written the same. */
export function formatRange(min: number, max: number): string {
  const [low, high] = [formatMetric(min), formatMetric(max)];
  return low === high ? low : `${low}–${high}`;
}

/** Wall time: "0.4 s", "12.3 s", "3:54" (minutes), "1:02:33" (hours). */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return MISSING;
  // 59.96 would round to "60.0 s"
  if (seconds < 59.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** "1 fold", "5 folds". */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
