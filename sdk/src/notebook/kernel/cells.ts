/**
 * Which cell runs, and the way for everything that a cell shows.
 *
 * Defect in tslab: nothing tells a program which execute_request it belongs to. tslab hands the request's content object unchanged from the message to the queued execution, so that object's
 * identity is enough.
 */
import type {
  JupyterModule,
  MessageHeader,
  PatchTarget,
  StreamWriter,
  TslabServer,
  WriteDisplayData,
} from './tslab.js';
import { trackOrigins } from './origins.js';
import { createStreams } from './streams.js';
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
  /** The number that front ends show beside the newest cell, from 1; 0 before the first. */
  number(): number;
  /** The running cell, else the one executed last; null before the first. */
  latest(): Cell | null;
  /** The cell that started the work that goes on now, else the latest; null before the first. */
  origin(): Cell | null;
  /** Calls `listener` whenever a cell starts, before its code does. */
  onStart(listener: (cell: Cell) => void): void;
  /** Sends a message on iopub as coming from `cell`, after all it printed; silent when the kernel is closed. */
  publish(cell: Cell, type: string, content: object): void;
  patch(target: PatchTarget<JupyterModule>): void;
  /** Takes over a cell that runs already, after `patch`, until the kernel says that it ended. */
  adopt(cell: Cell, exports: JupyterModule): void;
}

/** `rewrite`: from what a cell prints to what is shown. */
export function trackCells(rewrite: (text: string) => string = (text) => text): Cells {
  const cellOf = new WeakMap<object, Cell>();
  const listeners: ((cell: Cell) => void)[] = [];
  let running: Cell | null = null;
  let latest: Cell | null = null;
  let number = 0;
  const origins = trackOrigins();
  const send: Cells['publish'] = ({ server, header }, type, content) =>
    publish(server, header, type, content);
  const streams = createStreams(send);
  const sendInOrder: Cells['publish'] = (cell, type, content) => {
    streams.flush(cell);
    send(cell, type, content);
  };

  const writer =
    (cell: Cell): StreamWriter =>
    (name, text) =>
      streams.write(origins.current() ?? cell, name, rewrite(text));
  const shower =
    (cell: Cell): WriteDisplayData =>
    (content, update) =>
      sendInOrder(origins.current() ?? cell, update ? 'update_display_data' : 'display_data', content);

  return {
    running: () => running,
    number: () => number,
    latest: () => latest,
    origin: () => origins.current() ?? latest,
    onStart: (listener) => void listeners.push(listener),
    publish: sendInOrder,
    patch({ exports }) {
      const server = exports.ZmqServer.prototype;
      const { handleExecute } = server;
      server.handleExecute = function (socket, message) {
        cellOf.set(message.content as object, { header: message.header, server: this });
        return handleExecute.call(this, socket, message);
      };
      const handler = exports.JupyterHandlerImpl.prototype;
      const { handleExecute: handle, handleExecuteImpl: execute } = handler;
      handler.handleExecute = async function (request, ...writers) {
        const reply = await handle.call(this, request, ...writers);
        const cell = cellOf.get(request);
        if (cell) streams.flush(cell);
        return reply;
      };
      handler.handleExecuteImpl = async function (request, ...writers) {
        const cell = cellOf.get(request);
        if (!cell) return execute.call(this, request, ...writers);
        running = latest = cell;
        number = this.execCount + 1;
        try {
          for (const listener of listeners) listener(cell);
          return await origins.run(cell, () => execute.call(this, request, writer(cell), shower(cell)));
        } finally {
          running = null;
        }
      };
    },
    adopt(cell, exports) {
      running = latest = cell;
      exports.lastWriteDisplayData = shower(cell);
      const { createWriteToIopub } = exports.JupyterHandlerImpl.prototype;
      for (const name of ['stdout', 'stderr'] as const) {
        process[name].write = createWriteToIopub(name, writer(cell));
      }
      const server = exports.ZmqServer.prototype;
      const { publishStatus } = server;
      server.publishStatus = function (status, request) {
        if (status === 'idle' && request.header.msg_id === cell.header.msg_id) {
          streams.flush(cell);
          if (running === cell) running = null;
        }
        return publishStatus.call(this, status, request);
      };
    },
  };
}
