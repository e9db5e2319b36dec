/**
 * Whether a run is the one that an earlier execution of the same cell started.
 */
import { contentKey } from '../plan/contentKey.js';
import { FUNCTION_NAMES, type Settings, type StoredFunction } from './options.js';

/** The directory where one is given, else the options and the functions' texts. */
export function identityOf(settings: Settings): string {
  if (settings.dir !== null) return `dir ${settings.dir}`;
  const { functions, params, ensembles, metrics, sampleIds, signal: _signal, ...rest } = settings;
  const text = (value: unknown): string =>
    typeof value === 'object' ? (value as StoredFunction).print : String(value);
  return contentKey(
    JSON.stringify(rest),
    params,
    FUNCTION_NAMES.map((name) => text(functions[name])),
    ensembles.map(({ combine, over }) => [text(combine), over]),
    Object.entries(metrics ?? {}).map(([name, metric]) => [name, text(metric)]),
    sampleIds?.map(([train, validation]) => [Array.from(train), Array.from(validation)]) ?? null,
  );
}
