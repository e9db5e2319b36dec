/**
 * One kernel, as a page talks to it: a single comm that carries every run shown, the actions, and what the side panel
 * watches. Opened when something needs it, found again after a reload, opened anew after a restart.
 */
import type { Kernel, KernelMessage as Jupyter } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import {
  COMM_TARGET,
  WIRE_VERSION,
  type Action,
  type KernelMessage,
  type PageMessage,
  type SessionModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { RunFeed, type FeedState } from './feed';

/** Least time between two tries to open a comm, in milliseconds. */
const RETRY_MS = 400;
/** An action that is not answered by then has failed, in milliseconds. */
const ANSWER_MS = 60_000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly timer: number;
}

export class KernelLink implements IDisposable {
  private comm: Kernel.IComm | null = null;
  private opening = false;
  private lastTry = -Infinity;
  private retry = 0;
  private readonly feeds = new Map<string, RunFeed>();
  private readonly pending = new Map<number, Pending>();
  private readonly sessionListeners = new Set<(session: SessionModel | null) => void>();
  private session: SessionModel | null = null;
  // other pages may share a comm: their requests must have other numbers
  private nextRequest = Math.floor(Math.random() * 2 ** 30);
  private disposed = false;

  /** @param place where in the page it is used: a comm is taken up again only by the place that opened it */
  constructor(
    readonly kernel: Kernel.IKernelConnection,
    private readonly place: string,
  ) {
    kernel.statusChanged.connect(this.onStatus, this);
    kernel.iopubMessage.connect(this.onMessage, this);
    kernel.connectionStatusChanged.connect(this.onConnection, this);
    kernel.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Follows a run. The listener is called at once with what is known, then at every change. */
  follow(run: string, listener: (state: FeedState) => void): IDisposable {
    let feed = this.feeds.get(run);
    if (!feed) {
      feed = new RunFeed(run, () => this.send({ type: 'attach', run }));
      this.feeds.set(run, feed);
      this.send({ type: 'attach', run });
    } else if (feed.state.known === false) {
      this.send({ type: 'attach', run });
    }
    const followed = feed;
    followed.listeners.add(listener);
    listener(followed.state);
    return new DisposableDelegate(() => {
      followed.listeners.delete(listener);
      if (followed.listeners.size > 0 || this.feeds.get(run) !== followed) return;
      this.feeds.delete(run);
      this.send({ type: 'detach', run }, false);
    });
  }

  /** Whether the kernel has acknowledged this run. */
  knows(run: string): boolean {
    return this.feeds.get(run)?.state.known === true;
  }

  /** Watches the kernel's workers and runs; null while they are not known. */
  watchSession(listener: (session: SessionModel | null) => void): IDisposable {
    this.sessionListeners.add(listener);
    if (this.sessionListeners.size === 1) this.send({ type: 'watchSession', on: true });
    listener(this.session);
    return new DisposableDelegate(() => {
      this.sessionListeners.delete(listener);
      if (this.sessionListeners.size === 0) this.send({ type: 'watchSession', on: false }, false);
    });
  }

  /** Asks the kernel for something about a run ('' for the session); rejects with its words. */
  act(run: string, action: Action): Promise<unknown> {
    const request = this.nextRequest++;
    return new Promise((resolve, reject) => {
      if (this.comm === null) {
        reject(new Error(t('The kernel does not answer')));
        return;
      }
      const timer = window.setTimeout(() => {
        this.pending.delete(request);
        reject(new Error(t('The kernel does not answer: it may be busy with a synchronous cell')));
      }, ANSWER_MS);
      this.pending.set(request, { resolve, reject, timer });
      this.send({ type: 'act', request, run, action });
    });
  }

  /** Something may have changed in the kernel: tries to open the comm where it is wanted and not open. */
  wake(): void {
    if (this.comm !== null || this.opening || this.disposed || !this.wanted()) return;
    const wait = this.lastTry + RETRY_MS - performance.now();
    if (wait > 0) {
      window.clearTimeout(this.retry);
      this.retry = window.setTimeout(() => this.wake(), wait);
      return;
    }
    void this.open();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    window.clearTimeout(this.retry);
    this.kernel.statusChanged.disconnect(this.onStatus, this);
    this.kernel.iopubMessage.disconnect(this.onMessage, this);
    this.kernel.connectionStatusChanged.disconnect(this.onConnection, this);
    this.closed();
    this.feeds.clear();
    this.sessionListeners.clear();
  }

  private get key(): string {
    return `foldlab:comm:${this.kernel.id}:${this.place}`;
  }

  private wanted(): boolean {
    return this.feeds.size > 0 || this.sessionListeners.size > 0;
  }

  /** Sends where the comm is open; else opens it, which says everything that is wanted. */
  private send(message: PageMessage, open = true): void {
    if (this.comm === null || this.comm.isDisposed) {
      if (open) this.wake();
      return;
    }
    // plain data: messages have no methods and nothing undefined that matters
    this.comm.send(message as unknown as Parameters<Kernel.IComm['send']>[0]);
  }

  private async open(): Promise<void> {
    this.opening = true;
    this.lastTry = performance.now();
    try {
      const info = await this.kernel.requestCommInfo({ target_name: COMM_TARGET });
      if (this.disposed || this.comm !== null) return;
      const comms = info.content.status === 'ok' ? (info.content.comms ?? {}) : {};
      const mine = storedComm(this.key);
      const again = mine !== null && Object.hasOwn(comms, mine) && !this.kernel.hasComm(mine);
      const comm = this.kernel.createComm(COMM_TARGET, again ? mine : undefined);
      comm.onMsg = (message) => this.receive(message);
      comm.onClose = () => {
        if (this.comm === comm) this.closed();
      };
      this.comm = comm;
      if (!again) {
        storeComm(this.key, comm.commId);
        comm.open();
      }
      this.sayAll();
    } catch {
      // a kernel that is gone or starting: its connection or its next cell tries again
      this.closed();
    } finally {
      this.opening = false;
    }
  }

  /** Everything that this page wants, to a kernel that may have forgotten it. */
  private sayAll(): void {
    for (const run of this.feeds.keys()) this.send({ type: 'attach', run });
    if (this.sessionListeners.size > 0) this.send({ type: 'watchSession', on: true });
  }

  private closed(): void {
    const { comm } = this;
    this.comm = null;
    if (comm && !comm.isDisposed) comm.dispose();
    for (const { reject, timer } of this.pending.values()) {
      window.clearTimeout(timer);
      reject(new Error(t('The kernel was restarted or does not know foldlab yet')));
    }
    this.pending.clear();
    for (const feed of this.feeds.values()) feed.lose();
    this.tellSession(null);
  }

  private receive(message: Jupyter.ICommMsgMsg): void {
    try {
      this.handle(message.content.data as unknown as KernelMessage);
    } catch (error) {
      // a model that this page cannot read: what it shows stays
      console.warn('foldlab:', (error as Error).message);
    }
  }

  private handle(message: KernelMessage): void {
    switch (message.type) {
      case 'hello':
        if (message.version > WIRE_VERSION) {
          throw new Error('the kernel speaks a newer version; update the extension');
        }
        return;
      case 'run':
        this.feeds.get(message.run)?.accept(message.model);
        return;
      case 'patch':
        this.feeds.get(message.run)?.patch(message.patch);
        return;
      case 'unknown':
        this.feeds.get(message.run)?.lose();
        return;
      case 'session':
        this.tellSession(message.session);
        return;
      case 'answer': {
        const pending = this.pending.get(message.request);
        if (!pending) return;
        this.pending.delete(message.request);
        window.clearTimeout(pending.timer);
        if (message.ok) pending.resolve(message.value);
        else pending.reject(new Error(String(message.message)));
      }
    }
  }

  private tellSession(session: SessionModel | null): void {
    this.session = session;
    for (const listener of [...this.sessionListeners]) listener(session);
  }

  private onStatus(_: Kernel.IKernelConnection, status: Jupyter.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') this.closed();
  }

  /** A cell that began or ended may have imported foldlab. What our own messages cause is no reason to ask again. */
  private onMessage(_: Kernel.IKernelConnection, message: Jupyter.IIOPubMessage): void {
    if (message.header.msg_type !== 'status') return;
    const { msg_type: cause } = message.parent_header as Partial<Jupyter.IHeader>;
    if (cause === 'execute_request') this.wake();
  }

  private onConnection(_: Kernel.IKernelConnection, status: Kernel.ConnectionStatus): void {
    // messages may have been missed
    if (status === 'connected' && this.comm !== null) this.sayAll();
    else if (status === 'connected') this.wake();
  }
}

/** This tab's comm of a kernel before a reload: taking it up again leaves no orphan behind that is still talked to. */
function storedComm(key: string): string | null {
  try {
    return window.sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function storeComm(key: string, comm: string): void {
  try {
    window.sessionStorage.setItem(key, comm);
  } catch {
    // without storage each reload opens another comm
  }
}
