/**
 * Where a shipped function's lines came from: workers name a cell's file in their stacks, this process knows the script.
 */
import { randomBytes } from 'node:crypto';
import { inspectScript } from './scopes.js';

/** Another process must not take a file of this one for its own, for example when a run is resumed. */
const PROCESS = randomBytes(2).toString('hex');
/** V8's script by the file that its cell has in workers. */
const scripts = new Map<string, string>();
const urls = new Map<string, string>();

/** A place in a worker's stack: file, line and column, both from 1. */
const PLACE = /(notebook-cell-[0-9a-f]{4}-\w+\.js):(\d+):(\d+)/g;

/** The file that a script's functions have in workers. */
export function fileInWorkers(scriptId: string): string {
  const file = `notebook-cell-${PROCESS}-${scriptId.replace(/\W/g, 'x')}.js`;
  scripts.set(file, scriptId);
  return file;
}

/**
 * `stack` with each place in a shipped function of this process as `replace` gives it for the script's own URL, line and
 * column; as it was where `replace` gives null. The first script costs some tenths of a second: only for errors.
 */
export function replacePlaces(
  stack: string,
  replace: (url: string, line: number, column: number) => string | null,
): string {
  return stack.replace(PLACE, (whole, file: string, line: string, column: string) => {
    const url = urlOf(file);
    return (url && replace(url, Number(line), Number(column))) || whole;
  });
}

function urlOf(file: string): string | null {
  const scriptId = scripts.get(file);
  if (scriptId === undefined) return null;
  if (!urls.has(file)) urls.set(file, inspectScript(scriptId).url);
  return urls.get(file)!;
}
