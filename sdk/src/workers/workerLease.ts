/**
 * A lease held by one worker process: warm between jobs, ended by force when it will not end itself.
 */
import { CancelledError, LeaseLostError } from '../errors.js';
import type { Job, JobHooks, Lease, LeaseLost } from '../schedule/executor.js';
import type { LinkEnd, WorkerLink } from './link.js';
import { fromWireError, type FromWorker, type ToWorker } from './protocol.js';

/** How long a cancelled job may take to end by itself. */
export const GRACE_MS = 2_000;
const STDERR_TAIL = 4_000;
/** What a worker keeps of the shipments it was sent; beyond that it forgets the one used longest ago. */
const KEPT_SHIPMENTS = 64;
const KEPT_BYTES = 256 * 2 ** 20;

export interface WorkerLeaseOptions {
  readonly id: string;
  /** Of a worker that does not say itself which it has. */
  readonly gpus: readonly string[];
  shipment(key: string): Uint8Array;
  /** Why it ended, where what it printed tells more than its exit code. */
  explain?(end: LinkEnd, output: string): string | null;
  readonly signal?: AbortSignal;
}

/** A job that was given to the worker: the first one runs, the others wait there. */
interface Given {
  readonly needs: readonly string[];
  readonly hooks: JobHooks;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly stop: () => void;
}

/** Resolves when the worker says that it is ready. */
export async function openWorkerLease(link: WorkerLink, options: WorkerLeaseOptions): Promise<Lease> {
  const lease = new WorkerLease(link, options);
  // a worker that hangs while it starts must not hold up a cancellation
  const onAbort = (): void => link.kill();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  try {
    await lease.ready;
  } catch (error) {
    throw options.signal?.aborted ? cancelled(options.signal) : error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
  return lease;
}

class WorkerLease implements Lease {
  readonly id: string;
  readonly lost: Promise<LeaseLost>;
  readonly ready: Promise<void>;
  readonly #link: WorkerLink;
  readonly #options: WorkerLeaseOptions;
  /** Key → bytes, the one used longest ago first. */
  readonly #sent = new Map<string, number>();
  readonly #exited: Promise<void>;
  /** By number, in the order in which the worker takes them. */
  readonly #given = new Map<number, Given>();
  #place: { readonly node: string; readonly pid: number; readonly gpus: readonly string[] };
  #jobs = 0;
  #outbox: ToWorker[] = [];
  #closed = false;
  #stderr = '';
  #end: LeaseLost | null = null;

  constructor(link: WorkerLink, options: WorkerLeaseOptions) {
    this.id = options.id;
    this.#link = link;
    this.#options = options;
    this.#place = { node: '', pid: link.pid, gpus: options.gpus };
    let settleLost: (lost: LeaseLost) => void;
    let settleReady: { resolve(): void; reject(error: Error): void };
    let settleExited: () => void;
    this.lost = new Promise((resolve) => (settleLost = resolve));
    this.ready = new Promise((resolve, reject) => (settleReady = { resolve, reject }));
    this.#exited = new Promise((resolve) => (settleExited = resolve));
    this.ready.catch(() => {});
    link.listen({
      onOutput: (text) => {
        this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
      },
      onBatch: (batch) => {
        for (const message of batch) {
          if (message.type === 'ready') {
            if (message.place) this.#place = message.place;
            this.#rest();
            settleReady.resolve();
          } else this.#receive(message);
        }
      },
      onEnd: (end) => {
        if (this.#end) return;
        this.#end = {
          reason: this.#reason(end),
          exitCode: end.exitCode,
          signal: end.signal,
          stderr: this.#stderr,
        };
        settleExited();
        settleReady.reject(this.#lostError());
        let begun = true;
        for (const [id, job] of [...this.#given]) {
          this.#take(id);
          // a cancelled job ends as cancelled, not as lost
          job.reject(job.hooks.signal.aborted ? cancelled(job.hooks.signal) : this.#lostError(begun));
          begun = false;
        }
        if (!this.#closed) settleLost(this.#end);
      },
    });
  }

  get pid(): number {
    return this.#place.pid;
  }

  get node(): string {
    return this.#place.node;
  }

  get gpus(): readonly string[] {
    return this.#place.gpus;
  }

  get alive(): boolean {
    return this.#end === null && !this.#closed;
  }

  run(job: Job, hooks: JobHooks): Promise<unknown> {
    if (this.#end || this.#closed) return Promise.reject(this.#lostError(false));
    if (hooks.signal.aborted) return Promise.reject(cancelled(hooks.signal));
    this.#provide(job.needs);
    return new Promise((resolve, reject) => {
      const id = ++this.#jobs;
      let grace: NodeJS.Timeout | undefined;
      const onAbort = (): void => {
        this.#send({ type: 'cancel', id });
        if (this.#first() === id) grace = setTimeout(() => this.#kill(), GRACE_MS);
        else this.#take(id)?.reject(cancelled(hooks.signal));
      };
      hooks.signal.addEventListener('abort', onAbort, { once: true });
      const stop = (): void => {
        hooks.signal.removeEventListener('abort', onAbort);
        clearTimeout(grace);
      };
      this.#given.set(id, { needs: job.needs, hooks, resolve, reject, stop });
      // a script waits for its jobs, not for idle workers
      this.#link.ref();
      this.#send({ type: 'job', id, method: job.method, argument: job.argument });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#end) {
      this.#send({ type: 'exit' });
      const force = setTimeout(() => this.#kill(), GRACE_MS);
      await this.#exited;
      clearTimeout(force);
    }
  }

  #receive(message: Exclude<FromWorker, { type: 'ready' }>): void {
    if (message.type === 'event') {
      this.#given.get(message.id)?.hooks.onEvent(message.event);
      return;
    }
    const job = this.#take(message.id);
    if (!job) return;
    const { signal } = job.hooks;
    if (message.type === 'done') job.resolve(message.value);
    else job.reject(signal.aborted ? cancelled(signal) : fromWireError(message.error));
  }

  #provide(needs: readonly string[]): void {
    for (const key of needs) {
      const known = this.#sent.get(key);
      this.#sent.delete(key);
      if (known !== undefined) {
        this.#sent.set(key, known);
        continue;
      }
      const bytes = this.#options.shipment(key);
      this.#sent.set(key, bytes.byteLength);
      this.#send({ type: 'shipment', key, bytes });
    }
    const kept = new Set(needs);
    for (const job of this.#given.values()) for (const key of job.needs) kept.add(key);
    let total = 0;
    for (const bytes of this.#sent.values()) total += bytes;
    for (const [key, bytes] of this.#sent) {
      if ((this.#sent.size <= KEPT_SHIPMENTS && total <= KEPT_BYTES) || kept.has(key)) break;
      this.#sent.delete(key);
      total -= bytes;
      this.#send({ type: 'forget', key });
    }
  }

  /** Takes a job off the lease. */
  #take(id: number): Given | undefined {
    const job = this.#given.get(id);
    this.#given.delete(id);
    job?.stop();
    if (this.#given.size === 0) this.#rest();
    return job;
  }

  /** The job that runs. */
  #first(): number | undefined {
    return this.#given.keys().next().value;
  }

  #rest(): void {
    this.#link.unref();
  }

  #send(message: ToWorker): void {
    this.#outbox.push(message);
    // after all that follows from the message that is being handled
    if (this.#outbox.length === 1) process.nextTick(() => this.#post());
  }

  #post(): void {
    const batch = this.#outbox;
    this.#outbox = [];
    this.#link.send(batch);
  }

  #kill(): void {
    this.#link.kill();
  }

  #lostError(begun = true): Error {
    const end = this.#end ?? { reason: 'the lease is closed', exitCode: null, signal: null, stderr: '' };
    const said = end.stderr.trim() ? `; it said last:\n${end.stderr.trim()}` : '';
    const who = this.node ? `${this.node}, pid ${this.pid}` : `pid ${this.pid}`;
    return new LeaseLostError(`The worker (${who}) ended: ${end.reason}${said}`, end, begun);
  }

  #reason({ exitCode, signal, reason }: LinkEnd): string {
    if (reason !== undefined) return reason;
    const explained = this.#options.explain?.({ exitCode, signal }, this.#stderr);
    if (explained) return explained;
    if (/heap out of memory/.test(this.#stderr)) return 'JavaScript heap out of memory';
    if (signal === 'SIGKILL' || exitCode === -9 || exitCode === 137)
      return 'killed with SIGKILL (often: out of memory)';
    if (signal) return `killed with ${signal}`;
    // an error that nothing caught: the first line of its stack, which Node prints last
    const uncaught =
      exitCode === 0 ? null : this.#stderr.match(/^(?:Uncaught )?[A-Z]\w*(?:Error|Exception)\b.*$/gm);
    return `exit code ${exitCode}${uncaught ? ` (${uncaught.at(-1)})` : ''}`;
  }
}

function cancelled(signal: AbortSignal): Error {
  return signal.reason instanceof Error && signal.reason.name !== 'AbortError'
    ? signal.reason
    : new CancelledError('The job was cancelled', { cause: signal.reason });
}
