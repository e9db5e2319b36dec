/**
 * A lease held by one child process: spawned when opened, warm between jobs, ended by force when it will not end itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { CancelledError, LeaseLostError } from '../errors.js';
import type { Job, JobHooks, Lease, LeaseLost } from '../schedule/executor.js';
import { fromWireError, type Batch, type FromWorker, type ToWorker } from './protocol.js';

/** How long a cancelled job may take to end by itself. */
export const GRACE_MS = 2_000;
/** How long the last of a dead worker's output may take to arrive. */
const LAST_WORDS_MS = 500;
const STDERR_TAIL = 4_000;
/** What a worker keeps of the shipments it was sent; beyond that it forgets the one used longest ago. */
const KEPT_SHIPMENTS = 64;
const KEPT_BYTES = 256 * 2 ** 20;

export interface ProcessLeaseOptions {
  readonly id: string;
  readonly gpus: readonly string[];
  /** Put before the command: `[]` here, `['srun', …]` on a cluster. */
  readonly prefix: readonly string[];
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** File descriptors that the worker keeps open beside its own: the GPU holds. */
  readonly inherit: readonly number[];
  shipment(key: string): Uint8Array;
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

/** Spawns the worker and resolves when it says it is ready. */
export async function openProcessLease(options: ProcessLeaseOptions): Promise<Lease> {
  options.signal?.throwIfAborted();
  const [command, ...args] = [...options.prefix, process.execPath, options.entry];
  const child = spawn(command!, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...options.inherit],
    serialization: 'advanced',
    env: options.env,
    windowsHide: true,
  });
  const lease = new ProcessLease(child, options);
  // a worker that hangs while it starts must not hold up a cancellation
  const onAbort = (): void => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await lease.ready;
  } catch (error) {
    throw options.signal?.aborted ? cancelled(options.signal) : error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
  return lease;
}

class ProcessLease implements Lease {
  readonly id: string;
  readonly gpus: readonly string[];
  readonly lost: Promise<LeaseLost>;
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  /** Key → bytes, the one used longest ago first. */
  readonly #sent = new Map<string, number>();
  readonly #shipment: (key: string) => Uint8Array;
  readonly #exited: Promise<void>;
  /** By number, in the order in which the worker takes them. */
  readonly #given = new Map<number, Given>();
  #jobs = 0;
  #outbox: ToWorker[] = [];
  #closed = false;
  #stderr = '';
  #end: LeaseLost | null = null;

  constructor(child: ChildProcess, options: ProcessLeaseOptions) {
    this.id = options.id;
    this.gpus = options.gpus;
    this.#child = child;
    this.#shipment = options.shipment;
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
      });
      (stream as unknown as { unref?(): void }).unref?.();
    }
    child.on('message', (batch: Batch<FromWorker>) => {
      for (const message of batch) this.#receive(message);
    });

    let settleLost: (lost: LeaseLost) => void;
    let settleReady: { resolve(): void; reject(error: Error): void };
    this.lost = new Promise((resolve) => (settleLost = resolve));
    this.ready = new Promise((resolve, reject) => (settleReady = { resolve, reject }));
    child.once('message', () => {
      this.#rest();
      settleReady.resolve();
    });
    this.#exited = new Promise((resolve) => {
      const end = (exitCode: number | null, signal: string | null, reason?: string): void => {
        if (this.#end) return;
        this.#end = {
          reason: reason ?? this.#reason(exitCode, signal),
          exitCode,
          signal,
          stderr: this.#stderr,
        };
        resolve();
        settleReady.reject(this.#lostError());
        let begun = true;
        for (const [id, job] of [...this.#given]) {
          this.#take(id);
          // a cancelled job ends as cancelled, not as lost
          job.reject(job.hooks.signal.aborted ? cancelled(job.hooks.signal) : this.#lostError(begun));
          begun = false;
        }
        if (!this.#closed) settleLost(this.#end);
      };
      child.once('error', (error) => end(null, null, `the worker could not be started: ${error.message}`));
      // 'close' comes after the last of stderr, so the message has what the worker said before it died; it never comes
      // while a process that the worker started lives on with its output
      child.once('close', (code, signal) => end(code, signal));
      child.once('exit', (code, signal) => {
        const timer = setTimeout(end, LAST_WORDS_MS, code, signal);
        child.once('close', () => clearTimeout(timer));
      });
    });
    this.ready.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? -1;
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
      this.#child.ref();
      this.#child.channel?.ref();
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

  #receive(message: FromWorker): void {
    if (message.type === 'ready') return;
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
      const bytes = this.#shipment(key);
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
    this.#child.unref();
    this.#child.channel?.unref();
  }

  #send(message: ToWorker): void {
    this.#outbox.push(message);
    // after all that follows from the message that is being handled
    if (this.#outbox.length === 1) process.nextTick(() => this.#post());
  }

  #post(): void {
    const batch: Batch<ToWorker> = this.#outbox;
    this.#outbox = [];
    // a send to a dying child fails; 'close' reports what happened to it
    if (this.#child.connected) this.#child.send(batch as ToWorker[], () => {});
  }

  #kill(): void {
    this.#child.kill('SIGKILL');
  }

  #lostError(begun = true): Error {
    const end = this.#end ?? { reason: 'the lease is closed', exitCode: null, signal: null, stderr: '' };
    const said = end.stderr.trim() ? `; it said last:\n${end.stderr.trim()}` : '';
    return new LeaseLostError(`The worker (pid ${this.pid}) ended: ${end.reason}${said}`, end, begun);
  }

  #reason(exitCode: number | null, signal: string | null): string {
    if (/heap out of memory/.test(this.#stderr)) return 'JavaScript heap out of memory';
    if (signal === 'SIGKILL') return 'killed with SIGKILL (often: out of memory)';
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
