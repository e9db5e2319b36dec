/**
 * The notebooks of this page and their kernels: where an output finds the kernel that may know its run. One for the page,
 * shared by the renderer and the plugins.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import { KernelLink } from './kernelLink';

export interface Notebook {
  /** The element that all its outputs are in. */
  readonly node: HTMLElement;
  readonly session: ISessionContext;
  /** Null without a kernel. */
  readonly link: KernelLink | null;
  path(): string;
}

class Entry implements Notebook {
  link: KernelLink | null = null;

  constructor(
    readonly node: HTMLElement,
    readonly session: ISessionContext,
    readonly path: () => string,
  ) {}
}

export class Hub {
  private readonly entries = new Set<Entry>();
  private readonly changes = new Signal<this, void>(this);

  /** A notebook was opened or closed, or has another kernel. */
  get changed(): ISignal<this, void> {
    return this.changes;
  }

  get notebooks(): readonly Notebook[] {
    return [...this.entries];
  }

  /** Adds a notebook until the result is disposed. */
  add(node: HTMLElement, session: ISessionContext, path: () => string): IDisposable {
    const entry = new Entry(node, session, path);
    this.entries.add(entry);
    const use = (kernel: Kernel.IKernelConnection | null): void => {
      if (entry.link?.kernel === kernel) return;
      entry.link?.dispose();
      entry.link = kernel === null ? null : new KernelLink(kernel);
      this.changes.emit();
    };
    const onKernel = (
      _: ISessionContext,
      { newValue }: { newValue: Kernel.IKernelConnection | null },
    ): void => use(newValue);
    session.kernelChanged.connect(onKernel);
    use(session.session?.kernel ?? null);
    return new DisposableDelegate(() => {
      session.kernelChanged.disconnect(onKernel);
      entry.link?.dispose();
      this.entries.delete(entry);
      this.changes.emit();
    });
  }

  /** The notebook that an element is in. */
  notebookOf(node: HTMLElement): Notebook | null {
    for (const entry of this.entries) if (entry.node.contains(node)) return entry;
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
