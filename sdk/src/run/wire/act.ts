/** What a page may ask for. */
import { readUnitLog } from '../unitFiles.js';
import type { Action, Removed, UnitFiles } from '../../view/wire.js';
import type { KnownRun } from '../knownRun.js';

/** Bytes of a log's end. */
const LOG_BYTES = 64 * 1024;

/** What an action needs of the session. */
export interface ActPorts {
  releaseWorkers(): Promise<void>;
  removeFiles(dir: string): Promise<Removed>;
}

/**
 * Does it; resolves to the answer's value.
 *
 * @throws whatever the run says: what is wrong with it, and what would be right
 */
export async function act(action: Action, run: KnownRun | null, ports: ActPorts): Promise<unknown> {
  if (action.kind === 'releaseWorkers') {
    await ports.releaseWorkers();
    return null;
  }
  if (action.kind === 'removeFiles') return ports.removeFiles(action.dir);
  if (!run) throw new RangeError('Cannot do this: the kernel does not know the run; execute its cell again');
  switch (action.kind) {
    case 'rerun': {
      const { cvIndex, repIndex, trainParams } = action;
      await run.beginRerun({ cvIndex, repIndex, ...(trainParams === undefined ? {} : { trainParams }) });
      return null;
    }
    case 'cancel': {
      const { cvIndex, repIndex } = action;
      const isUnit = cvIndex !== undefined && repIndex !== undefined;
      await run.cancel(isUnit ? { cvIndex, repIndex } : undefined);
      return null;
    }
    case 'use':
      await run.use(action);
      return null;
    case 'files': {
      const { dir, log } = run.files(action);
      return { dir, log: readUnitLog(log, LOG_BYTES) } satisfies UnitFiles;
    }
    case 'params':
      return asJson(run.trainParams(action));
  }
}

function asJson(value: unknown): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new TypeError(`Cannot show the parameters: ${(cause as Error).message}`, { cause });
  }
  // what JSON would silently change must not come back changed
  const back: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isSame(value, back))
    throw new TypeError(
      'Cannot show the parameters: they hold what JSON cannot (a Map, a typed array, NaN, …); re-run from a cell: run.rerun({ cvIndex, repIndex, trainParams })',
    );
  return back;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (!Array.isArray(a) && Object.getPrototypeOf(a) !== Object.prototype) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  );
}
