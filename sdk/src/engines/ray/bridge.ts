/** The Python process that speaks to Ray, from this side: a line of JSON for each message, raw bytes behind it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { ExecutorError } from '../../errors.js';

/** What it says, most of it of a lease. */
export interface BridgeEvent {
  /** `again`: it tries to connect once more. */
  readonly ev: 'again' | 'ready' | 'state' | 'data' | 'output' | 'ended' | 'fatal';
  readonly lease?: string;
  readonly bytes?: number;
  readonly text?: string;
  readonly reason?: string | null;
  readonly code?: number | null;
  readonly message?: string;
}

export type LeaseListener = (event: BridgeEvent, payload: Buffer) => void;

export interface Bridge {
  /** Resolves when it is connected to the cluster. @throws ExecutorError with Ray's words */
  readonly ready: Promise<void>;
  readonly alive: boolean;
  send(message: { readonly op: string; readonly [field: string]: unknown }, payload?: Uint8Array): void;
  /** What it says of a lease from now on; an `ended` comes once, also when the bridge itself is gone. */
  listen(lease: string, listener: LeaseListener): void;
  /** This process waits for it from now on, or does not. */
  hold(held: boolean): void;
  close(): Promise<void>;
  /** Ends it by force. */
  kill(): void;
}

const NOTHING = Buffer.alloc(0);
const STDERR_TAIL = 2_000;
/** How long Ray may take to let it in, each time that it is asked: where nobody answers, Ray itself asks for minutes. */
const CONNECT_MS = 60_000;

export function startBridge(
  command: { readonly python: string; readonly file: string; readonly address: string },
  env: NodeJS.ProcessEnv,
): Bridge {
  const child = spawn(command.python, ['-u', command.file], {
    env,
    // an interrupt of the notebook is not Ray's
    detached: true,
    stdio: 'pipe',
  });
  const listeners = new Map<string, LeaseListener>();
  let stderr = '';
  let alive = true;
  let settle!: { resolve(): void; reject(error: Error): void };
  const ready = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  const late = setTimeout(() => {
    refuse(`nobody answered within ${CONNECT_MS / 1000} s`);
    child.kill('SIGKILL');
  }, CONNECT_MS);
  void ready.catch(() => {}).finally(() => clearTimeout(late));
  const refuse = (why: string, cause?: unknown): void =>
    settle.reject(new ExecutorError(explain(command.python, command.address, why), { cause }));

  const receive = (event: BridgeEvent, payload: Buffer): void => {
    if (event.ev === 'again') return void late.refresh();
    if (event.ev === 'ready') return settle.resolve();
    if (event.ev === 'fatal') return refuse(event.message ?? '');
    const listener = listeners.get(event.lease!);
    if (event.ev === 'ended') listeners.delete(event.lease!);
    listener?.(event, payload);
  };
  readMessages(child, receive);
  child
    .stderr!.setEncoding('utf8')
    .on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_TAIL)));
  child.stdin!.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    const over = (why: string, cause?: unknown): void => {
      if (!alive) return;
      alive = false;
      refuse(why, cause);
      for (const [lease, listener] of [...listeners]) {
        listeners.delete(lease);
        listener(
          { ev: 'ended', lease, reason: `the process that speaks to Ray ended: ${why}`, code: null },
          NOTHING,
        );
      }
      resolve();
    };
    child.once('error', (cause) => over(`it cannot be started (${cause.message})`, cause));
    child.once('close', (code, signal) =>
      over(`${signal ?? `exit code ${code}`}${stderr ? `\n${stderr.trim()}` : ''}`),
    );
  });
  const send: Bridge['send'] = (message, payload) => {
    child.stdin!.write(`${JSON.stringify(payload ? { ...message, bytes: payload.byteLength } : message)}\n`);
    if (payload) child.stdin!.write(payload);
  };
  send({ op: 'init', address: command.address });
  const hold = (held: boolean): void => {
    for (const part of [child, child.stdin, child.stdout, child.stderr] as unknown as ChildProcess[])
      if (held) part.ref();
      else part.unref();
  };
  return {
    ready,
    get alive() {
      return alive;
    },
    send,
    listen: (lease, listener) => void listeners.set(lease, listener),
    hold,
    async close() {
      hold(true);
      child.stdin!.end();
      await ended;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function readMessages(child: ChildProcess, receive: (event: BridgeEvent, payload: Buffer) => void): void {
  let pieces: Buffer[] = [];
  let have = 0;
  let event: BridgeEvent | null = null;
  child.stdout!.on('data', (piece: Buffer) => {
    pieces.push(piece);
    have += piece.length;
    // a large payload is put together once
    if (event && have < event.bytes!) return;
    let all = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    for (;;) {
      if (!event) {
        const end = all.indexOf(10);
        if (end < 0) break;
        event = JSON.parse(all.toString('utf8', 0, end)) as BridgeEvent;
        all = all.subarray(end + 1);
      }
      const bytes = event.bytes ?? 0;
      if (all.length < bytes) break;
      const complete = event;
      event = null;
      const payload = all.subarray(0, bytes);
      all = all.subarray(bytes);
      receive(complete, payload);
    }
    pieces = all.length > 0 ? [all] : [];
    have = all.length;
  });
}

function explain(python: string, address: string, why: string): string {
  const fix = /version mismatch/i.test(why)
    ? "; the cluster's versions of Ray and Python must be this interpreter's: name one that has them by ray({ python })"
    : /unauthenticated|auth/i.test(why)
      ? '; set what Ray asks for (RAY_AUTH_MODE, RAY_AUTH_TOKEN) before the notebook starts'
      : '';
  return `Cannot use Ray at '${address}' with ${python}: ${why}${fix}`;
}
