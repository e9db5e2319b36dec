/**
 * What a re-run does otherwise than the run: checked, packed, and told in one line.
 */
import { deserialize, serialize } from 'node:v8';
import { PHASES, type Overrides, type Phase } from '../contract.js';
import { contentKey } from '../plan/contentKey.js';
import type { Settings } from './options.js';
import type { UnitChange } from './plan.js';
import { checkKept, pack, type Packed, type ShippedRun } from './ship.js';
import { suggest } from './suggest.js';

const OVERRIDES = [
  'trainParams',
  'inferParams',
  'evalParams',
  'trainFunc',
  'inferFunc',
  'evalFunc',
  'unitTimeoutMs',
] as const satisfies readonly (keyof Overrides)[];
const LINE = 200;

/**
 * @throws TypeError for an unknown override or one of the wrong type; RangeError for a wrong timeout
 */
export function checkOverrides(given: Overrides, what: string, others: readonly string[] = []): void {
  for (const name of Object.keys(given)) {
    if ((OVERRIDES as readonly string[]).includes(name) || others.includes(name)) continue;
    const near = suggest(name, OVERRIDES);
    throw new TypeError(
      `Cannot ${what}: '${name}' is not among what a re-run may change${near ? `; did you mean '${near}'?` : ` (${OVERRIDES.join(', ')})`}; run.rerunAll({ … }) starts a new run with other options`,
    );
  }
  for (const phase of PHASES) {
    const func = given[`${phase}Func`];
    if (func === undefined || typeof func === 'function' || (typeof func === 'string' && func !== ''))
      continue;
    throw new TypeError(
      `Cannot ${what}: '${phase}Func' must be a function or a module path such as './train.ts'; found ${typeof func}`,
    );
  }
  const { unitTimeoutMs: limit } = given;
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) {
    throw new RangeError(
      `Cannot ${what}: 'unitTimeoutMs' must be a whole number of at least 1; current value is ${String(limit)}`,
    );
  }
}

export interface Change extends Omit<UnitChange, 'salt'> {
  /** '' when nothing is other than in the run. */
  readonly line: string;
  readonly payloads: ReadonlyMap<string, Uint8Array>;
}

/**
 * Packs what is given and keeps what differs from the run's own. Parameters are copied.
 *
 * @throws ShipError when a function cannot travel; TypeError when parameters are not plain data
 */
export async function packOverrides(
  given: Overrides,
  settings: Settings,
  { shipped, prints }: ShippedRun,
  notice: (message: string) => void,
): Promise<Change> {
  const functions: Partial<Record<Phase, Packed>> = {};
  const payloads = new Map<string, Uint8Array>();
  const params: Partial<Record<Phase, unknown>> = {};
  const lines: string[] = [];
  for (const phase of PHASES) {
    const func = given[`${phase}Func`];
    if (func !== undefined) {
      const packed = await pack(func, `${phase}Func`, notice);
      if (packed.print === prints[`${phase}Func`]) {
        // the run's own, which its directory may lack
        payloads.set(shipped[`${phase}Func`].key, packed.payload);
      } else {
        functions[phase] = packed;
        payloads.set(packed.ref.key, packed.payload);
        lines.push(`${phase}Func`);
      }
    } else checkKept(settings.functions[`${phase}Func`], `${phase}Func`);
    const name = `${phase}Params` as const;
    if (given[name] === undefined) continue;
    const value = copyParams(given[name], name);
    if (contentKey(value) === contentKey(settings.params[phase])) continue;
    params[phase] = value;
    lines.push(...differences(settings.params[phase], value, name));
  }
  const line = lines.join(', ');
  return {
    functions,
    params,
    line: line.length > LINE ? `${line.slice(0, LINE - 1)}…` : line,
    payloads,
  };
}

function copyParams(value: unknown, name: string): unknown {
  try {
    contentKey(value);
    return deserialize(serialize(value));
  } catch (cause) {
    throw new TypeError(
      `Cannot re-run: '${name}' must be plain data, since it travels to the workers (${(cause as Error).message})`,
      { cause },
    );
  }
}

/** "trainParams.learningRate 0.001 → 0.0005", one for each value that differs. */
export function differences(before: unknown, after: unknown, path: string): string[] {
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => differences(before[name], after[name], `${path}.${name}`));
  }
  return contentKey(before) === contentKey(after) ? [] : [`${path} ${show(before)} → ${show(after)}`];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;

function show(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
