import { afterEach, expect, test } from 'vitest';
import { foldInterval } from '../../../sdk/src/stats/foldInterval.js';
import { hardestList } from '../../../sdk/src/view/figures/examples.js';
import { reportFigures } from '../../../sdk/src/view/figures/all.js';
import { membersSentences } from '../../../sdk/src/view/figures/members.js';
import { groupModel } from '../../../sdk/src/view/group.js';
import type { RunModel } from '../../../sdk/src/view/model.js';
import { say, sayCount, speak } from '../../../sdk/src/view/say.js';
import { overviewSpec } from '../../../sdk/src/view/specs/overview.js';
import { runTables } from '../../../sdk/src/view/tables.js';
import { told } from '../../../sdk/src/view/told.js';
import { failureLines, headlinePhrases, unitLabel } from '../../../sdk/src/view/words.js';
import { EXAMPLES, largeModel } from './models.js';

afterEach(() => speak(null));

/** A language that shows what went through it; what is in brackets was said. */
function speakLoudly(): void {
  const fill = (text: string, args: readonly string[]): string =>
    text.replace(/%(\d+)/g, (_, place) => `⟩${args[Number(place) - 1]}⟨`);
  speak({
    say: (text, ...args) => `⟨${fill(text, args)}⟩`,
    count: (one, many, count) => `⟨${fill(count === 1 ? one : many, [String(count)])}⟩`,
  });
}

/** What is left of a line without its messages, also those that go on in another line: only data may be. */
const unsaid = (text: string): string => text.replace(/⟨[^⟨⟩]*(⟩|$)|^[^⟨⟩]*⟩/g, '');

/** Every text in a specification: of titles and of its data. */
function textsOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return /^(text|label|name|short|title|subtitle)$/.test(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => textsOf(each, key));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === 'config' || name === 'encoding' ? [] : textsOf(each, name),
  );
}

const DATA =
  /mnist-mlp|tensorflow|accuracy|logLoss|val_loss|val_accuracy|GPU(-| )\d|Error: out of memory <while> training "fold"|no GPU found: 2 CPU slots|2 GPUs were asked for, 1 is free: going on with 1|train|test|infer|eval|NaN|Infinity/g;

const MODELS: Readonly<Record<string, RunModel>> = {
  ...EXAMPLES,
  grouped: groupModel(largeModel(20, 5), { folds: 4, repetitions: 2 }),
};

test('every word of every picture, sentence and table head goes through the language', () => {
  for (const [name, model] of Object.entries(MODELS)) {
    speakLoudly();
    const list = hardestList(model);
    const texts = [
      ...textsOf(overviewSpec(model)),
      ...reportFigures(model).flatMap(({ title, how, note, alt, spec }) => [
        title,
        how,
        note,
        alt,
        ...textsOf(spec),
      ]),
      ...membersSentences(model),
      ...headlinePhrases(model),
      ...failureLines(model),
      ...model.units.map((unit) => unitLabel(model, unit, 'validation', 'accuracy')),
      ...runTables(model).flatMap(({ title, table }) => [title, ...table.heads]),
      ...(list
        ? [list.title, list.how, list.note, list.says, ...list.heads, ...list.lines.map(({ often }) => often)]
        : []),
    ];
    expect(texts.length).toBeGreaterThan(50);
    const left = texts.filter((text) => /\p{L}{2,}/u.test(unsaid(text).replace(DATA, '')));
    expect([name, left]).toEqual([name, []]);
  }
});

test('copies keep their columns in any language', () => {
  const before = runTables(EXAMPLES.full).map(({ table }) => table.columns);
  speakLoudly();
  expect(runTables(EXAMPLES.full).map(({ table }) => table.columns)).toEqual(before);
});

test('say fills places, in any order and more than once', () => {
  expect(say('%2 of %1, %2', 5, 'a')).toBe('a of 5, a');
  expect(say('100 % of %3', 1)).toBe('100 % of %3');
  expect([sayCount(1, '%1 fold', '%1 folds'), sayCount(0, '%1 fold', '%1 folds')]).toEqual([
    '1 fold',
    '0 folds',
  ]);
});

const scores = (values: readonly number[]) =>
  values.map((value, cvIndex) => ({ repIndex: 0, cvIndex, value }));
const sizes = Array(5).fill({ train: 80, validation: 20 });

test('sentences of the kernel are known again, as it writes them today', () => {
  const sentences = [
    'fold 3, repetition 1',
    'fold 3, repetition 1, test',
    'ensemble, repetition 0',
    'out-of-fold metrics, repetition 0',
    '3 of 10 units done',
    'starting',
    ...[
      foldInterval({ scores: scores([0.9, 0.8, 0.85, 0.7, 0.9]), sizes, metric: 'accuracy' }),
      foldInterval({
        scores: [0, 1].flatMap((repIndex) =>
          scores([0.9, 0.8, 0.85, 0.7, 0.9]).map((each) => ({
            ...each,
            repIndex,
            value: each.value - 0.1 * repIndex,
          })),
        ),
        sizes,
        seedPolicy: 'shared',
        metric: 'accuracy',
      }),
      foldInterval({ scores: scores([0.999, 0.95, 1, 0.97, 0.999]), sizes, metric: 'accuracy' }),
      foldInterval({ scores: scores([1, 0, 1, 0, 1]), sizes, metric: 'accuracy' }),
      foldInterval({ scores: scores([0.9, 0.8]), sizes }),
      foldInterval({ scores: scores([0.9, NaN, 0.8]), sizes }),
      foldInterval({ scores: scores([0.9, 0.9, 0.9]), sizes }),
      foldInterval({ scores: scores([0.9, 0.8, 0.7]), sizes, splitter: 'timeSeriesSplit' }),
      foldInterval({
        scores: scores([0.9, 0.8, 0.7]),
        sizes: sizes.map((size, i) => ({ ...size, validation: 20 + 40 * i })),
      }),
    ].flatMap(({ says }) => [says, `${says} Validation, also used for stopping: optimistic.`]),
  ];
  for (const sentence of sentences) expect(told(sentence)).toBe(sentence);
  speakLoudly();
  for (const sentence of sentences)
    expect(unsaid(told(sentence)).replace(DATA, '')).not.toMatch(/\p{L}{2,}/u);
  expect(told('something of a newer kernel')).toBe('something of a newer kernel');
});
