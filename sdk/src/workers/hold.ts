/**
 * Host-wide locks by name, so that two notebooks on one host never use the same GPU. Works between processes of one host
 * that see each other: on Linux those of one network namespace (containers of their own do not), elsewhere those of one
 * temporary directory.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFileHolder, holdFile } from './holdFile.js';
import { describeSocketHolder, holdSocket } from './holdSocket.js';

export interface Hold {
  readonly name: string;
  /**
   * A descriptor that a child process can inherit by its `stdio`: the hold then lives until both processes have ended or
   * released it. `null` where the platform has none (a lock file).
   */
  readonly fd: number | null;
  /** Gives the name back; can be called again. */
  release(): Promise<void>;
}

export interface Holder {
  readonly pid: number;
  readonly title: string;
}

/** What other processes are told of this one: its notebook (as Jupyter names it), else its title. */
export const holderTitle = (env: { readonly [name: string]: string | undefined } = process.env): string =>
  (env.JPY_SESSION_NAME ?? process.title).slice(0, 300);

/**
 * Takes the name for this process, at once or not at all. It is freed by `release()`, and when this process (and the
 * children that inherited `fd`) ended, however they ended. A hold does not keep the process alive.
 *
 * @param name "gpu/GPU-1b2c…"
 * @param options.title what {@link describeHolder} says of this process; default {@link holderTitle}
 * @returns null when it is held already, by another process or by this one
 */
export function hold(name: string, options: { title?: string } = {}): Promise<Hold | null> {
  const title = options.title ?? holderTitle();
  return process.platform === 'linux' ? holdSocket(name, title) : holdFile(name, title, lockDirectory());
}

/** Who holds the name; null when nobody does, or the holder does not answer within half a second (busy, or gone while its worker lives on). */
export function describeHolder(name: string): Promise<Holder | null> {
  return process.platform === 'linux'
    ? describeSocketHolder(name)
    : describeFileHolder(name, lockDirectory());
}

const lockDirectory = () => join(tmpdir(), 'foldlab-locks');
