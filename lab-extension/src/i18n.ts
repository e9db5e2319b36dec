/** The words of the extension in the user's language: every string that it shows goes through here. */
import { speak } from 'foldlab/view';
import { nullTranslator, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';

const DOMAIN = 'foldlab';

let bundle: TranslationBundle = nullTranslator.load(DOMAIN);

/** Called once by the plugin; a renderer that draws before it speaks English. */
export function useTranslator(translator: ITranslator): void {
  bundle = translator.load(DOMAIN);
  // what foldlab's views say by themselves, too
  speak({
    say: (text, ...args) => bundle.__(text, ...args),
    count: (one, many, count) => bundle._n(one, many, count),
  });
}

/** The translation of `text`; `%1`, `%2`, … stand for the arguments. */
export function t(text: string, ...args: (string | number)[]): string {
  return bundle.__(text, ...args.map(String));
}
