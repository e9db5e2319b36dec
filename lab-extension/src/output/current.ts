/** The runs drawn in this page, and the one that a command is about. */
import type { RunOutput } from './runOutput';

const shown = new Set<RunOutput>();
let last: RunOutput | null = null;

export function addOutput(output: RunOutput): void {
  shown.add(output);
}

export function removeOutput(output: RunOutput): void {
  shown.delete(output);
  if (last === output) last = null;
}

/** Called when the focus enters one, or a menu was opened on it. */
export function noteOutput(output: RunOutput): void {
  last = output;
}

/** The output used last, as long as it is in `area`; else the first one there. */
export function currentOutput(area: HTMLElement | null): RunOutput | null {
  const inside = (output: RunOutput): boolean => output.isVisible && (area?.contains(output.node) ?? true);
  if (last !== null && inside(last)) return last;
  return [...shown].find(inside) ?? null;
}
