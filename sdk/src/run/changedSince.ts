/**
 * What is other than in the last run of the same directory, so that it can be said why something runs again.
 */
import { PHASES } from '../contract.js';
import { contentKey } from '../plan/contentKey.js';
import type { Settings } from './options.js';
import { differences } from './overrides.js';
import { readRecipe, type ReadRecipe } from './recipe.js';
import type { Prints } from './ship.js';

/** Gives a sentence about `units` units that run again; null when nothing is known to have changed. */
export type TellChange = (units: number, of: number) => string | null;

/** Looks at the directory before the run writes into it. */
export function changedSince(dir: string, settings: Settings, prints: Prints): TellChange {
  let before: ReadRecipe;
  try {
    before = readRecipe(dir);
  } catch {
    return () => null;
  }
  const { settings: old, shippedRun } = before;
  const first: string[] = [];
  const names: string[] = [];
  for (const phase of ['dataset', ...PHASES] as const) {
    const count = names.length;
    if (prints[`${phase}Func`] !== shippedRun.prints[`${phase}Func`]) names.push(`${phase}Func`);
    names.push(...differences(old.params[phase], settings.params[phase], `${phase}Params`));
    if (names.length > count) first.push(phase);
  }
  for (const name of ['seed', 'seedPolicy', 'numFolds', 'sampleIds', 'splits'] as const) {
    if (contentKey(old[name]) === contentKey(settings[name])) continue;
    names.unshift(name);
    first.unshift('train');
  }
  const verb =
    first[0] === 'eval' ? 'evaluated' : first[0] === 'infer' ? 'inferred and evaluated' : 'executed';
  return (units, of) =>
    names.length === 0 || units === 0
      ? null
      : `Changed since the last run in this directory: ${names.join(', ').slice(0, 300)}; ${units} of ${of} units are ${verb} again`;
}
