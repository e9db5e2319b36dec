/**
 * What the kernel process and a worker say to each other: structured clone, over Node's IPC or as frames over a pipe.
 */
import type { WorkerPlace } from './place.js';

/** What crosses the channel: the messages of one moment, in order. A write costs more than what is in it. */
export type Batch<Message> = readonly Message[];

/** Kernel → worker. */
export type ToWorker =
  | { readonly type: 'shipment'; readonly key: string; readonly bytes: Uint8Array }
  | { readonly type: 'forget'; readonly key: string }
  | { readonly type: 'job'; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'exit' };

/** Worker → kernel. */
export type FromWorker =
  /** `place`: of a worker that another program placed. */
  | { readonly type: 'ready'; readonly place?: WorkerPlace }
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };

/** An error with everything that structured clone would lose. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly cause?: WireError;
}

/** Anything thrown, as plain data. Properties that cannot be cloned are left out. */
export function toWireError(thrown: unknown, depth = 0): WireError {
  if (!(thrown instanceof Error) && !isErrorLike(thrown)) {
    return {
      name: 'Error',
      message: `a function threw ${describe(thrown)}, not an Error`,
      stack: '',
      props: {},
    };
  }
  const props: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(thrown)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) props[key] = value;
  }
  return {
    name: String(thrown.name ?? 'Error'),
    message: String(thrown.message),
    stack: String(thrown.stack ?? ''),
    ...(typeof props.code === 'string' ? { code: props.code } : {}),
    props,
    ...(thrown.cause !== undefined && depth < 4 ? { cause: toWireError(thrown.cause, depth + 1) } : {}),
  };
}

/** The same error in this process; `stack` is the remote one. */
export function fromWireError(wire: WireError): Error {
  const error = new Error(wire.message, wire.cause ? { cause: fromWireError(wire.cause) } : undefined);
  error.name = wire.name;
  error.stack = wire.stack || `${wire.name}: ${wire.message}`;
  return Object.assign(error, wire.props);
}

/** Errors of another realm (a vm context) are errors too. */
function isErrorLike(value: unknown): value is Error {
  return value !== null && typeof value === 'object' && 'message' in value && 'stack' in value;
}

function describe(value: unknown): string {
  try {
    return typeof value === 'string'
      ? JSON.stringify(value.slice(0, 200))
      : `${typeof value} ${String(value).slice(0, 200)}`;
  } catch {
    return `a ${typeof value}`;
  }
}
