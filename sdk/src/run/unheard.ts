/**
 * A run of a script that failed while nobody awaited it: said when the process has nothing more to do, with exit code 1.
 * In a notebook its picture says it.
 */
import { CancelledError } from '../errors.js';
import { kernelLink } from '../notebook/kernel/link.js';

const messages = new Set<string>();

/** Tells at the process's end that `result` was rejected, unless `isHeard` by then. */
export function tellUnheard(result: Promise<unknown>, isHeard: () => boolean): void {
  if (kernelLink() !== null || '__tslab__' in globalThis) return;
  result.catch((error: unknown) => {
    // whoever cancelled it knows
    if (error instanceof CancelledError) return;
    const message = error instanceof Error ? error.message : String(error);
    process.once('beforeExit', () => {
      // several runs that were refused for one reason say it once
      if (isHeard() || messages.has(message)) return;
      messages.add(message);
      process.stderr.write(`${message}\n`);
      process.exitCode ||= 1;
    });
  });
}
