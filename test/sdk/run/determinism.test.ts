/** The same seed, the same result: on warm workers, in another process, on any number of slots. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { said, scratch, script } from '../../faults/script.js';

let place: ReturnType<typeof scratch>;
beforeEach(() => (place = scratch()));
afterEach(() => place.remove());

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
