/** What the predictions of real runs tell beside their scores: members, class counts, hard rows. */
import { expect, it } from 'vitest';
import { stage } from './stage.js';

const { play } = stage(() => FUNCTIONS);

/** 12 rows of two classes; row 5 is read as the other class by every model, row 8 by those of repetition 1. */
const FUNCTIONS = `
  const labels = (n) => Uint8Array.from({ length: n }, (_, i) => i % 2);
  const telling = (over = {}) => options({
    numFolds: 3, numRepetitions: 2,
    datasetFunc: async () => ({ train: { length: 12, labels: labels(12) }, test: { length: 6, labels: labels(6) } }),
    trainFunc: async (c) => ({ fold: c.cvIndex, rep: c.repIndex }),
    inferFunc: async (c) => {
      const ids = c.test ? [0, 1, 2, 3, 4, 5] : c.sampleIds[1];
      const right = (id) => c.test ? id !== c.cvIndex : id !== 5 && !(id === 8 && c.repIndex === 1);
      return {
        ids,
        scores: ids.map((id) => (right(id) === (id % 2 === 1) ? [0.2, 0.8] : [0.9, 0.1])),
        targets: ids.map((id) => id % 2),
      };
    },
    evalFunc: async (c) => ({ accuracy: foldlab.metrics.accuracy(c.predictions.scores, c.predictions.targets) }),
    ...over,
  });
  const told = (r) => { const { merits, classCounts, hardest } = r.snapshot; return { merits, classCounts, hardest }; };`;

it('tells what members bring, what folds hold and which rows are hard; the same from disk', async () => {
  const [fresh, opened] = await play(`
    const r = run(telling());
    await r;
    say(told(r));
    say(told(foldlab.openRun('run')));`);
  expect(opened).toEqual(fresh);
  const { merits, classCounts, hardest } = fresh;
  // alone a member is wrong on one of six test rows, together they are right
  expect(merits).toHaveLength(2);
  expect(merits[0]).toMatchObject({
    repIndex: 0,
    kind: 'class',
    metric: 'accuracy',
    rows: 6,
    members: [0, 1, 2],
  });
  expect(merits[0].mean[0]).toBeCloseTo(5 / 6, 4);
  expect(merits[0].mean[2]).toBe(1);
  expect(merits[0].disagreement[0][1]).toBeCloseTo(2 / 6, 4);
  expect(classCounts).toHaveLength(1);
  expect(classCounts[0]).toMatchObject({ repIndex: null, labels: ['0', '1'], folds: [0, 1, 2] });
  expect(classCounts[0].counts.map(([a, b]: number[]) => a! + b!)).toEqual([4, 4, 4]);
  expect(hardest).toMatchObject({ kind: 'class', repetitions: 2, rows: 12, wrongRows: 2 });
  expect(hardest.hardest).toEqual([
    { id: '5', target: '1', said: '0', wrong: 2, of: 2, size: 0.9 },
    { id: '8', target: '0', said: '1', wrong: 1, of: 2, size: 0.8 },
  ]);
});

it('says nothing where predictions have no targets and the data set no labels', async () => {
  const [nothing] = await play(`
    const r = run(telling({
      datasetFunc: async () => ({ train: { length: 12 }, test: { length: 6 } }),
      inferFunc: async (c) => { const ids = c.test ? [0, 1, 2, 3, 4, 5] : c.sampleIds[1]; return { ids, scores: ids.map(() => [0.5, 0.5]) }; },
      evalFunc: async () => ({ accuracy: 1 }),
    }));
    await r;
    say(told(r));`);
  expect(nothing).toEqual({ merits: [], classCounts: [], hardest: null });
});
