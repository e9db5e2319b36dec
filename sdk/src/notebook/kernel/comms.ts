/**
 * Comms: messages between the page and programs in the kernel, at any time.
 *
 * Defect in tslab: it has none; it prints "unknown msg_type" for each comm message, and answers comm_info_request with
 * a message of the wrong type, so that a reloaded page cannot find the comms that are open.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
import { randomUUID } from 'node:crypto';
import type { Cells } from './cells.js';
import type { KernelComm } from './link.js';
import type { JupyterModule, MessageHeader, PatchTarget, TslabServer, TslabSocket } from './tslab.js';
import { messageType, publish, readRequest, reply, type Request } from './wire.js';

const TYPES = ['comm_open', 'comm_msg', 'comm_close', 'comm_info_request'];

type Accept = (comm: KernelComm, data: unknown) => void;

interface OpenComm {
  readonly target: string;
  readonly comm: KernelComm;
  onMessage: ((data: unknown) => void) | null;
  onClose: (() => void) | null;
}

export interface Comms {
  /** The newest registration of a target counts. Returns a function that takes it away again. */
  onComm(target: string, accept: Accept): () => void;
  /** Opens a comm in the page; null when no page has spoken to this kernel yet. */
  openComm(target: string, data?: unknown): KernelComm | null;
  patch(target: PatchTarget<JupyterModule>): void;
}

export function createComms(cells: Cells): Comms {
  const targets = new Map<string, Accept>();
  const open = new Map<string, OpenComm>();

  function createComm(id: string, target: string, server: TslabServer, parent: MessageHeader): OpenComm {
    const say = (type: string, data: unknown, more?: object) => {
      if (open.get(id) !== opened) return;
      const cell = cells.latest();
      publish(server, cell?.header ?? parent, type, { comm_id: id, data: data ?? {}, ...more });
    };
    const opened: OpenComm = {
      target,
      onMessage: null,
      onClose: null,
      comm: {
        id,
        send: (data) => say('comm_msg', data),
        onMessage: (listener) => void (opened.onMessage = listener),
        onClose: (listener) => void (opened.onClose = listener),
        close() {
          say('comm_close', {});
          if (open.get(id) === opened) open.delete(id);
        },
      },
    };
    open.set(id, opened);
    return opened;
  }

  /** Handles one message at once: a page must be heard while a cell awaits. */
  function handle(server: TslabServer, socket: TslabSocket, request: Request): void {
    const { content, header } = request;
    const id: string = content.comm_id;
    switch (header.msg_type) {
      case 'comm_open': {
        const target: string = content.target_name;
        const accept = targets.get(target);
        if (accept) accept(createComm(id, target, server, header).comm, content.data);
        else publish(server, header, 'comm_close', { comm_id: id, data: {} });
        return;
      }
      case 'comm_msg':
        open.get(id)?.onMessage?.(content.data);
        return;
      case 'comm_close': {
        const closed = open.get(id);
        open.delete(id);
        closed?.onClose?.();
        return;
      }
      default:
        reply(server, socket, request, 'comm_info_reply', { status: 'ok', comms: list(content.target_name) });
    }
  }

  function list(target?: string): object {
    const wanted = [...open].filter(([, opened]) => !target || opened.target === target);
    return Object.fromEntries(wanted.map(([id, opened]) => [id, { target_name: opened.target }]));
  }

  return {
    onComm(target, accept) {
      targets.set(target, accept);
      return () => {
        if (targets.get(target) === accept) targets.delete(target);
      };
    },
    openComm(target, data) {
      const cell = cells.latest();
      if (cell === null) return null;
      const id = randomUUID();
      const { comm } = createComm(id, target, cell.server, cell.header);
      publish(cell.server, cell.header, 'comm_open', { comm_id: id, target_name: target, data: data ?? {} });
      return comm;
    },
    patch({ exports }) {
      const server = exports.ZmqServer.prototype;
      const { handleShellMessage } = server;
      server.handleShellMessage = async function (socket, ...frames) {
        if (!TYPES.includes(messageType(frames) ?? ''))
          return handleShellMessage.call(this, socket, ...frames);
        const request = readRequest(this.connInfo.key, frames);
        this.publishStatus('busy', request);
        try {
          handle(this, socket, request);
        } catch (error) {
          // of the program that listens
          console.error(error);
        } finally {
          this.publishStatus('idle', request);
        }
      };
    },
  };
}
