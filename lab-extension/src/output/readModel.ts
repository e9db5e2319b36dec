/** A run model from outside: a saved notebook, or the wire. */
import { parseRunModel, type RunModel } from 'foldlab/view';
import { t } from '../i18n';
import { tooLarge } from '../view/measure';

/** @throws TypeError in words for a person, for anything that is not a run model within the limits */
export function readModel(value: unknown): RunModel {
  const size = tooLarge(value);
  if (size !== '') throw new TypeError(t('Cannot show this run: its model is %1', size));
  return parseRunModel(value);
}
