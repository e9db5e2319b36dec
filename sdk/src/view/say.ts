/**
 * The words of all views: English, or the language of the page that shows them. Every sentence is one message with
 * places for its numbers and names, so that a language may order them as it needs.
 */

/** How a page says a message: `%1`, `%2`, … stand for the arguments, as in JupyterLab's translator. */
export interface Language {
  say(text: string, ...args: readonly string[]): string;
  /** `one` for a count of 1, `many` for others; `%1` is the count. */
  count(one: string, many: string, count: number): string;
}

const fill = (text: string, args: readonly string[]): string =>
  text.replace(/%(\d+)/g, (whole, place: string) => args[Number(place) - 1] ?? whole);

const ENGLISH: Language = {
  say: (text, ...args) => fill(text, args),
  count: (one, many, count) => fill(count === 1 ? one : many, [String(count)]),
};

let language = ENGLISH;

/**
 * From now on everything that is drawn or written here is in this language; null: English. For a page, which has one
 * reader; a process that saves what it writes leaves it alone.
 */
export function speak(next: Language | null): void {
  language = next ?? ENGLISH;
}

/** A message with its arguments. */
export function say(text: string, ...args: readonly (string | number)[]): string {
  return language.say(text, ...args.map(String));
}

/** "1 fold", "5 folds": `sayCount(n, '%1 fold', '%1 folds')`. */
export function sayCount(count: number, one: string, many: string): string {
  return language.count(one, many, count);
}
