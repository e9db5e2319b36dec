/**
 * Content keys: what a result was made from, as one hash. Equal key, equal ingredients.
 */
import { createHash, type Hash } from 'node:crypto';

/** Gathers text between the bytes, so that the hash is fed a few times and not once for every number. */
class Feed {
  readonly #hash: Hash = createHash('sha256');
  #text = '';

  update(part: string | Uint8Array): this {
    if (typeof part === 'string') this.#text += part;
    else {
      if (this.#text !== '') this.#hash.update(this.#text);
      this.#text = '';
      this.#hash.update(part);
    }
    return this;
  }

  digest(): string {
    return this.#hash.update(this.#text).digest('hex');
  }
}

/** Grows when a change of foldlab itself makes older results unusable. */
const KEY_FORMAT = 1;

/**
 * A sha256 (hex) of plain data: independent of the order of object keys and Map entries' insertion, distinguishing
 * −0, NaN, bigint, typed arrays of different kinds and `undefined`.
 *
 * @throws TypeError for functions, symbols and class instances: they have no content to compare.
 */
export function contentKey(...parts: readonly unknown[]): string {
  const hash = new Feed();
  hash.update(`foldlab/${KEY_FORMAT}\n`);
  for (const part of parts) feed(hash, part, 'value');
  return hash.digest();
}

function feed(hash: Feed, value: unknown, path: string): void {
  switch (typeof value) {
    case 'string':
      hash.update(`s${Buffer.byteLength(value)}:`).update(value);
      return;
    case 'number':
      hash.update(Object.is(value, -0) ? 'n-0;' : `n${value};`);
      return;
    case 'bigint':
    case 'boolean':
    case 'undefined':
      hash.update(`${typeof value}${String(value)};`);
      return;
    case 'object':
      if (value === null) hash.update('null;');
      else feedObject(hash, value, path);
      return;
    default:
      throw new TypeError(
        `Cannot compare ${path} by content: a ${typeof value} is not plain data; pass numbers, text, arrays and plain objects`,
      );
  }
}

function feedObject(hash: Feed, value: object, path: string): void {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number')) {
    // ids and rows are long: one update instead of one for each number
    hash
      .update(`numbers${value.length}:`)
      .update(new Uint8Array(Float64Array.from(value as number[]).buffer));
  } else if (Array.isArray(value)) {
    hash.update(`a${value.length}[`);
    value.forEach((item, index) => feed(hash, item, `${path}[${index}]`));
  } else if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name}${value.byteLength}:`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (value instanceof ArrayBuffer) {
    hash.update(`ArrayBuffer${value.byteLength}:`).update(new Uint8Array(value));
  } else if (value instanceof Date) {
    hash.update(`d${value.getTime()};`);
  } else if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [contentKey(key), item] as const);
    feedEntries(hash, 'map', entries, path);
  } else if (value instanceof Set) {
    feedEntries(
      hash,
      'set',
      [...value].map((item) => [contentKey(item), true] as const),
      path,
    );
  } else if (isPlain(value)) {
    feedEntries(hash, 'o', Object.entries(value), path);
  } else {
    throw new TypeError(
      `Cannot compare ${path} by content: it is a ${value.constructor?.name ?? 'special object'}; pass plain data instead`,
    );
  }
  hash.update(']');
}

function feedEntries(
  hash: Feed,
  kind: string,
  entries: readonly (readonly [string, unknown])[],
  path: string,
): void {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  hash.update(`${kind}${sorted.length}[`);
  for (const [key, item] of sorted) {
    feed(hash, key, path);
    feed(hash, item, `${path}.${key}`);
  }
}

/** Objects made by `{}`, also of another realm: a cell's globals are not this module's. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
