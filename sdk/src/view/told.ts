/**
 * Sentences that the kernel wrote into a model, in the page's language. They come as English text, so that what a
 * notebook saved reads as it is anywhere; here their messages are known again, and what is not known stays as it is.
 */
import { say } from './say.js';

/** The kernel's messages: `%1`, … stand for anything. */
const MESSAGES: readonly string[] = [
  // what a lease does
  'fold %1, repetition %2',
  'fold %1, repetition %2, test',
  'ensemble, repetition %1',
  'out-of-fold metrics, repetition %1',
  // what a run does beside units
  'starting',
  '%1 of %2 units done',
  'computing the data set',
  // what a lease of a cluster waits for
  'asking SLURM for a lease',
  'waiting for SLURM, a step of job %1, reason %2',
  'waiting for SLURM, job %1, reason %2',
  'waiting for SLURM, job %1',
  "starting a worker in SLURM's job %1",
  'connecting to Ray',
  'asking Ray for a lease',
  'waiting for Ray, %1 of %2 GPUs are free',
  'waiting for Ray, %1 of %2 CPUs are free',
  'trying again: %1',
  // intervals, tests
  'corrected resampled t-test (Nadeau & Bengio 2003)',
  'No interval: %1.',
  "Trained on about %1 rows like these, the method's expected %2 is %3 to %4 (%5).",
];
/** What an interval may be of, beside a metric. */
const WHAT: readonly string[] = ['difference in %1'];
/** What may follow a sentence. */
const ENDINGS: readonly string[] = ['Validation, also used for stopping: optimistic.'];
/** Parts of the brackets of an interval's sentence. */
const NOTES: readonly string[] = [
  '%1 % corrected resampled t (Nadeau & Bengio 2003)',
  'n = %1 folds',
  'n = %1 splits',
  '%1 repetitions averaged within each',
  'with the variance of the shared seeds',
  'seeds not covered: one repetition',
  'seeds not covered: fewer than two complete repetitions',
  'some units are missing',
  "cut at %1 and %2, the metric's end: the t interval goes on to %3 and %4",
  "cut at %1, the metric's end: the t interval goes on to %2",
  'approximate',
];
/** Why there is no interval. */
const REASONS: readonly string[] = [
  'there are no scores',
  'the score of fold %1, repetition %2 is %3',
  'later folds of a time series train on the rows of earlier ones, and neighbouring rows depend on each other',
  'the sizes of the folds are not known',
  'leave-one-out has one row in each fold, and its models are all but identical; the spread of its scores says nothing of new data',
  'it needs at least 3 folds, there is 1',
  'it needs at least 3 folds, there are 2',
  'the folds are too unequal: validation parts have %1 to %2 rows, so that they are no replicates of each other',
  'all %1 folds scored the same, and from no spread there is nothing to learn of new data',
  'all %1 splits scored the same, and from no spread there is nothing to learn of new data',
];

interface Known {
  readonly message: string;
  readonly pattern: RegExp;
}

const knownOf = (messages: readonly string[]): Known[] =>
  messages.map((message) => ({
    message,
    pattern: new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%\d/g, '(.+?)')}$`),
  }));

const SENTENCES = knownOf(MESSAGES);
const PARTS = knownOf(NOTES);
const WHY = knownOf(REASONS);
const OF = knownOf(WHAT);

/** A text of the kernel's, in the page's language where its message is known. */
export function told(text: string): string {
  for (const ending of ENDINGS) {
    if (text.endsWith(` ${ending}`)) return `${told(text.slice(0, -ending.length - 1))} ${say(ending)}`;
  }
  return again(text, SENTENCES, (message, args) => {
    if (message.startsWith('No interval')) return [again(args[0]!, WHY)];
    if (!message.startsWith('Trained on')) return args;
    return [
      args[0]!,
      again(args[1]!, OF),
      ...args.slice(2, -1),
      args
        .at(-1)!
        .split('; ')
        .map((note) => again(note, PARTS))
        .join('; '),
    ];
  });
}

function again(
  text: string,
  known: readonly Known[],
  translated: (message: string, args: readonly string[]) => readonly string[] = (_, args) => args,
): string {
  for (const { message, pattern } of known) {
    const found = pattern.exec(text);
    if (found) return say(message, ...translated(message, found.slice(1)));
  }
  return text;
}
