/** One run as it comes from a kernel: checked, patched, asked for again when something was missed. */
import { patchRun, type RunModel, type RunPatch } from 'foldlab/view';
import { readModel } from '../output/readModel';

export interface FeedState {
  /** Null until the kernel has sent it. */
  readonly model: RunModel | null;
  /** Whether the kernel has acknowledged the run; null while it has not answered. */
  readonly known: boolean | null;
}

export class RunFeed {
  state: FeedState = { model: null, known: null };
  readonly listeners = new Set<(state: FeedState) => void>();

  constructor(
    readonly run: string,
    private readonly attach: () => void,
  ) {}

  /** The kernel's answer to an attach, or its whole model again. */
  accept(model: unknown): void {
    const read = readModel(model);
    // another run's model under this id would be drawn in the wrong cell
    if (read.id !== this.run) return;
    this.set({ model: read, known: true });
  }

  /** A difference; asks for the whole where it does not follow. */
  patch(patch: RunPatch): void {
    const { model } = this.state;
    const next = model === null ? null : patchRun(model, patch);
    if (next === null) {
      this.attach();
      return;
    }
    // what did not change has been checked before
    const changed = new Set(patch.units);
    const checked = readModel({ ...next, units: patch.units });
    const fresh = checked.units[Symbol.iterator]();
    const units = next.units.map((unit) => (changed.has(unit) ? fresh.next().value! : unit));
    this.set({ model: { ...checked, units }, known: true });
  }

  /** The kernel does not know it, or is gone. */
  lose(): void {
    if (this.state.known !== false) this.set({ ...this.state, known: false });
  }

  private set(state: FeedState): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener(state);
  }
}
