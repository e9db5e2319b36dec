/** The same seed, the same result: on warm workers, in another process, on any number of slots. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { said, script } from '../../faults/script.js';
import { stage } from './stage.js';

const place = stage();

/** Hashes of all prediction files of a run. */
function predictionsOf(run: string): Record<string, string> {
  const folder = join(place.dir, run, 'inference_dir');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.parquet'),
  );
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** A train function whose result depends on everything random that a user may draw. */
const RANDOM = `const random = (over) => options({ numRepetitions: 2,
  trainFunc: async (c) => ({ bias: (c.randGen() + Math.random() + c.randGen.normal() + c.randGen.fork('a').int(1000) + c.randGen.shuffle([1, 2, 3, 4])[0]) % 1 }),
  ...over });`;

async function runIn(dir: string, over = '{}'): Promise<unknown> {
  const { output } = await script(
    place.dir,
    `${RANDOM}
    const r = await run(random({ dir: '${dir}', ...${over} }));
    say([r.folds.map((f) => [f.validation.metrics, f.test.metrics]), r.ensembles.map((e) => e.test.metrics), r.outOfFold.map((o) => o.metrics)]);`,
  ).ended;
  return said(output)[0];
}

describe('two runs with the same options', () => {
  it(
    'have the same metrics and the same predictions to the byte, on warm workers too',
    { timeout: 60_000 },
    async () => {
      const { output } = await script(
        place.dir,
        `${RANDOM}
      const a = await run(random({ dir: 'a' })), b = await run(random({ dir: 'b' }));
      say(JSON.stringify(a.folds.map((f) => [f.validation, f.test])) === JSON.stringify(b.folds.map((f) => [f.validation, f.test])));`,
      ).ended;
      expect(said(output)).toEqual([true]);
      expect(Object.keys(predictionsOf('a'))).toHaveLength(14);
      expect(predictionsOf('b')).toEqual(predictionsOf('a'));
      const other = await runIn('c');
      expect(predictionsOf('c')).toEqual(predictionsOf('a'));
      expect(await runIn('d', '{ numCpuSlots: 1 }')).toEqual(other);
      expect(predictionsOf('d')).toEqual(predictionsOf('a'));
    },
  );

  it('differ when the seed does', async () => {
    await runIn('a');
    await runIn('b', '{ seed: 1 }');
    const [a, b] = [predictionsOf('a'), predictionsOf('b')];
    expect(Object.keys(a).filter((name) => a[name] === b[name])).toEqual([]);
  });

  it("give all folds of a repetition the same numbers with seedPolicy 'shared', in each phase anew", async () => {
    const { output } = await script(
      place.dir,
      `const draw = (c) => [c.randGen(), Math.random(), c.randGen.int(1000)];
       const r = await run(options({ seedPolicy: 'shared', numRepetitions: 2, seed: 5,
         trainFunc: async (c) => draw(c),
         evalFunc: async (c) => { if (!c.model) return { none: 0 }; const [a, b, n] = c.model, [x, y, m] = draw(c); return { a, b, n, x, y, m }; },
         inferFunc: async (c) => { const ids = c.test ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : c.sampleIds[1]; return { ids, scores: ids.map(() => 1) }; } }));
       say(r.folds.map((f) => [f.repIndex, f.validation.metrics]));`,
    ).ended;
    const folds: [number, Record<string, number>][] = said(output)[0];
    const [of0, of1] = [0, 1].map((rep) => folds.filter(([r]) => r === rep).map(([, metrics]) => metrics));
    expect(new Set(of0!.map((metrics) => JSON.stringify(metrics))).size).toBe(1);
    expect(new Set(of1!.map((metrics) => JSON.stringify(metrics))).size).toBe(1);
    const { a, b, n, x, y, m } = of0![0]!;
    expect([x, y, m]).toEqual([a, b, n]);
    // numpy.random.RandomState(5).random_sample(), numpy.random.RandomState(6).random_sample()
    expect(a).toBe(0.22199317108973948);
    expect(of1![0]!.a).toBe(0.8928601514360016);
    expect(of1![0]!.b).not.toBe(b);
  });

  it('do not depend on what the caller does to params and ids while the run goes on', async () => {
    const { output } = await script(
      place.dir,
      `const trainParams = { rate: 1 }, sampleIds = [[[0, 1], [2]], [[1], [0]]];
       const o = () => options({ numFolds: 2, trainParams, sampleIds, trainFunc: async (c) => ({ bias: c.params.rate + c.sampleIds[0].length }),
         evalFunc: async (c) => ({ bias: c.model?.bias ?? 0 }) });
       const going = run(o());
       trainParams.rate = 100;
       sampleIds[0][0].push(3);
       say((await going).folds.map((f) => f.validation.metrics.bias));`,
    ).ended;
    expect(said(output)[0]).toEqual([3, 2]);
  });

  it('do not depend on what an earlier unit left in captured variables', async () => {
    const { output } = await script(
      place.dir,
      `
      let calls = 0;
      const list = [];
      const r = await run(options({ numCpuSlots: 1, trainFunc: async () => { calls++; list.push(calls); return { bias: calls + list.length }; }, evalFunc: async (c) => ({ bias: c.model?.bias ?? 0 }) }));
      say(r.folds.map((f) => f.validation.metrics.bias));`,
    ).ended;
    expect(said(output)[0]).toEqual([2, 2, 2]);
  });

  it('do not depend on what an earlier unit did to its sample ids or its data set', async () => {
    const { output } = await script(
      place.dir,
      `
      const r = await run(options({ numCpuSlots: 1, numFolds: 2, numRepetitions: 2, trainFunc: async (c) => {
        const sum = c.sampleIds[0].reduce((a, b) => a + b) + c.rows.train.length;
        c.sampleIds[0].length = 0;
        c.rows.train.reverse().pop();
        let refused = 0;
        try { 'use strict'; c.dataset.extra = 1; } catch { refused = 1; }
        return { bias: sum + (c.dataset.extra ?? 0) };
      }, evalFunc: async (c) => ({ bias: c.model?.bias ?? 0 }) }));
      say(r.folds.map((f) => f.validation.metrics.bias));`,
    ).ended;
    const [first, second, third, fourth] = said(output)[0];
    expect([third, fourth]).toEqual([first, second]);
  });
});
