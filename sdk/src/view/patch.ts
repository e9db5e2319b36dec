/** The difference of two snapshots of one run: a running experiment changes few units at a time. */
import type { RunModel, UnitModel } from './model.js';

export interface RunPatch {
  /** The sequence of the snapshot that this one follows. */
  readonly base: number;
  readonly sequence: number;
  /** Every field of the model that changed, but `units`. */
  readonly fields: Partial<Omit<RunModel, 'units' | 'sequence' | 'version'>>;
  /** The units that changed, whole. */
  readonly units: readonly UnitModel[];
  /** `units` are all that there are: some have gone, as when they are put together in blocks. */
  readonly all?: boolean;
}

const KEPT_OUT = new Set<string>(['units', 'sequence', 'version']);

/** What a reader of `before` needs to have `after`. Both are snapshots of the same run. */
export function diffRun(before: RunModel, after: RunModel): RunPatch {
  const old = new Map(before.units.map((unit) => [place(unit), JSON.stringify(unit)]));
  const fields = Object.entries(after).filter(
    ([key, value]) =>
      !KEPT_OUT.has(key) && JSON.stringify(before[key as keyof RunModel]) !== JSON.stringify(value),
  );
  const patch = { base: before.sequence, sequence: after.sequence, fields: Object.fromEntries(fields) };
  const there = new Set(after.units.map(place));
  return before.units.every((unit) => there.has(place(unit)))
    ? { ...patch, units: after.units.filter((unit) => old.get(place(unit)) !== JSON.stringify(unit)) }
    : { ...patch, units: after.units, all: true };
}

/**
 * `before` with the patch applied, or null when the patch does not follow it: then the whole model must be asked for.
 * Nothing is checked here; what came from outside goes through `parseRunModel` afterwards.
 */
export function patchRun(before: RunModel, patch: RunPatch): RunModel | null {
  if (patch.base !== before.sequence) return null;
  if (patch.all) return { ...before, ...patch.fields, sequence: patch.sequence, units: patch.units };
  const changed = new Map(patch.units.map((unit) => [place(unit), unit]));
  const units = before.units.map((unit) => {
    const next = changed.get(place(unit));
    changed.delete(place(unit));
    return next ?? unit;
  });
  return { ...before, ...patch.fields, sequence: patch.sequence, units: [...units, ...changed.values()] };
}

const place = (unit: UnitModel): string => `${unit.repIndex}/${unit.cvIndex}`;
