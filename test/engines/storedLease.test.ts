/** What travels by a storage, with a worker that the test holds in its hand: late answers, large files, files that are not what they should be. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { whyNoS3 } from '../../scripts/s3.mjs';
import type { Phase } from '../../sdk/src/contract.js';
import { ray } from '../../sdk/src/engines/choices.js';
import { LeaseLostError } from '../../sdk/src/errors.js';
import { createCarrier, type Perform } from '../../sdk/src/jobs/carried.js';
import type { PhaseDone, UnitJob } from '../../sdk/src/jobs/messages.js';
import { createScratch } from '../../sdk/src/jobs/scratch.js';
import { openRunStorage } from '../../sdk/src/run/stored/runStorage.js';
import type { Executor, Job, Lease } from '../../sdk/src/schedule/executor.js';
import { openBucket } from '../../sdk/src/storage/bucket.js';
import { knownFile } from '../../sdk/src/storage/fileRecord.js';
import { readStoragePlace } from '../../sdk/src/storage/place.js';
import { unitPaths } from '../../sdk/src/store/runDirectory.js';
import { scratch } from '../faults/script.js';
import { BUCKET, startS3, type S3Server } from './s3Server.js';

const missing = whyNoS3();
const SLOW = { timeout: 60_000 };
/** So much is told. */
const LARGE = 'w'.repeat(9 * 2 ** 20);

describe.skipIf(missing !== null)(`files in a storage${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let s3: S3Server;
  let folder: ReturnType<typeof scratch>;
  const at = (...path: string[]): string => join(folder.dir, ...path);
  beforeAll(async () => {
    if (missing !== null) return;
    s3 = await startS3();
    Object.assign(process.env, s3.env);
  });
  afterAll(() => s3?.stop());
  beforeEach(() => (folder = scratch()));
  afterEach(async () => {
    folder.remove();
    const bucket = openBucket(placeOf());
    await bucket.clear('');
    bucket.close();
  });
  const storage = () => ({ bucket: BUCKET, prefix: 'lab', endpoint: s3.endpoint });
  const placeOf = () => readStoragePlace(storage(), 'ray()');

  describe('a bucket', () => {
    it('takes a file of many parts and an empty one, and gives them back as they were', SLOW, async () => {
      const bucket = openBucket(placeOf());
      const contents = { large: randomBytes(20 * 2 ** 20 + 1), empty: Buffer.alloc(0) };
      for (const [name, content] of Object.entries(contents)) {
        writeFileSync(at(name), content);
        const stored = { ...(await knownFile(at(name))), key: `x/${name} ä+%` };
        await bucket.put(stored);
        await bucket.get({ ...stored, file: at('deep', 'back', name) });
        expect(readFileSync(at('deep', 'back', name)).equals(content)).toBe(true);
      }
      expect(readdirSync(at('deep', 'back')).sort()).toEqual(['empty', 'large']);
      expect((await bucket.list('x/')).sort()).toEqual(['x/empty ä+%', 'x/large ä+%']);
      await bucket.remove(['x/large ä+%', 'not there']);
      await bucket.clear('x/');
      expect(await s3.left()).toEqual([]);
      bucket.close();
    });

    it('gives nothing that is not what was put there', SLOW, async () => {
      const bucket = openBucket(placeOf());
      writeFileSync(at('file'), 'right');
      const stored = { ...(await knownFile(at('file'))), key: 'x/file' };
      await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'x/file', Body: 'wrong' }));
      await expect(bucket.get({ ...stored, file: at('back', 'file') })).rejects.toThrow(
        /Cannot read the storage .*: 'x\/file' has 5 bytes with sha256 .* were put there/,
      );
      expect(readdirSync(at('back'))).toEqual([]);
      bucket.close();
    });

    it('leaves no parts of an upload that was stopped', SLOW, async () => {
      const bucket = openBucket(placeOf());
      writeFileSync(at('large'), randomBytes(40 * 2 ** 20));
      const stored = { ...(await knownFile(at('large'))), key: 'x/large' };
      const stop = new AbortController();
      const reason = new Error('enough');
      const put = bucket.put(stored, stop.signal);
      put.catch(() => {});
      while ((await s3.left()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort(reason);
      await expect(put).rejects.toBe(reason);
      await bucket.clear('x/');
      expect(await s3.left()).toEqual([]);
      bucket.close();
    });
  });

  describe('a lease', () => {
    /** Whether a worker writes while its attempt is already somebody else's. */
    let gate: { readonly open: Promise<void>; free(): void };
    beforeEach(() => {
      let free!: () => void;
      gate = { open: new Promise<void>((resolve) => (free = resolve)), free };
    });

    /** Trains and infers: two files of this text, and what it is told. */
    const perform =
      (
        text: string,
        between: (signal: AbortSignal, phase: Phase) => Promise<void> = async () => {},
      ): Perform =>
      async (_method, argument, port) => {
        const { paths, phases, model } = argument as UnitJob;
        for (const { phase } of phases) {
          const inModel = join(paths.modelDir, 'weights');
          if (phase !== 'train')
            expect(readFileSync(join((model ?? paths).modelDir, 'weights'), 'utf8')).toBe(text);
          const file = phase === 'train' ? inModel : `${paths.inferDir}.parquet`;
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, text);
          const record = {
            file,
            bytes: text.length,
            sha256: createHash('sha256').update(text).digest('hex'),
          };
          const outcome: PhaseDone['outcome'] = {
            seconds: 0,
            ...(phase === 'train'
              ? { model: { kind: 'plain', modelDir: paths.modelDir, files: [record] } }
              : { predictions: record }),
          };
          await port.kept!(outcome);
          port.emit({ type: 'phaseDone', phase, outcome, next: null });
          await between(port.signal, phase);
        }
        return { events: [], cpuSeconds: 0, backend: 'none' };
      };

    /** A worker in this process; `lose` ends it for the driver, while it goes on. */
    const worker = (name: string, work: Perform) => {
      mkdirSync(at('tmp', name), { recursive: true });
      const carrier = createCarrier(() => createScratch(at('tmp', name)), name);
      let lose!: () => void;
      const over = new Promise<never>((_, reject) => {
        lose = () => reject(new LeaseLostError('cut off', { exitCode: null, signal: null, stderr: '' }));
      });
      over.catch(() => {});
      let alive = true;
      void over.catch(() => (alive = false));
      let last: Promise<unknown> = Promise.resolve();
      const lease: Lease = {
        id: name,
        pid: 0,
        node: name,
        gpus: [],
        lost: new Promise(() => {}),
        get alive() {
          return alive;
        },
        close: async () => {},
        run({ method, argument }, { signal, onEvent }) {
          const emit = (event: unknown): void => void (alive && onEvent(structuredClone(event)));
          const port = { emit, signal: AbortSignal.any([signal]), gpus: [] };
          last =
            method === 'carried'
              ? carrier.run(structuredClone(argument) as never, port, work)
              : method === 'lacking'
                ? carrier.lacking(argument as never)
                : carrier.tryStorage(argument as never);
          last.catch(() => {});
          return Promise.race([last, over]);
        },
      };
      return { lease, lose, ended: () => last };
    };

    const job = (attempt: number, over: Partial<UnitJob> = {}): Job => {
      const unit = { repIndex: 0, cvIndex: 1, part: 'validation', attempt } as const;
      const phase = (name: 'train' | 'infer') => ({
        phase: name,
        func: { key: '', name },
        params: null,
        seed: 0,
      });
      const argument: UnitJob = {
        ...unit,
        dataset: {
          half: 'train',
          place: null,
          source: {
            mode: 'per-worker',
            func: { key: '', name: '' },
            params: null,
            userCacheDir: at('cache', 'user'),
            callKey: 'x',
            seed: 0,
          },
        },
        splits: null,
        phases: [phase('train'), phase('infer')],
        paths: unitPaths(at('run'), unit),
        model: null,
        predictions: null,
        keepLive: true,
        keepModel: true,
        log: at('run', 'logs', '1.log'),
        ...over,
      };
      return { method: 'unit', argument, needs: [] };
    };

    const open = async (...leases: Lease[]) => {
      const notices: string[] = [];
      const opened = (await openRunStorage({
        choice: ray({ storage: storage() }),
        name: 'run-1',
        dir: at('run'),
        cacheDir: at('cache'),
        notice: (message) => void notices.push(message),
      }))!;
      const executor: Executor = {
        name: 'test',
        slots: leases.length,
        depth: 16,
        open: async () => leases.shift()!,
        close: async () => {},
      };
      return { ...opened, notices, executor: opened.through(executor) };
    };
    const borrow = (executor: Executor) => executor.open({ shipment: () => new Uint8Array() });
    const hooks = () => {
      const events: PhaseDone[] = [];
      const state = { events, controller: new AbortController() };
      return {
        ...state,
        onEvent: (event: unknown) => void events.push(event as PhaseDone),
        signal: state.controller.signal,
      };
    };

    it('is not used where its node may not use the storage, which is told with the node', SLOW, async () => {
      const { lease } = worker('n1', perform('w'));
      const { executor, end } = await open(lease);
      vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', at('none'));
      vi.stubEnv('AWS_CONFIG_FILE', at('none'));
      try {
        await expect(borrow(executor)).rejects.toThrow(
          /^Cannot read the storage s3:\/\/.* from n1: no credentials were found .*; set AWS_ACCESS_KEY_ID/,
        );
      } finally {
        vi.unstubAllEnvs();
      }
      await end();
      expect(await s3.left()).toEqual([]);
    });

    it('takes nothing of an attempt that was given up, however late it comes', SLOW, async () => {
      const cut = worker(
        'n1',
        perform('of the first', () => gate.open),
      );
      const other = worker('n2', perform('of the second'));
      const { executor, end, notices } = await open(cut.lease, other.lease);
      const first = await borrow(executor);
      const heard = hooks();
      const given = first.run(job(1), heard);
      given.catch(() => {});
      while (heard.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      cut.lose();
      await expect(given).rejects.toThrow('cut off');
      const told = hooks();
      await (await borrow(executor)).run(job(2), told);
      gate.free();
      await cut.ended();
      expect(heard.events.map(({ phase }) => phase)).toEqual(['train']);
      expect(told.events.map(({ phase }) => phase)).toEqual(['train', 'infer']);
      const { predictions } = told.events[1]!.outcome;
      expect(predictions!.file).toBe(at('run', 'inference_dir', 'validation', 'rep_0', '1.attempt2.parquet'));
      expect(readFileSync(predictions!.file, 'utf8')).toBe('of the second');
      expect(readdirSync(dirname(predictions!.file))).toEqual(['1.attempt2.parquet']);
      await end();
      expect(notices).toEqual([]);
      expect(await s3.left()).toEqual([]);
    });

    it('removes, when the run goes on, what came after its end', SLOW, async () => {
      const cut = worker(
        'n1',
        perform('late', () => gate.open),
      );
      const { executor, end } = await open(cut.lease);
      const heard = hooks();
      const given = (await borrow(executor)).run(job(1), heard);
      given.catch(() => {});
      while (heard.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      cut.lose();
      await given.catch(() => {});
      await end();
      gate.free();
      await cut.ended();
      expect(await s3.left()).toEqual([
        expect.stringMatching(/^lab\/foldlab\/run-1\/rep_0\/1\/validation\/attempt1\//),
      ]);
      const again = await open();
      expect((await s3.left()).filter((key) => !key.endsWith('/trial'))).toEqual([]);
      await again.end();
      expect(await s3.left()).toEqual([]);
    });

    it('lets a model lie in the storage until it was tested, and no longer', SLOW, async () => {
      let meanwhile: string[] = [];
      const look = async (): Promise<void> => void (meanwhile = await models());
      const [trained, tested] = [worker('n1', perform('w')), worker('n2', perform('w', look))];
      const { executor, end } = await open(trained.lease, tested.lease);
      const heard = hooks();
      await (await borrow(executor)).run(job(1), heard);
      const models = async () => (await s3.left()).filter((key) => key.includes('model_dir'));
      expect(await models()).toHaveLength(1);
      const model = heard.events[0]!.outcome.model!;
      const phases = (job(1).argument as UnitJob).phases.slice(1);
      const test = job(1, {
        part: 'test',
        phases,
        model,
        keepLive: false,
        paths: unitPaths(at('run'), { repIndex: 0, cvIndex: 1, part: 'test', attempt: 1 }),
      });
      await (await borrow(executor)).run(test, hooks());
      // the other worker got what the first had put there
      expect(meanwhile).toEqual([expect.stringContaining('/validation/attempt1/')]);
      await expect.poll(models).toEqual([]);
      await end();
    });

    it('says that a large model is on its way, until it lies in the run’s directory', SLOW, async () => {
      const [trained, tested] = [worker('n1', perform(LARGE)), worker('n2', perform(LARGE))];
      const { executor, end } = await open(trained.lease, tested.lease);
      const told: unknown[] = [];
      const [inModel, inTest] = [job(1), job(1, { part: 'test' })].map(
        ({ argument }) => (argument as UnitJob).paths,
      );
      const say = (event: { type: string; phase?: string; text?: string }): void =>
        void told.push([event.phase ?? event.text, existsSync(join(inModel!.modelDir, 'weights'))]);
      const heard = hooks();
      await (
        await borrow(executor)
      ).run(job(1), {
        ...heard,
        onEvent: (event) => (heard.onEvent(event), say(event as never)),
      });
      const expected = [
        ['storing', false],
        ['', true],
        ['train', true],
        ['storing', true],
        ['', true],
        ['infer', true],
      ];
      expect(told).toEqual(expected);
      told.length = 0;
      const { model } = heard.events.find(({ phase }) => phase === 'train')!.outcome;
      const phases = (job(1).argument as UnitJob).phases.slice(1);
      const test = job(1, { part: 'test', phases, model, keepLive: false, paths: inTest });
      await (await borrow(executor)).run(test, { ...hooks(), onEvent: (event) => say(event as never) });
      expect(told.slice(0, 2)).toEqual([
        ['fetching', true],
        ['', true],
      ]);
      await end();
    });

    it('ends a job whose files cannot be kept, and tells the phases before only', SLOW, async () => {
      // it would go on for ever
      const goOn = async (signal: AbortSignal, phase: Phase): Promise<void> =>
        phase === 'infer' ? new Promise((end) => signal.addEventListener('abort', () => end())) : undefined;
      const { lease } = worker('n1', perform('w', goOn));
      const { executor, end } = await open(lease);
      // where the predictions are to lie, there is a file for a folder
      mkdirSync(at('run'));
      writeFileSync(at('run', 'inference_dir'), '');
      const heard = hooks();
      await expect((await borrow(executor)).run(job(1), heard)).rejects.toThrow(/EEXIST|ENOTDIR/);
      expect(heard.events.map(({ phase }) => phase)).toEqual(['train']);
      rmSync(at('run', 'inference_dir'));
      expect(existsSync(at('run', 'model_dir', 'rep_0', '1', 'weights'))).toBe(true);
      await end();
    });

    it('is cancelled with the reason that the driver gave', SLOW, async () => {
      const { lease } = worker(
        'n1',
        perform('w', () => gate.open),
      );
      const { executor, end } = await open(lease);
      const heard = hooks();
      const given = (await borrow(executor)).run(job(1), heard);
      given.catch(() => {});
      while (heard.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const reason = new Error('a person did not want it');
      heard.controller.abort(reason);
      gate.free();
      await expect(given).rejects.toBe(reason);
      await end();
      expect(await s3.left()).toEqual([]);
    });

    it(
      'leaves nothing where the run ends while its node still tries the storage, and is not opened after that',
      SLOW,
      async () => {
        const { lease } = worker('n1', perform('w'));
        let asked!: () => void;
        const asking = new Promise<void>((resolve) => (asked = resolve));
        const slow: Lease = {
          ...lease,
          async run(given, heard) {
            asked();
            await gate.open;
            return lease.run(given, heard);
          },
        };
        const { executor, end } = await open(slow, lease);
        const opening = borrow(executor);
        await asking;
        const ended = end();
        setTimeout(() => gate.free(), 100);
        await ended;
        await opening;
        expect(await s3.left()).toEqual([]);
        await expect(borrow(executor)).rejects.toThrow(/the run has ended/);
      },
    );
  });
});
