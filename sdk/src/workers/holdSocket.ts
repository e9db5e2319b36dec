/** A lock that the Linux kernel frees: a listening socket in the abstract namespace, which has no file to be left behind. */
import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import type { Hold, Holder } from './hold.js';

/** sun_path holds 108 bytes, of which the first is the zero of the abstract namespace. */
const MAX_NAME_BYTES = 107;
const ANSWER_TIMEOUT_MS = 500;
const MAX_ANSWER_BYTES = 4096;

export function holdSocket(name: string, title: string): Promise<Hold | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.unref();
      socket.end(`${JSON.stringify({ pid: process.pid, title })}\n`);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(new Error(`Cannot hold ${name}: ${error.message}`, { cause: error }));
    });
    // exclusive: in a cluster worker the primary would share the socket with all others
    server.listen({ path: address(name), exclusive: true }, () => {
      server.unref();
      server.removeAllListeners('error').on('error', () => {});
      resolve({ name, fd: descriptor(server), release: once(() => close(server)) });
    });
  });
}

export function describeSocketHolder(name: string): Promise<Holder | null> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ path: address(name) });
    const done = () => {
      socket.destroy();
      resolve(parseHolder(answer));
    };
    socket.setEncoding('utf8').setTimeout(ANSWER_TIMEOUT_MS, done);
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.includes('\n') || answer.length > MAX_ANSWER_BYTES) done();
    });
    socket.on('end', done).on('error', done);
  });
}

/** What a holder says of itself, or null when that is none. */
export function parseHolder(text: string): Holder | null {
  try {
    const { pid, title } = JSON.parse(text) as { pid: unknown; title: unknown };
    return typeof pid === 'number' && typeof title === 'string' ? { pid, title } : null;
  } catch {
    return null;
  }
}

function address(name: string): string {
  const path = `foldlab/${name}`;
  const short = Buffer.byteLength(path) <= MAX_NAME_BYTES;
  return `\0${short ? path : `foldlab/${createHash('sha256').update(name).digest('hex')}`}`;
}

/** Node has no public way to a server's descriptor; libuv's handle has it on every POSIX system. */
function descriptor(server: Server): number | null {
  const { fd } = (server as unknown as { _handle?: { fd?: number } })._handle ?? {};
  return typeof fd === 'number' && fd >= 0 ? fd : null;
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= action());
}
