/** What a person is told of an error that ends a command. */
import { join } from 'node:path';

/** sdk/: this file is dist/cli/tell.js or src/cli/tell.ts. */
const OWN_ROOT = join(__dirname, '..', '..');

const FRAME = /^ {4}at /;

/**
 * Of foldlab's own errors the message, with the lines of the user's files that led there; of all others the whole stack.
 */
export function tellError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  if (process.env.FOLDLAB_DEBUG) return stack;
  const frames = stack.split('\n').filter((line) => FRAME.test(line));
  const isOurs =
    ('code' in error && String(error.code).startsWith('FOLDLAB_')) ||
    (frames[0]?.includes(OWN_ROOT) ?? false);
  if (!isOurs) return stack;
  return [error.message, ...frames.filter(isOfUser)].join('\n');
}

const isOfUser = (frame: string): boolean =>
  !frame.includes(OWN_ROOT) && !/node:|[\\/]node_modules[\\/]/.test(frame);
