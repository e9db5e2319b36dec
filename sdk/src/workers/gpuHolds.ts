/**
 * The GPUs that this process holds, so that no other process of the host uses them.
 */
import type { Holder } from './hold.js';

export interface Device {
  readonly id: string;
  /** The same for every process on the host, whatever it may see. */
  readonly lockName: string;
}

export interface HoldPorts {
  /** Devices that this process may use, and the variable that shows them to a worker. */
  discover(): Promise<{ readonly variable: string; readonly devices: readonly Device[] }>;
  /** Takes a host-wide lock; null when another process has it. */
  hold(name: string): Promise<Held | null>;
  /** Who has it; null when that cannot be known. */
  describeHolder(name: string): Promise<Holder | null>;
}

interface Held {
  readonly fd: number | null;
  release(): Promise<void>;
}

export interface HeldGpus {
  readonly variable: string;
  readonly ids: readonly string[];
  /** "GPU-1 is held by pid 12 (a.ipynb)", for each that another process has. */
  readonly others: readonly string[];
}

/** Between two looks whether a GPU is free. */
const POLL_MS = 500;

export class GpuHolds {
  readonly #ports: HoldPorts;
  readonly #held = new Map<string, Held>();
  #known: { variable: string; devices: readonly Device[] } | null = null;

  constructor(ports: HoldPorts) {
    this.#ports = ports;
  }

  get ids(): string[] {
    return [...this.#held.keys()];
  }

  /** The descriptor by which a worker shares the hold. */
  fd(id: string): number | null {
    return this.#held.get(id)?.fd ?? null;
  }

  /**
   * Takes as many GPUs as are wanted, or those that are free, after waiting for the others as long as it may.
   *
   * @param waiting called once when it begins to wait, with who holds what is wanted
   */
  async take(
    wanted: number,
    options: { waitMs: number; signal?: AbortSignal; waiting(others: readonly string[]): void },
  ): Promise<HeldGpus> {
    if (wanted === 0) return { variable: 'CUDA_VISIBLE_DEVICES', ids: [], others: [] };
    const { variable, devices } = await this.#devices(wanted);
    const end = performance.now() + options.waitMs;
    for (let first = true; ; first = false) {
      const ids: string[] = [];
      const missed: Device[] = [];
      for (const device of devices) {
        if (ids.length === wanted) break;
        if (this.#held.has(device.id) || (await this.#hold(device))) ids.push(device.id);
        else missed.push(device);
      }
      // devices that are not there will not come by waiting
      const done = ids.length === wanted || missed.length === 0 || performance.now() >= end;
      if (!done && !first) {
        await pause(options.signal);
        continue;
      }
      const others = await Promise.all(missed.map((device) => this.#describe(device)));
      if (done) return { variable, ids, others };
      options.waiting(others);
      await pause(options.signal);
    }
  }

  /** Gives back those that are not in use. */
  async release(inUse: ReadonlySet<string> = new Set()): Promise<void> {
    const unused = [...this.#held].filter(([id]) => !inUse.has(id));
    for (const [id] of unused) this.#held.delete(id);
    await Promise.all(unused.map(([, held]) => held.release()));
  }

  /** Asking costs time, and what is held already is known. */
  async #devices(wanted: number): Promise<{ variable: string; devices: readonly Device[] }> {
    const held = this.#known?.devices.filter(({ id }) => this.#held.has(id)) ?? [];
    if (this.#known && held.length >= wanted) return this.#known;
    return (this.#known = await this.#ports.discover());
  }

  async #hold({ id, lockName }: Device): Promise<boolean> {
    const held = await this.#ports.hold(`gpu/${lockName}`);
    if (held) this.#held.set(id, held);
    return held !== null;
  }

  async #describe({ id, lockName }: Device): Promise<string> {
    const holder = await this.#ports.describeHolder(`gpu/${lockName}`);
    return `${id} is held by ${holder ? `pid ${holder.pid} (${holder.title})` : 'a process that does not answer'}`;
  }
}

/** @throws the signal's reason */
async function pause(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, POLL_MS);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
  signal?.throwIfAborted();
}
