/**
 * The corrections of a stock tslab kernel from within a cell.
 *
 * The modules are loaded, so their prototypes are patched for every later cell; the cell that runs, and the server
 * that it came to, nobody gives away. An empty write shows both: it makes tslab send a message, and the message has the
 * socket and the cell's header.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCorrections } from './corrections.js';
import { publishKernelLink } from './link.js';
import type { StockKernel } from './stock.js';
import type { MessageHeader, TslabServer, TslabSocket } from './tslab.js';
import { isKnownTslab } from './versions.js';
import { parentHeader } from './wire.js';

const NOTICE =
  "foldlab: this kernel is tslab without foldlab's corrections. Live displays and their buttons, interrupts of runs and output in the " +
  'cell that caused it work all the same; ({ shorthand }) properties of earlier cells, errors with the line of the cell, ' +
  'npm install beside a running kernel and long bursts of output do not. ' +
  'The kernel "TypeScript (foldlab)" has them: npx foldlab kernel install --user\n';

/** Corrects the kernel that executes the running cell; in a version that is not known it only says so. */
export function attachLate({ exports, filename }: StockKernel): void {
  if (!isKnownTslab(filename)) return;
  const require = createRequire(filename);
  const current = catchMessage(require('zeromq'));
  const key = connectionKey();
  if (current === null || key === null) return;

  const { iopub, header } = current;
  // the rest of patchBursts must come before the socket is bound
  iopub.sendTimeout = 0;
  const server: TslabServer = Object.assign(Object.create(exports.ZmqServer.prototype), {
    connInfo: { key },
    iopub,
  });
  const corrections = createCorrections();
  corrections.patchJupyter({ exports, require });
  corrections.cells.adopt({ header, server }, exports);
  // while the synchronous part of a cell runs, Node keeps SIGINT to itself
  queueMicrotask(corrections.interrupts.patch);
  publishKernelLink(corrections.link);
  process.stderr.write(NOTICE);
}

interface ZeroMQ {
  readonly Publisher: { readonly prototype: object };
}

/** Where tslab sends what the running cell prints, and as whose; null when it does not send at once. */
function catchMessage({ Publisher }: ZeroMQ): { iopub: TslabSocket; header: MessageHeader } | null {
  const caught: { iopub: TslabSocket; header: MessageHeader }[] = [];
  // inherited from a native class and not writable: an own property hides it for the time of one write
  Object.defineProperty(Publisher.prototype, 'send', {
    configurable: true,
    value(this: TslabSocket, frames: readonly (string | Buffer)[]) {
      caught.push({ iopub: this, header: parentHeader(frames) });
      return Promise.resolve();
    },
  });
  try {
    process.stdout.write('');
  } finally {
    delete (Publisher.prototype as any).send;
  }
  return caught[0] ?? null;
}

/** The key that signs this kernel's messages. */
function connectionKey(): string | null {
  const { argv } = process;
  const at = argv.findIndex((arg) => arg.startsWith('--config-path'));
  const file = argv[at]?.split('=')[1] ?? argv[at + 1];
  return file === undefined ? null : JSON.parse(readFileSync(file, 'utf8')).key;
}
