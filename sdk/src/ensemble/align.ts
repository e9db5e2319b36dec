/** Members' rows in one order. */
import type { SampleId, ScoreKind } from '../contract.js';
import { listIds, type Target } from './predictions.js';

/** One fold model's predictions, on their way into an ensemble. */
export interface EnsembleMember {
  readonly cvIndex: number;
  readonly ids: readonly SampleId[];
  /** Row-major `[rows, classes]`. */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly classes: number;
  /** 1 when there was one number per row rather than a row of one. */
  readonly rank: 1 | 2;
  readonly targets: readonly Target[] | null;
  /** What scores are, where that was declared. */
  readonly kind?: ScoreKind;
}

export interface AlignedMember extends EnsembleMember {
  /** For each row of the first member, where it is in this one; `null` when the orders are the same. */
  readonly order: Uint32Array | null;
}

/**
 * Finds every member's rows in the order of the first member.
 *
 * @param context names the ensemble in messages: "repetition 0"
 * @throws RangeError when there is no member, or ids, classes or kinds differ; names the fold and some ids
 */
export function alignMembers(members: readonly EnsembleMember[], context: string): AlignedMember[] {
  const failed = `Cannot combine the members of ${context}`;
  const [first] = members;
  if (!first) throw new RangeError(`${failed}: an ensemble needs at least one member; there is none`);
  return members.map((member) => {
    if (member.classes !== first.classes) {
      throw new RangeError(
        `${failed}: all members must score the same classes; fold ${member.cvIndex} has ${member.classes} columns, ` +
          `fold ${first.cvIndex} has ${first.classes}`,
      );
    }
    if (member.kind !== first.kind) {
      throw new RangeError(
        `${failed}: all members must declare the same kind of scores; fold ${member.cvIndex} has ${member.kind ?? 'none'}, fold ${first.cvIndex} has ${first.kind ?? 'none'}`,
      );
    }
    return { ...member, order: rowOrder(first, member, failed) };
  });
}

function rowOrder(first: EnsembleMember, member: EnsembleMember, failed: string): Uint32Array | null {
  const wanted = first.ids;
  const { ids } = member;
  if (ids.length === wanted.length && ids.every((id, row) => id === wanted[row])) return null;
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const missing = wanted.filter((id) => !rowOf.has(id));
  if (missing.length > 0 || ids.length !== wanted.length) {
    const known = new Set(wanted);
    const extra = ids.filter((id) => !known.has(id));
    const parts = [
      missing.length > 0 ? `lacks ${missing.length} (${listIds(missing)})` : '',
      extra.length > 0 ? `has ${extra.length} others (${listIds(extra)})` : '',
    ].filter(Boolean);
    throw new RangeError(
      `${failed}: all members must predict the same ids; beside fold ${first.cvIndex}, fold ${member.cvIndex} ${parts.join(' and ')}`,
    );
  }
  return Uint32Array.from(wanted, (id) => rowOf.get(id)!);
}
