/** Workers that see neither the run's directory nor its cache: everything goes by a storage, and comes to the same. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../sdk/src/cli/checks.js';
import { whyNoS3 } from '../../scripts/s3.mjs';
import { eventually, said, scratch, script } from '../faults/script.js';
import { hiddenFolder, whyNotHidden, type HiddenFolder } from './hiddenFolder.js';
import { PLACES, type Place } from './places.js';
import { BUCKET, startS3, type S3Server } from './s3Server.js';

const foldlab = join(import.meta.dirname, '..', '..', 'sdk', 'bin', 'foldlab.js');
const SLOW = { timeout: 120_000 };
const missing = whyNoS3() ?? whyNotHidden();
const clusters = PLACES.filter(({ name }) => name !== 'this machine');

/** Files of the user's own, beside what foldlab keeps: trainFunc's is read by inferFunc. */
const prelude = (executor: string, storage: object): string => `
  const executor = { ...${executor}, storage: ${JSON.stringify(storage)} };
  const own = {
    trainFunc: async (c) => {
      fs.appendFileSync(tools.log, 'train ' + c.repIndex + '/' + c.cvIndex + '\\n');
      console.log('training', c.cvIndex);
      fs.mkdirSync(tools.path.join(c.paths.modelDir, 'deep'));
      fs.writeFileSync(tools.path.join(c.paths.modelDir, 'deep', 'bias.txt'), String(c.randGen()));
      return c.cvIndex === 0 ? undefined : { bias: c.randGen(), weights: new Float32Array(100) };
    },
    inferFunc: async (c) => {
      const ids = c.test ? Array.from({ length: 10 }, (_, i) => i) : c.sampleIds[1];
      const bias = Number(fs.readFileSync(tools.path.join(c.paths.modelDir, 'deep', 'bias.txt'), 'utf8'));
      const scores = ids.map((i) => {
        const p = Math.min(1, Math.max(0, 0.3 + 0.4 * c.dataset.labels[i] + 0.2 * (c.randGen() - 0.5) + 0.1 * bias));
        return [1 - p, p];
      });
      return { ids, scores, targets: ids.map((i) => c.dataset.labels[i]) };
    },
    evalFunc: async (c) => {
      fs.writeFileSync(tools.path.join(c.paths.evalDir, 'note.txt'), 'looked at ' + c.cvIndex);
      const right = c.predictions.scores.filter((s, i) => (s[1] > 0.5 ? 1 : 0) === c.predictions.targets[i]);
      return { accuracy: right.length / c.predictions.ids.length, spread: c.predictions.scores[0][0] };
    },
  };
  const settings = (over = {}) => options({
    numGpusTotal: 2, numRepetitions: 2, threadsPerWorker: 1, ensembles: ['mean', 'stacking'], executor, ...own, ...over,
  });
  const numbers = (result) => [
    result.folds.map(({ validation, test }) => [validation.metrics, test.metrics]),
    result.outOfFold.map(({ metrics }) => metrics),
    result.ensembles.map(({ test }) => test.metrics),
  ];
  const filesOf = (run) => ['model_dir', 'inference_dir', 'eval_dir', 'logs']
    .flatMap((name) => fs.existsSync(tools.path.join(run, name))
      ? fs.readdirSync(tools.path.join(run, name), { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
        .map((each) => tools.path.relative(run, tools.path.join(each.parentPath, each.name))) : []).sort();
`;

describe.skipIf(missing !== null)(`a storage${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let s3: S3Server;
  beforeAll(async () => void (missing === null && (s3 = await startS3())));
  afterAll(() => s3?.stop());

  describe.each(clusters)('of a run on $name', ({ name, absent, start }) => {
    let place: Place;
    let folder: ReturnType<typeof scratch>;
    let hidden: HiddenFolder;
    const here = (body: string) =>
      script(
        folder.dir,
        prelude(place.executor, { bucket: BUCKET, prefix: 'lab', endpoint: s3.endpoint }) + body,
        { ...place.env, ...s3.env, FOLDLAB_CACHE: join(hidden.driver, 'cache') },
        false,
        hidden.through,
      );
    /** What workers ran: they write it beside the folder that they do not see. */
    const executed = (): string[] =>
      readFileSync(join(hidden.driver, 'executed.log'), 'utf8').trim().split('\n').sort();

    beforeAll(async () => {
      if (absent !== null) return;
      // nodes have credentials of their own
      Object.assign(process.env, s3.env);
      place = await start();
    });
    afterAll(() => place?.stop());
    beforeEach(() => {
      folder = scratch();
      hidden = hiddenFolder(folder.dir);
    });
    afterEach(async () => {
      folder.remove();
      await s3.clear();
    });
    const test = it.skipIf(absent !== null);

    test('gives the numbers and the files of local processes, with ensembles and re-runs', SLOW, async () => {
      const { output } = await here(`
        const again = async (r) => {
          const first = numbers(await r);
          await r.rerun({ cvIndex: 1, repIndex: 0 });
          // its model is of the attempt before
          await r.rerun({ cvIndex: 2, repIndex: 1, inferParams: { other: true } });
          await r.use({ cvIndex: 1, repIndex: 0, attempt: 2 });
          return [first, numbers(await r.use({ cvIndex: 2, repIndex: 1, attempt: 2 }))];
        };
        const carried = await again(run(settings()));
        const local = await again(run(settings({ dir: 'reference', executor: tools.local() })));
        say([carried, local]);
        say([filesOf('run'), filesOf('reference')]);
        say([fs.readFileSync('run/logs/rep_0/1.log', 'utf8'), fs.readFileSync('run/manifest.json', 'utf8')]);
        await session.close();`).ended;
      const [[carried, local], [files, reference], [log, manifest]] = said(output);
      expect(carried[0][0]).toHaveLength(6);
      expect(carried).toEqual(local);
      expect(files).toContain('model_dir/rep_0/1.attempt2/deep/bias.txt');
      expect(files).toEqual(reference);
      expect(log).toMatch(/attempt 1.*\ntraining 1\n.*attempt 2.*\ntraining 1\n/);
      expect(manifest).toContain(BUCKET);
      expect(manifest).not.toContain(s3.env.AWS_SECRET_ACCESS_KEY);
      expect(readdirSync(hidden.driver)).toEqual(['executed.log']);
      expect(executed().filter((line) => line === 'train 1/2')).toHaveLength(1);
      expect(await s3.left()).toEqual([]);
    });

    // what is the same for both takes the time of one
    if (!name.startsWith('Ray')) return;

    test('predicts, keeps no models, makes data sets in each worker, and is cancelled', SLOW, async () => {
      const going = here(`
        const rows = { length: 10, labels: Uint8Array.from({ length: 10 }, (_, i) => i % 2) };
        const all = async (dir, executor) => {
          const r = run(settings({ dir, executor, numRepetitions: 1 }));
          await r;
          const { scores } = await r.predict(rows);
          const passing = await run(settings({ dir: dir + '.passing', executor, numRepetitions: 1, keepModels: false, datasetMode: 'per-worker' }));
          return [scores, numbers(passing), filesOf(dir + '.passing')];
        };
        say([await all('run', executor), await all('reference', tools.local())]);
        const stuck = run(settings({ dir: 'stuck', trainFunc: (c) => { fs.writeFileSync('stuck' + c.cvIndex, ''); for (;;); } }));
        while (!fs.existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
        await stuck.cancel();
        say(await stuck.catch((error) => error.code));
        await session.close();`);
      expect(await eventually(() => existsSync(join(hidden.driver, 'stuck0')), 90_000)).toBe(true);
      writeFileSync(join(hidden.disk, 'go'), '');
      const { output } = await going.ended;
      const [[carried, local], code] = said(output);
      expect(carried).toEqual(local);
      expect(carried[2]).not.toContain('model_dir/rep_0/1/model.v8');
      expect(code).toBe('FOLDLAB_CANCELLED');
      expect(await s3.left()).toEqual([]);
    });

    test('is looked at by the doctor, from here and from a node', SLOW, async () => {
      const storage = { bucket: BUCKET, prefix: 'lab', endpoint: s3.endpoint };
      const given = JSON.parse(place.doctor.at(-1)!) as object;
      const options = [...place.doctor.slice(0, -1), JSON.stringify({ ...given, storage })];
      const [file, ...args] = [...hidden.through, process.execPath, foldlab, 'doctor', '--json', ...options];
      const env = { ...process.env, ...s3.env, FOLDLAB_CACHE: join(hidden.driver, 'cache') };
      const { stdout } = await promisify(execFile)(file!, args, { env }).catch(
        (error) => error as { stdout: string },
      );
      const checks = (JSON.parse(stdout).checks as Check[]).filter(({ name }) =>
        /^ray: (storage|cache|work)/.test(name),
      );
      expect(checks.map(({ name, state }) => [name, state])).toEqual([
        ['ray: storage', 'ok'],
        ['ray: storage', 'ok'],
      ]);
      expect(checks.map(({ found }) => found)).toEqual([
        `s3://${BUCKET}/lab at ${s3.endpoint}, from here`,
        expect.stringMatching(/^reached from \S+$/),
      ]);
      expect(await s3.left()).toEqual([]);
    });

    test('goes on after its process was killed, and does a unit again whose worker was', SLOW, async () => {
      const train = `async (c) => {
        fs.appendFileSync(tools.log, 'train ' + c.cvIndex + ' ' + process.pid + '\\n');
        if (c.cvIndex === 2 && !fs.existsSync('second')) for (;;);
        return { bias: c.randGen() };
      }`;
      const plain = `
        const plain = (more) => options({
          numFolds: 4, numGpusTotal: 2, threadsPerWorker: 1, executor, trainFunc: ${train}, ...more,
        });`;
      const trained = (fold: number) => executed().filter((line) => line.startsWith(`train ${fold} `));
      const whenTrained = (fold: number, times: number) =>
        eventually(
          () => existsSync(join(hidden.driver, 'executed.log')) && trained(fold).length === times,
          60_000,
        );
      const first = here(`${plain}
        const r = run(plain({}));
        r.catch(() => {});
        const done = () => r.snapshot.units.filter((unit) => unit.status === 'done').length;
        while (done() < 3) await new Promise((resolve) => setTimeout(resolve, 20));
        say('three');
        await r;`);
      await whenTrained(2, 1);
      process.kill(Number(trained(2)[0]!.split(' ')[2]), 'SIGKILL');
      expect(await whenTrained(2, 2)).toBe(true);
      await first.until(/say "three"/);
      first.child.kill('SIGKILL');
      expect(await eventually(() => place.left().length === 0, 30_000)).toBe(true);
      expect((await s3.left()).length).toBeGreaterThan(0);
      writeFileSync(join(hidden.driver, 'second'), '');
      const { output } = await here(`${plain}
        const resumed = await run(plain({}));
        fs.writeFileSync('second', '');
        const reference = await run(plain({ dir: 'reference', executor: tools.local() }));
        say([numbers(resumed), numbers(reference), resumed.folds.map(({ attempt }) => attempt)]);
        await session.close();`).ended;
      const [[resumed, reference, attempts]] = said(output);
      expect(resumed).toEqual(reference);
      expect(attempts).toEqual([1, 1, 3, 1]);
      expect([0, 1, 3].map((fold) => trained(fold).length)).toEqual([1, 1, 1]);
      expect(await s3.left()).toEqual([]);
    });
  });

  describe('that cannot be used', () => {
    let folder: ReturnType<typeof scratch>;
    beforeEach(() => (folder = scratch()));
    afterEach(() => folder.remove());
    const env = (over: NodeJS.ProcessEnv = {}) => ({ ...s3.env, AWS_EC2_METADATA_DISABLED: 'true', ...over });

    it('is told before anything begins', SLOW, async () => {
      const told = async (dir: string, storage: object, over: NodeJS.ProcessEnv = {}) => {
        const body = `
          const executor = tools.ray({ python: '/nowhere', storage: ${JSON.stringify(storage)} });
          say(await run(options({ dir: '${dir}', executor })).catch((error) => [error.code, error.message]));`;
        const { output } = await script(folder.dir, body, env(over)).ended;
        return said(output)[0] as [string, string];
      };
      const { endpoint } = s3;
      const nobodyHere = 'http://127.0.0.1:9';
      const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: folder.dir };
      const [[code, noBucket], [, nobody], [, noCredentials], [, notS3]] = await Promise.all([
        told('a', { bucket: 'elsewhere', endpoint }),
        told('b', { bucket: BUCKET, endpoint: nobodyHere }),
        told('c', { bucket: BUCKET, endpoint }, noKeys),
        told('d', { bucket: BUCKET, endpoint: endpoint.replace('http:', 'https:') }),
      ]);
      expect(code).toBe('FOLDLAB_EXECUTOR');
      expect(noBucket).toBe(
        `Cannot write to the storage s3://elsewhere at ${endpoint}: there is no bucket 'elsewhere'; make it, or name another by 'storage'`,
      );
      expect(nobody).toMatch(/nobody answers \(ECONNREFUSED\); the endpoint must be an address/);
      expect(noCredentials).toMatch(/no credentials were found .*; set AWS_ACCESS_KEY_ID/);
      expect(notS3).toMatch(/what answers does not speak S3 /);
    });

    it('is explained where the client is not installed', SLOW, async () => {
      const body = `
        const Module = require('node:module');
        const resolve = Module._resolveFilename;
        Module._resolveFilename = (name, ...more) => {
          if (name.startsWith('@aws-sdk/')) throw Object.assign(new Error(name), { code: 'MODULE_NOT_FOUND' });
          return resolve(name, ...more);
        };
        const executor = tools.ray({ python: '/nowhere', storage: 's3://lab' });
        say(await run(options({ executor })).catch((error) => [error.code, error.message]));`;
      const [[code, message]] = said((await script(folder.dir, body, env()).ended).output);
      expect(code).toBe('FOLDLAB_SETUP');
      expect(message).toMatch(
        /'@aws-sdk\/client-s3' is not installed .*; npm install @aws-sdk\/client-s3 @aws-sdk\/lib-storage$/,
      );
    });

    it('is told by the doctor, with the fix', SLOW, async () => {
      const storage = { bucket: 'elsewhere', endpoint: s3.endpoint };
      const args = [
        'doctor',
        '--json',
        '--executor',
        'ray',
        '--executor-options',
        JSON.stringify({ storage }),
      ];
      const { stdout } = await promisify(execFile)(process.execPath, [foldlab, ...args], {
        cwd: folder.dir,
        env: { ...process.env, ...env() },
      }).catch((error) => error as { stdout: string });
      const check = (JSON.parse(stdout).checks as Check[]).find(({ name }) => name.startsWith('ray'));
      expect(check).toEqual({
        name: 'ray: storage',
        state: 'missing',
        found: expect.stringContaining("there is no bucket 'elsewhere'"),
        fix: "make it, or name another by 'storage'",
      });
    });
  });
});
