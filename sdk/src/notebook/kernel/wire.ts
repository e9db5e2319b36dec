/**
 * Jupyter's wire protocol, as far as the corrections read and send messages themselves (tslab's own class for it is
 * not exported). https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { MessageHeader, TslabServer, TslabSocket } from './tslab.js';

const DELIMITER = Buffer.from('<IDS|MSG>');

/** A message that a client sent. */
export interface Request {
  /** Routing frames, which the reply carries back. */
  readonly identity: readonly Buffer[];
  readonly header: MessageHeader;
  readonly content: any;
}

/** The type of a message without reading the rest of it; null for what is no message. */
export function messageType(frames: readonly Buffer[]): string | null {
  const start = delimiterOf(frames);
  if (start < 0 || frames.length < start + 6) return null;
  return JSON.parse(frames[start + 2]!.toString()).msg_type;
}

/** Header of the message that caused this one. Throws an Error for what is no message. */
export function parentHeader(frames: readonly (string | Buffer)[]): MessageHeader {
  const start = frames.findIndex((frame) => DELIMITER.equals(Buffer.from(frame)));
  if (start < 0) throw new Error('Cannot read a message: it has no delimiter');
  return JSON.parse(frames[start + 3]!.toString());
}

/** Reads a message. Throws an Error when it is not signed with the connection's `key`. */
export function readRequest(key: string, frames: readonly Buffer[]): Request {
  const start = delimiterOf(frames);
  const parts = frames.slice(start + 2);
  const signature = frames[start + 1]!.toString();
  if (sign(key, parts) !== signature) {
    throw new Error('Cannot read a message: its signature is not of this connection');
  }
  const [header, , , content] = parts.map((part, i) => (i < 4 ? JSON.parse(part.toString()) : null));
  return { identity: frames.slice(0, start), header, content };
}

/** Sends on iopub, to every client, as a message that `parent` caused. Does nothing once the kernel is closed. */
export function publish(server: TslabServer, parent: MessageHeader, type: string, content: object): void {
  send(server, server.iopub, [], parent, type, content);
}

/** Sends the reply of a request to the client that asked. */
export function reply(
  server: TslabServer,
  socket: TslabSocket,
  { identity, header }: Request,
  type: string,
  content: object,
): void {
  send(server, socket, identity, header, type, content);
}

function send(
  { connInfo: { key } }: TslabServer,
  socket: TslabSocket,
  identity: readonly Buffer[],
  parent: MessageHeader,
  type: string,
  content: object,
): void {
  if (socket.closed) return;
  const header = {
    version: '5.3',
    date: new Date().toISOString(),
    session: parent.session,
    username: parent.username,
    msg_type: type,
    msg_id: randomUUID(),
  };
  const parts = [header, parent, {}, content].map((part) => JSON.stringify(part));
  // refused only when the socket closes meanwhile
  socket.send([...identity, DELIMITER, sign(key, parts), ...parts]).catch(() => {});
}

function delimiterOf(frames: readonly Buffer[]): number {
  return frames.findIndex((frame) => DELIMITER.equals(frame));
}

function sign(key: string, parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
