/**
 * A unit's model in this process. It must never open a GPU: they are the workers'.
 */
import { hideGpus } from '../backends/hideGpus.js';
import { restoreModel } from '../jobs/model.js';
import { counting, describeUnit, type UnitRecord } from './record.js';

/** @throws RangeError when the attempt has no model, or it is the user's own */
export async function readModel(unit: UnitRecord, number?: number): Promise<unknown> {
  const name = describeUnit(unit.repIndex, unit.cvIndex);
  const attempt =
    number === undefined ? counting(unit) : unit.attempts.find((each) => each.attempt === number);
  const { model } = attempt ?? {};
  if (!model)
    throw new RangeError(
      `Cannot give the model of ${name}${number === undefined ? '' : `, attempt ${number}`}: there is none; run.attempts({ cvIndex: ${unit.cvIndex}, repIndex: ${unit.repIndex} }) tells what there is`,
    );
  if (model.kind === 'none')
    throw new RangeError(
      `Cannot give the model of ${name}: trainFunc saved it itself, in '${model.modelDir}'; read it from there`,
    );
  hideGpus();
  return restoreModel(model);
}
