/** The words of the extension in the user's language: every string that it shows goes through here. */
import { nullTranslator, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';

const DOMAIN = 'foldlab';

let bundle: TranslationBundle = nullTranslator.load(DOMAIN);

/** Called once by the plugin; a renderer that draws before it speaks English. */
export function useTranslator(translator: ITranslator): void {
  bundle = translator.load(DOMAIN);
}

/** The translation of `text`; `%1`, `%2`, … stand for the arguments. */
export function t(text: string, ...args: (string | number)[]): string {
  return bundle.__(text, ...args.map(String));
}
