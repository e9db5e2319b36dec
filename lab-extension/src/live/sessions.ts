/** The foldlab kernels of all running notebooks, open in this page or not. Works only while something looks. */
import type { Kernel, ServiceManager, Session } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { SessionModel } from 'foldlab/view';
import { hub } from './hub';
import { KernelLink } from './kernelLink';

export interface WatchedSession {
  /** The notebook's path on the server. */
  readonly path: string;
  readonly link: KernelLink;
  /** Null until the kernel has answered: foldlab may not be imported there yet. */
  readonly session: SessionModel | null;
}

interface Watched {
  readonly path: string;
  readonly link: KernelLink;
  session: SessionModel | null;
  readonly watch: IDisposable;
  /** A connection that was made for this alone. */
  readonly own: Kernel.IKernelConnection | null;
}

export class SessionWatch {
  private readonly watched = new Map<string, Watched>();
  private readonly changes = new Signal<this, void>(this);
  private on = false;

  constructor(private readonly services: ServiceManager.IManager) {}

  get changed(): ISignal<this, void> {
    return this.changes;
  }

  get sessions(): readonly WatchedSession[] {
    return [...this.watched.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  start(): void {
    if (this.on) return;
    this.on = true;
    this.services.sessions.runningChanged.connect(this.refresh, this);
    hub.changed.connect(this.refresh, this);
    this.refresh();
  }

  stop(): void {
    if (!this.on) return;
    this.on = false;
    this.services.sessions.runningChanged.disconnect(this.refresh, this);
    hub.changed.disconnect(this.refresh, this);
    for (const id of [...this.watched.keys()]) this.forget(id);
  }

  private refresh(): void {
    const running = new Map<string, Session.IModel>();
    for (const model of this.services.sessions.running()) {
      if (model.kernel && this.isFoldlabs(model.kernel.name)) running.set(model.kernel.id, model);
    }
    const links = new Map(
      hub.notebooks.flatMap(({ link }) => (link ? [[link.kernel.id, link] as const] : [])),
    );
    for (const [id, { link }] of [...this.watched]) {
      // a notebook that was opened brings its own link
      const gone = !running.has(id) || link.isDisposed || (links.has(id) && links.get(id) !== link);
      if (gone) this.forget(id);
    }
    for (const [id, model] of running) {
      if (!this.watched.has(id)) this.add(id, model, links.get(id) ?? null);
    }
    this.changes.emit();
  }

  private add(id: string, model: Session.IModel, shared: KernelLink | null): void {
    const own = shared ? null : this.services.kernels.connectTo({ model: model.kernel!, handleComms: true });
    const link = shared ?? new KernelLink(own!, ' panel');
    const entry: Watched = {
      path: model.path,
      link,
      session: null,
      own,
      watch: link.watchSession((session) => {
        const known = this.watched.get(id);
        if (known?.link !== link) return;
        known.session = session;
        this.changes.emit();
      }),
    };
    this.watched.set(id, entry);
  }

  private forget(id: string): void {
    const entry = this.watched.get(id);
    if (!entry) return;
    this.watched.delete(id);
    entry.watch.dispose();
    if (entry.own) {
      entry.link.dispose();
      // the connection alone: the kernel goes on
      entry.own.dispose();
    }
  }

  private isFoldlabs(kernel: string): boolean {
    const metadata = this.services.kernelspecs.specs?.kernelspecs[kernel]?.metadata;
    return metadata !== undefined && Object.hasOwn(metadata, 'foldlab');
  }
}
