/**
 * A network of its own, joined to this machine by a cable that can be pulled: what a cluster's node sees whose network is
 * cut. It needs root, `ip`, and a kernel that lets it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { isAlive } from '../faults/script.js';

const PREFIX = 'foldlab-';

export interface Namespace {
  /** For `ip netns exec`. */
  readonly name: string;
  /** This machine's address at the cable. */
  readonly outside: string;
  /** The namespace's own. */
  readonly inside: string;
  /** Nothing goes through any more, and nobody is told. */
  cut(): void;
  mend(): void;
  /** Whether a process lives in it. */
  has(pid: number): boolean;
  remove(): void;
}

const ip = (...args: string[]): string =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Null, or why none can be made here. */
export function whyNoNamespace(): string | null {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  try {
    makeNamespace().remove();
    return null;
  } catch (error) {
    const { message } = error as Error;
    return `a network namespace cannot be made here (${message.trim().split('\n').at(-1)})`;
  }
}

export function makeNamespace(): Namespace {
  removeLeft();
  const name = `${PREFIX}${process.pid}-${Math.random().toString(36).slice(2, 6)}`;
  // a name of an interface has at most 15 characters
  const cable = `fl${Math.random().toString(36).slice(2, 10)}`;
  // a network for tests of devices (RFC 2544), so nobody's
  const net = `198.18.${Math.floor(Math.random() * 256)}`;
  const last = 4 * Math.floor(Math.random() * 64);
  const [outside, inside] = [`${net}.${last + 1}`, `${net}.${last + 2}`];
  const remove = (): void => {
    // the cable goes with either of its ends
    spawnSync('ip', ['link', 'delete', cable]);
    spawnSync('ip', ['netns', 'delete', name]);
  };
  try {
    ip('netns', 'add', name);
    ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'cable', 'netns', name);
    ip('address', 'add', `${outside}/30`, 'dev', cable);
    ip('link', 'set', cable, 'up');
    ip('-n', name, 'address', 'add', `${inside}/30`, 'dev', 'cable');
    for (const link of ['lo', 'cable']) ip('-n', name, 'link', 'set', link, 'up');
  } catch (error) {
    remove();
    throw error;
  }
  return {
    name,
    outside,
    inside,
    cut: () => void ip('-n', name, 'link', 'set', 'cable', 'down'),
    mend: () => void ip('-n', name, 'link', 'set', 'cable', 'up'),
    has: (pid) => ip('netns', 'pids', name).split('\n').includes(String(pid)),
    remove,
  };
}

/** What test processes that were killed have left. */
function removeLeft(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [, name, pid] = /^(foldlab-(\d+)-\w+)/.exec(line) ?? [];
    if (name && !isAlive(Number(pid))) spawnSync('ip', ['netns', 'delete', name]);
  }
}
