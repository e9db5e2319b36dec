/**
 * The notebooks of this page and their kernels: where an output finds the kernel that may know its run. One for the page,
 * shared by the renderer and the plugins.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import type { KernelLink } from './kernelLink';

export interface Notebook {
  /** The notebook's widget: all its outputs are in its node. */
  readonly panel: Widget;
  /** Null without a kernel of foldlab. */
  readonly link: KernelLink | null;
  /** Whether its kernel is another one, with which there is no talking. */
  readonly hasOtherKernel: boolean;
  path(): string;
}

class Entry implements Notebook, IDisposable {
  link: KernelLink | null = null;
  hasOtherKernel = false;
  isDisposed = false;
  private owns = false;
  private kernel: Kernel.IKernelConnection | null = null;

  constructor(
    readonly panel: Widget,
    private readonly session: ISessionContext,
    readonly path: () => string,
    private readonly onChange: () => void,
    /** The link that another notebook has with a kernel. */
    private readonly others: (kernel: string) => KernelLink | null,
  ) {
    session.kernelChanged.connect(this.onKernel, this);
    this.use(session.session?.kernel ?? null);
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.session.kernelChanged.disconnect(this.onKernel, this);
    this.use(null);
  }

  private onKernel(_: ISessionContext, { newValue }: { newValue: Kernel.IKernelConnection | null }): void {
    this.use(newValue);
  }

  private use(kernel: Kernel.IKernelConnection | null): void {
    if (this.kernel === kernel) return;
    this.kernel = kernel;
    if (this.owns) this.link?.dispose();
    this.link = null;
    this.owns = false;
    this.hasOtherKernel = false;
    this.onChange();
    if (kernel !== null) void this.linkTo(kernel);
  }

  private async linkTo(kernel: Kernel.IKernelConnection): Promise<void> {
    // other kernels know nothing of us: not even asked, and nothing is loaded for them
    const isFoldlabs = await kernel.spec.then(
      (spec) => Object.hasOwn(spec?.metadata ?? {}, 'foldlab'),
      () => false,
    );
    if (!isFoldlabs) {
      this.hasOtherKernel = this.kernel === kernel;
      this.onChange();
      return;
    }
    const { KernelLink } = await import('./kernelLink');
    if (this.kernel !== kernel || this.isDisposed || kernel.isDisposed) return;
    // JupyterLab lets one connection to a kernel have comms: a second notebook on it shares that one's
    const shared = kernel.handleComms ? null : this.others(kernel.id);
    this.owns = shared === null;
    this.link = shared ?? new KernelLink(kernel, this.path());
    this.onChange();
  }
}

export class Hub {
  private readonly entries = new Set<Entry>();
  private readonly changes = new Signal<this, void>(this);

  /** A notebook was opened or closed, or has another kernel. */
  get changed(): ISignal<this, void> {
    return this.changes;
  }

  get notebooks(): readonly Notebook[] {
    return [...this.entries].filter((entry) => !entry.isDisposed);
  }

  /** Adds a notebook until the result is disposed. */
  add(panel: Widget, session: ISessionContext, path: () => string): Notebook & IDisposable {
    const entry = new Entry(
      panel,
      session,
      path,
      () => this.changes.emit(),
      (kernel) => this.linkWith(kernel),
    );
    this.entries.add(entry);
    panel.disposed.connect(() => this.entries.delete(entry));
    this.changes.emit();
    return entry;
  }

  private linkWith(kernel: string): KernelLink | null {
    const links = this.notebooks.map(({ link }) => link);
    return links.find((link) => link !== null && !link.isDisposed && link.kernel.id === kernel) ?? null;
  }

  /** The notebook that an element is in. */
  notebookOf(node: HTMLElement): Notebook | null {
    for (const entry of this.entries) if (!entry.isDisposed && entry.panel.node.contains(node)) return entry;
    return null;
  }

  /**
   * The kernel for an output: its notebook's. An output shown elsewhere ("Create New View for Output") has no notebook
   * around it; it belongs to the one whose kernel answers for the run.
   */
  linkFor(node: HTMLElement, run: string, isElsewhere: boolean): KernelLink | null {
    const notebook = this.notebookOf(node);
    if (notebook) return notebook.link;
    if (!isElsewhere) return null;
    const links = this.notebooks.map(({ link }) => link).filter((link) => link !== null);
    return links.find((link) => link.knows(run)) ?? null;
  }
}

export const hub = new Hub();
