import type { MetricPicture, Score } from '../contract.js';

/**
 * Checks what evalFunc returned: numbers by name, and pictures `{ kind, … }`. NaN and infinities are kept and flagged.
 *
 * @param context names the unit in messages: "fold 2, repetition 0, validation"
 * @throws TypeError that names the key and what was found there
 * @example toScore({ accuracy: 0.9, loss: NaN }, 'fold 0') // { metrics: { accuracy: 0.9, loss: NaN }, pictures: {}, flagged: ['loss'] }
 */
export function toScore(value: unknown, context: string): Score {
  const failed = `Cannot use the metrics of ${context}`;
  if (!isRecord(value)) {
    throw new TypeError(
      `${failed}: evalFunc must return an object of numbers by name, { accuracy: 0.97 }; found ${describe(value)}`,
    );
  }
  const metrics: [string, number][] = [];
  const pictures: [string, MetricPicture][] = [];
  for (const [name, entry] of Object.entries(value)) {
    if (typeof entry === 'number') metrics.push([name, entry]);
    else if (isRecord(entry) && typeof entry['kind'] === 'string')
      pictures.push([name, entry as MetricPicture]);
    else {
      throw new TypeError(
        `${failed}: each value must be a number, or a picture with a kind (metrics.confusion, metrics.roc); ` +
          `"${name}" is ${describe(entry)}${hint(entry)}`,
      );
    }
  }
  return {
    metrics: Object.fromEntries(metrics),
    pictures: Object.fromEntries(pictures),
    flagged: metrics.filter(([, number]) => !Number.isFinite(number)).map(([name]) => name),
  };
}

/** A plain object, of whatever realm or prototype-less; not an array, Map, class instance or function. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object') return `a ${typeof value} (${String(value)})`;
  if (isRecord(value)) return `an object without kind (${Object.keys(value).slice(0, 5).join(', ')})`;
  return `a ${value.constructor?.name ?? 'class instance'}`;
}

function hint(value: unknown): string {
  if (value === null || value === undefined) return ', leave it out';
  if (typeof value === 'bigint' || typeof value === 'boolean') return ', convert it with Number()';
  if (typeof (value as { dataSync?: unknown }).dataSync === 'function')
    return ', take (await tensor.data())[0]';
  if (typeof (value as { then?: unknown }).then === 'function') return ', await it';
  return '';
}
