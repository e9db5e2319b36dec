/**
 * A worker's process as its lease sees it, whatever lies between: Node's IPC channel, the pipes of `srun`, a Ray actor.
 */
import type { ChildProcess } from 'node:child_process';
import type { Batch, FromWorker, ToWorker } from './protocol.js';

/** How it ended. */
export interface LinkEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** In words, where more is known than code and signal. */
  readonly reason?: string;
}

export interface LinkListener {
  onBatch(batch: Batch<FromWorker>): void;
  /** What the worker prints beside its messages. */
  onOutput(text: string): void;
  /** Called once, after the last of its output. */
  onEnd(end: LinkEnd): void;
}

export interface WorkerLink {
  /** Of the process on this machine; the worker itself may be elsewhere. */
  readonly pid: number;
  listen(listener: LinkListener): void;
  send(batch: Batch<ToWorker>): void;
  /** Ends it by force. */
  kill(): void;
  /** A script waits for it from now on … */
  ref(): void;
  /** … or does not. */
  unref(): void;
}

/** How long the last of a dead worker's output may take to arrive. */
const LAST_WORDS_MS = 500;

/** Tells once how a child process ended. */
export function whenChildEnds(child: ChildProcess, onEnd: (end: LinkEnd) => void): void {
  let told = false;
  const end = (exitCode: number | null, signal: string | null, reason?: string): void => {
    if (told) return;
    told = true;
    onEnd({ exitCode, signal, reason });
  };
  child.once('error', (error) => end(null, null, `the worker could not be started: ${error.message}`));
  // 'close' comes after the last of stderr, so the message has what the worker said before it died; it never comes
  // while a process that the worker started lives on with its output
  child.once('close', (code, signal) => end(code, signal));
  child.once('exit', (code, signal) => {
    const timer = setTimeout(end, LAST_WORDS_MS, code, signal);
    child.once('close', () => clearTimeout(timer));
  });
}
