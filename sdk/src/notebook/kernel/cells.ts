/**
 * Which cell runs.
 *
 * Defect in tslab: nothing tells a program which execute_request it belongs to; output goes to the cell executed
 * last. An AsyncLocalStorage would know, but makes Node 20 print `[Symbol(kResourceStore)]` with every promise.
 * tslab hands the request's content object unchanged from the message to the queued execution, so that object's
 * identity is enough.
 */
import type { JupyterModule, MessageHeader, PatchTarget, TslabServer } from './tslab.js';
import { publish } from './wire.js';

/** A cell's execution. */
export interface Cell {
  /** Of its execute_request. */
  readonly header: MessageHeader;
  readonly server: TslabServer;
}

export interface Cells {
  /** Null between cells. */
  running(): Cell | null;
  /** The running cell, else the one executed last; null before the first. */
  latest(): Cell | null;
  /** Calls `listener` whenever a cell starts, before its code does. */
  onStart(listener: (cell: Cell) => void): void;
  /** Sends a message on iopub as coming from `cell`; silent when the kernel is closed. */
  publish(cell: Cell, type: string, content: object): void;
  patch(target: PatchTarget<JupyterModule>): void;
}

export function trackCells(): Cells {
  const cellOf = new WeakMap<object, Cell>();
  const listeners: ((cell: Cell) => void)[] = [];
  let running: Cell | null = null;
  let latest: Cell | null = null;

  return {
    running: () => running,
    latest: () => latest,
    onStart: (listener) => void listeners.push(listener),
    publish: ({ server, header }, type, content) => publish(server, header, type, content),
    patch({ exports }) {
      const server = exports.ZmqServer.prototype;
      const { handleExecute } = server;
      server.handleExecute = function (socket, message) {
        cellOf.set(message.content as object, { header: message.header, server: this });
        return handleExecute.call(this, socket, message);
      };
      const handler = exports.JupyterHandlerImpl.prototype;
      const { handleExecuteImpl } = handler;
      handler.handleExecuteImpl = async function (request, ...writers) {
        running = latest = cellOf.get(request) ?? null;
        try {
          if (running) for (const listener of listeners) listener(running);
          return await handleExecuteImpl.call(this, request, ...writers);
        } finally {
          running = null;
        }
      };
    },
  };
}
