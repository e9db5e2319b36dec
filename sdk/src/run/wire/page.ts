/**
 * One page that shows this kernel's runs: answers its messages until its comm closes.
 */
import { WIRE_VERSION, type KernelMessage, type PageMessage, type Removed } from '../../view/wire.js';
import type { KernelComm } from '../../notebook/kernel/link.js';
import type { KnownRun } from '../knownRun.js';
import { act } from './act.js';
import { attach, type Attachment } from './attachment.js';
import { parsePageMessage, requestOf } from './pageMessages.js';
import { createDisk, type DiskSource } from './disk.js';
import { sessionModel, type SessionSource } from './sessionModel.js';

/** Least time between two looks at the session. */
const SESSION_INTERVAL_MS = 1000;

export interface PageSession extends SessionSource, DiskSource {
  /** A run by its id, also one that only the disk knows; null for none. */
  findRun(id: string): KnownRun | null;
  /** Called when a run is started. Returns a function that takes the listener away again. */
  onRun(listener: (run: KnownRun) => void): () => void;
  releaseWorkers(): Promise<void>;
}

/** Gives the listener of the page's messages. */
export function openPage(comm: KernelComm, session: PageSession): (data: unknown) => void {
  const attached = new Map<string, { readonly run: KnownRun; readonly attachment: Attachment }>();
  const disk = createDisk(session);
  let watching: NodeJS.Timeout | null = null;
  let said = '';
  const send = (message: KernelMessage): void => comm.send(message);

  const removeFiles = async (dir: string): Promise<Removed> => {
    const removed = await disk.remove(dir);
    for (const [id, { run }] of [...attached]) {
      if (run.dir !== dir) continue;
      detach(id);
      send({ type: 'unknown', run: id });
    }
    return removed;
  };
  const detach = (id: string): void => {
    const known = attached.get(id);
    attached.delete(id);
    known?.attachment.detach();
    known?.run.shownBy(-1);
  };
  const show = (run: KnownRun): void => {
    const known = attached.get(run.id);
    if (known?.run === run) return known.attachment.resync();
    detach(run.id);
    attached.set(run.id, { run, attachment: attach(run, send) });
    run.shownBy(1);
  };
  // the same directory again: what the page shows goes on with the new run
  const unwatch = session.onRun((run) => {
    if (attached.has(run.id)) show(run);
  });
  const tellSession = (): void => {
    const model = sessionModel(session, disk);
    const text = JSON.stringify(model);
    if (text === said) return;
    said = text;
    send({ type: 'session', session: model });
  };
  const watch = (on: boolean): void => {
    if (watching) clearInterval(watching);
    watching = null;
    if (!on) return;
    said = '';
    tellSession();
    watching = setInterval(tellSession, SESSION_INTERVAL_MS).unref();
  };

  const handle = (message: PageMessage): void => {
    switch (message.type) {
      case 'attach': {
        const run = session.findRun(message.run);
        if (run) show(run);
        else send({ type: 'unknown', run: message.run });
        return;
      }
      case 'detach':
        return detach(message.run);
      case 'watchSession':
        return watch(message.on);
      case 'act': {
        const { request } = message;
        const run =
          message.run === '' ? null : (attached.get(message.run)?.run ?? session.findRun(message.run));
        act(message.action, run, { releaseWorkers: session.releaseWorkers, removeFiles }).then(
          (value) => send({ type: 'answer', request, ok: true, value }),
          (error: unknown) => send({ type: 'answer', request, ok: false, message: textOf(error) }),
        );
      }
    }
  };

  comm.onClose(() => {
    unwatch();
    watch(false);
    for (const id of [...attached.keys()]) detach(id);
  });
  send({ type: 'hello', version: WIRE_VERSION, pid: process.pid });
  return (data) => {
    try {
      handle(parsePageMessage(data));
    } catch (error) {
      const request = requestOf(data);
      if (request !== null) send({ type: 'answer', request, ok: false, message: textOf(error) });
    }
  };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
