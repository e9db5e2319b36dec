/**
 * Refusals: which variable leads to what cannot travel, where it was captured, and what to do instead.
 */
import { ShipError } from '../errors.js';
import { inspectScript } from './scopes.js';

/** Thrown inside the walk; becomes a ShipError with the path and the cell. */
export class Refusal extends Error {
  /** The script of the function that captured it: the innermost one. */
  scriptId: string | null = null;
}

export const refuse = (why: string): never => {
  throw new Refusal(why);
};

/** The message that the user reads. Values are never part of it. */
export function shipError(name: string, trail: readonly string[], refusal: Refusal): ShipError {
  const place = refusal.scriptId === null ? '' : ` (captured in ${describeScript(refusal.scriptId)})`;
  return new ShipError(
    `Cannot ship '${name}' to a worker: ${trail.length > 0 ? `${trail.join(' -> ')}: ` : ''}${refusal.message}${place}`,
    { cause: refusal },
  );
}

/** Lines that tslab's compiler adds to a cell. */
const COMPILED =
  /^(\(?(async )?function ?\(exports|Object\.defineProperty\(exports|exports\.[\w$]+ = |"use strict"|var __|const [\w$]+ = (__import(Star|Default)\()?require\(|[ })])/;

function describeScript(scriptId: string): string {
  const { url, source } = inspectScript(scriptId);
  if (url && !url.startsWith('evalmachine')) return url.replace(/^file:\/\//, '');
  const lines = source
    .split('\n')
    // the wrapper stands before the first line
    .map((line, index) =>
      index === 0 ? line.replace(/^\((async )?function\(exports, require\) \{ /, '') : line,
    )
    .filter((line) => /\S/.test(line) && !COMPILED.test(line));
  return lines[0] ? `the cell that contains \`${lines[0].trim().slice(0, 80)}\`` : 'a cell of the notebook';
}
