/** What a newly drawn run shows first: the user's settings, as far as they were read. */
import type { Choice, Part, TabName } from '../view/state';

let preferred: Partial<Choice> = {};

export function preferences(): Partial<Choice> {
  return preferred;
}

/** Takes over the composite settings of the plugin. */
export function usePreferences(settings: { readonly scores?: unknown; readonly tab?: unknown }): void {
  preferred = {
    ...(settings.scores === 'validation' || settings.scores === 'test'
      ? { part: settings.scores as Part }
      : {}),
    ...(typeof settings.tab === 'string' ? { tab: settings.tab as TabName } : {}),
  };
}
