import { deserialize } from 'node:v8';
import { expect, it } from 'vitest';
import type { ShortUnitJob, UnitCommon } from '../../../sdk/src/jobs/messages.js';
import { wholeUnit } from '../../../sdk/src/jobs/wholeUnit.js';
import { createJobMaker, type JobMakerOptions } from '../../../sdk/src/run/jobMaker.js';
import type { PlannedUnit } from '../../../sdk/src/run/plan.js';
import type { AttemptRecord } from '../../../sdk/src/run/record.js';
import { encodeFrame } from '../../../sdk/src/workers/frames.js';

const HASH = 'a'.repeat(64);
const ref = (name: string) => ({ key: `function/${HASH}/${HASH}`, name });
const dir = `/${'a long path of a shared home/'.repeat(8)}run`;

function make({ whole: isWhole = false } = {}) {
  const shipments = new Map<string, Uint8Array>();
  const jobs = createJobMaker({
    dir,
    settings: { params: { train: { epochs: 3, layers: [1, 2] }, infer: {}, eval: {} }, keepModels: true },
    shipped: {
      datasetFunc: ref('datasetFunc'),
      trainFunc: ref('trainFunc'),
      inferFunc: ref('inferFunc'),
      evalFunc: ref('evalFunc'),
      ensembles: [],
      metrics: null,
      splits: `splits/${HASH}`,
    },
    foldsPerRepetition: 5,
    dataset: { train: null, test: null },
    source: { mode: 'shared', cacheDir: `${dir}/cache`, callKey: HASH },
    whole: isWhole,
    provide: (key: string, bytes: Uint8Array) => void shipments.set(key, bytes),
  } as unknown as JobMakerOptions);
  const unit = (more: object = {}) => {
    const phases = (['train', 'infer', 'eval'] as const).map((phase) => ({
      phase,
      key: HASH,
      seed: 7,
      ...more,
    }));
    const planned = { repIndex: 2, cvIndex: 3, validation: phases, test: [] } as unknown as PlannedUnit;
    const attempt = {
      attempt: 1,
      model: null,
      validation: { predictions: null },
    } as unknown as AttemptRecord;
    return jobs.unit({ planned, part: 'validation', phases, attempt, test: false });
  };
  const whole = (job: ReturnType<typeof unit>) => {
    const short = job.argument as ShortUnitJob;
    return wholeUnit(short, deserialize(shipments.get(short.common)!) as UnitCommon);
  };
  return { unit, whole, shipments };
}

it('sends what is the same in all units of a run once, and with a unit one small piece', () => {
  const { unit, shipments } = make();
  const [first, second] = [unit(), unit()];
  expect([...shipments.keys()]).toEqual([(first.argument as ShortUnitJob).common]);
  expect(first.needs).toContain((first.argument as ShortUnitJob).common);
  expect(second.needs).toEqual(first.needs);
  expect(encodeFrame([{ type: 'job', id: 1, method: 'unit', argument: first.argument }]).length).toBeLessThan(
    600,
  );
});

it('says the whole of a unit: where its files are, its split, its functions and parameters', () => {
  const { unit, whole } = make();
  const job = whole(unit());
  expect(job.splits).toEqual({ key: `splits/${HASH}`, index: 13 });
  expect(job.paths.modelDir).toBe(`${dir}/model_dir/rep_2/3`);
  expect(job.log).toBe(`${dir}/logs/rep_2/3.log`);
  expect(job.dataset.half).toBe('train');
  expect(job.phases.map(({ phase, func, params, seed }) => [phase, func.name, params, seed])).toEqual([
    ['train', 'trainFunc', { epochs: 3, layers: [1, 2] }, 7],
    ['infer', 'inferFunc', {}, 7],
    ['eval', 'evalFunc', {}, 7],
  ]);
});

it('takes what a re-run changes instead', () => {
  const { unit, whole } = make();
  const other = { key: 'function/other', name: 'other' };
  const job = unit({ func: other, params: { value: { epochs: 9 } } });
  expect(job.needs).toContain('function/other');
  expect(whole(job).phases[0]).toEqual({ phase: 'train', func: other, params: { epochs: 9 }, seed: 7 });
});

it('gives every unit parameters of its own', () => {
  const { unit, whole, shipments } = make();
  const short = unit().argument as ShortUnitJob;
  const common = deserialize(shipments.get(short.common)!) as UnitCommon;
  (wholeUnit(short, common).phases[0]!.params as { layers: number[] }).layers.push(3);
  expect(wholeUnit(short, common).phases[0]!.params).toEqual({ epochs: 3, layers: [1, 2] });
  expect(whole(unit()).phases[0]!.params).toEqual({ epochs: 3, layers: [1, 2] });
});

it('says everything in the job itself where its files travel', () => {
  const short = make();
  const { unit, shipments } = make({ whole: true });
  const job = unit();
  expect(shipments.size).toBe(0);
  expect(job.needs).not.toContainEqual(expect.stringMatching(/^unit\//));
  expect(job.argument).toEqual(short.whole(short.unit()));
});
