/**
 * Graph functions of TensorFlow's context, shared by content: the folds of a study have the same network, so a warm worker
 * compiles their step once.
 */
import { createHash } from 'node:crypto';
import type { Binding } from '../tfjs.js';
import type { Trace } from './record.js';

/** Unused functions that stay for the next unit of this process. */
const MOST_UNUSED = 32;

interface Shared {
  readonly binding: Binding;
  users: number;
}
const functions = new Map<string, Shared>();

/** Whether a step that is recorded so has been compiled before and is still there. */
export const isCompiled = (trace: Trace): boolean => functions.has(nameOf(trace));

/** @returns the operation's name for `executeOp`. @throws Error with TensorFlow's words when it refuses the graph. */
export function acquireFunction(binding: Binding, trace: Trace): string {
  const name = nameOf(trace);
  const known = functions.get(name);
  if (known) {
    known.users++;
    return name;
  }
  const inputs = trace.inputs.map((_, i) => `x${i}`);
  binding.addGraphFunction!(name, trace.graph, inputs, trace.outputs);
  functions.set(name, { binding, users: 1 });
  return name;
}

/** The function may go once nobody uses it; the longest unused goes first. */
export function releaseFunction(name: string): void {
  const shared = functions.get(name);
  if (!shared || --shared.users > 0) return;
  functions.delete(name);
  functions.set(name, shared);
  const unused = [...functions].filter(([, { users }]) => users === 0);
  for (const [old, { binding }] of unused.slice(0, Math.max(0, unused.length - MOST_UNUSED))) {
    functions.delete(old);
    binding.removeGraphFunction!(old);
  }
}

function nameOf({ graph, outputs }: Trace): string {
  const key = createHash('sha256').update(graph).update(outputs.join()).digest('hex').slice(0, 32);
  return `foldlab_step_${key}`;
}
