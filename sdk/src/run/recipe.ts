/**
 * What a run is made from, in its directory: so that a later process reads its results, and runs a unit of it again,
 * without being given anything.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { EnsembleMethod, EnsembleOver } from '../contract.js';
import { DirectoryError } from '../errors.js';
import { checkExecutor } from '../engines/choices.js';
import type { FunctionRef } from '../jobs/messages.js';
import type { Shipped } from './jobMaker.js';
import type { FoundDataset } from './makeDataset.js';
import { FUNCTION_NAMES, type Settings, type StoredFunction } from './options.js';
import type { Prints, ShippedRun } from './ship.js';

const RECIPE = 'recipe.v8';
const FUNCTIONS = 'functions';
/** Grows when an older foldlab would misread it. */
const VERSION = 2;
/** A function with more captured data than this is not kept. */
const MAX_BYTES = 64 * 2 ** 20;

type Kept = Omit<Settings, 'functions' | 'ensembles' | 'metrics' | 'signal'>;

interface Recipe {
  readonly version: number;
  readonly name: string;
  readonly settings: Kept;
  /** Null for a method by name. */
  readonly ensembles: readonly {
    readonly name: string;
    readonly isFunction: boolean;
    /** Absent: of each repetition. */
    readonly over?: EnsembleOver;
  }[];
  readonly metrics: readonly string[] | null;
  readonly shipped: Omit<Shipped, 'splits'>;
  readonly prints: Prints;
  /** Fingerprints of the out-of-fold metrics' functions. */
  readonly found: FoundDataset;
}

/** Writes it by rename; functions are kept by content. */
export function writeRecipe(
  dir: string,
  name: string,
  settings: Settings,
  { shipped, prints, payloads }: ShippedRun,
  found: FoundDataset,
  notice: (message: string) => void,
): void {
  const { functions: _functions, ensembles, metrics, signal: _signal, ...kept } = settings;
  mkdirSync(join(dir, FUNCTIONS), { recursive: true });
  for (const [key, bytes] of payloads) {
    const file = functionFile(dir, key);
    if (existsSync(file)) continue;
    if (bytes.byteLength > MAX_BYTES) {
      notice(
        `A function captures ${Math.round(bytes.byteLength / 2 ** 20)} MB, more than is kept in the run's directory (${MAX_BYTES / 2 ** 20} MB): a later process must be given it again to re-run`,
      );
      continue;
    }
    publish(file, bytes);
  }
  const recipe: Recipe = {
    // an older foldlab would take a wide ensemble for a repetition's
    version: ensembles.every(({ over }) => over === 'repetition') ? 1 : VERSION,
    name,
    settings: kept,
    ensembles: ensembles.map(({ combine, over }) => ({
      ...(typeof combine === 'string'
        ? { name: combine, isFunction: false }
        : { name: combine.name, isFunction: true }),
      ...(over === 'repetition' ? {} : { over }),
    })),
    metrics: metrics && Object.keys(metrics),
    shipped,
    prints,
    found,
  };
  publish(join(dir, RECIPE), serialize(recipe));
}

export interface ReadRecipe {
  readonly name: string;
  readonly settings: Settings;
  readonly shippedRun: ShippedRun;
  readonly found: FoundDataset;
}

/** @throws DirectoryError when there is none, or it cannot be read */
export function readRecipe(dir: string): ReadRecipe {
  let recipe: Recipe;
  try {
    recipe = deserialize(readFileSync(join(dir, RECIPE))) as Recipe;
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new DirectoryError(
      absent
        ? `Cannot open '${dir}': it has no ${RECIPE}; its run ended before its units were planned, or an older foldlab made it. Start it again with run() and this 'dir'`
        : `Cannot read '${join(dir, RECIPE)}': it is damaged; start the run again with run() and this 'dir'`,
      { cause },
    );
  }
  if (recipe.version > VERSION)
    throw new DirectoryError(
      `Cannot open '${dir}': it was written by a newer foldlab (recipe version ${recipe.version}, this one reads up to ${VERSION}); update foldlab`,
    );
  const { settings, shipped, prints } = recipe;
  const stored = (ref: FunctionRef, print: string): StoredFunction => ({
    name: ref.name,
    print,
    key: ref.key,
    get payload() {
      return readFunction(dir, ref.key);
    },
  });
  const functions = FUNCTION_NAMES.map((name) => [name, stored(shipped[name], prints[name])] as const);
  return {
    name: recipe.name,
    found: recipe.found,
    settings: {
      ...settings,
      // an older foldlab knew this machine only
      executor: checkExecutor(settings.executor),
      signal: null,
      functions: Object.fromEntries(functions) as unknown as Settings['functions'],
      ensembles: recipe.ensembles.map(({ name, isFunction, over = 'repetition' }, i) => ({
        combine: isFunction
          ? stored({ ...shipped.ensembles[i]!, name }, prints.ensembles[i]!)
          : (name as EnsembleMethod),
        over,
      })),
      metrics:
        recipe.metrics &&
        Object.fromEntries(
          // a key begins with the fingerprint
          recipe.metrics.map((name, i) => [
            name,
            stored(shipped.metrics![i]!, printOf(shipped.metrics![i]!)),
          ]),
        ),
    },
    shippedRun: {
      shipped,
      prints,
      get payloads() {
        const refs = [
          ...FUNCTION_NAMES.map((name) => shipped[name]),
          ...shipped.ensembles.filter((ref) => ref !== null),
          ...(shipped.metrics ?? []),
        ];
        return new Map(
          refs.flatMap(({ key }) => {
            const bytes = readFunction(dir, key);
            return bytes ? [[key, bytes] as const] : [];
          }),
        );
      },
    },
  };
}

const printOf = ({ key }: FunctionRef): string => key.split('/')[1]!;

/** A key ends with the sha256 of the bytes. */
const functionFile = (dir: string, key: string): string =>
  join(dir, FUNCTIONS, `${key.split('/').at(-1)}.v8`);

function readFunction(dir: string, key: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(functionFile(dir, key)));
  } catch {
    return null;
  }
}

function publish(file: string, bytes: Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
}
