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

/** What the patched kernel offers to the packages loaded in it. */
export interface KernelLink {
  /** Grows when a reader of an older link would misunderstand a newer one. */
  readonly version: 1;
  /** A display in the running cell, else in the cell executed last; null before the first cell. */
  openDisplay(): KernelDisplay | null;
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
