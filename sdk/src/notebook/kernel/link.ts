/**
 * How code in a kernel process reaches the patched kernel. A global symbol, because a notebook's foldlab may be
 * another copy of the package than the one that the kernel was started with.
 */

const KEY = Symbol.for('foldlab.kernel');

/** A display that belongs to one cell. */
export interface KernelDisplay {
  /**
   * The first call makes the output in the cell that opened the display, later calls replace it.
   * Does nothing once the kernel is closed.
   */
  show(bundle: Record<string, unknown>, metadata?: object): void;
}

/** One open comm with a page. */
export interface KernelComm {
  readonly id: string;
  /** Sends a `comm_msg`; does nothing once the comm or the kernel is closed. */
  send(data: unknown): void;
  /** Called for each `comm_msg` of the page, also while a cell awaits. At most one listener. */
  onMessage(listener: (data: unknown) => void): void;
  /** Called once when the page closes the comm. Not called by `close()`. */
  onClose(listener: () => void): void;
  close(): void;
}

/** What the patched kernel offers to the packages loaded in it. */
export interface KernelLink {
  /** Grows when a reader of an older link would misunderstand a newer one. */
  readonly version: 1;
  /** A display in the running cell, else in the cell executed last; null before the first cell. */
  openDisplay(): KernelDisplay | null;
  /** The running cell's execution (the msg_id of its request); null between cells. Absent: the kernel cannot tell. */
  runningCell?(): string | null;
  /**
   * Calls `accept` for each `comm_open` with this target; the newest registration of a target counts. Returns a function
   * that takes it away again. Absent: the kernel has no comms.
   */
  onComm?(target: string, accept: (comm: KernelComm, data: unknown) => void): () => void;
  /** Opens a comm in the page; null before the first cell. Absent: the kernel has no comms. */
  openComm?(target: string, data?: unknown): KernelComm | null;
  /**
   * Calls `listener` at each interrupt, with the execution that was running (null between cells). Returns a function that
   * takes it away again. Absent: the kernel does not tell.
   */
  onInterrupt?(listener: (cell: string | null) => void): () => void;
  /** `text` with each place in a compiled cell as the user would name it: `cell[3]:5:9`. Absent: the kernel does not know. */
  userPlaces?(text: string): string;
}

/** The patched kernel of this process; null in any other process and on an unpatched kernel. */
export function kernelLink(): KernelLink | null {
  const link = (globalThis as any)[KEY] as KernelLink | undefined;
  return link?.version === 1 ? link : null;
}

/** Makes `link` the one that every copy of the package in this process finds. */
export function publishKernelLink(link: KernelLink): void {
  Object.defineProperty(globalThis, KEY, { value: link, configurable: true, enumerable: false });
}
