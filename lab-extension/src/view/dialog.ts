/** Small dialogs inside the view: the browser's own, so focus, Escape and the rest of the page are cared for. */
import { oneLine, type UnitFiles } from 'foldlab/view';
import { t } from '../i18n';
import { button, el } from './dom';

/**
 * Shows `body` in a modal dialog within `root`.
 *
 * @param options.closing the words of the button that does nothing else
 * @param options.back gives the keyboard back when it was closed; default: to what had it
 */
function open(
  root: HTMLElement,
  title: string,
  body: Node[],
  actions: HTMLButtonElement[],
  { closing = t('Close'), back }: { closing?: string; back?: () => void } = {},
): HTMLDialogElement {
  const heading = el('h4', {}, title);
  const close = button(closing, () => dialog.close(), { attrs: { autofocus: true } });
  const dialog = el(
    'dialog',
    { class: 'fl-dialog', attrs: { 'aria-label': title } },
    heading,
    ...body,
    el('div', { class: 'fl-dialog-bar' }, ...actions, close),
  );
  const before = document.activeElement as HTMLElement | null;
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (back) back();
    else before?.focus();
  });
  // Enter and Escape are the dialog's, not JupyterLab's
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  root.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that cannot be taken back: the keyboard begins at the way out. */
export function confirm(
  root: HTMLElement,
  question: {
    readonly title: string;
    readonly sentences: readonly string[];
    /** The words of the button that does it. */
    readonly action: string;
    readonly go: () => void;
    readonly back: () => void;
  },
): void {
  const { title, sentences, action, go, back } = question;
  const yes = button(action, () => {
    dialog.close();
    go();
  });
  yes.classList.add('fl-danger');
  const dialog = open(root, title, paragraphs(sentences), [yes], { closing: t('Cancel'), back });
}

/** Asks for JSON parameters, beginning with `params`. `send` gets the parsed value. */
export function askParams(
  root: HTMLElement,
  title: string,
  params: unknown,
  send: (params: unknown) => void,
): void {
  const problem = el('p', { class: 'fl-bad', attrs: { role: 'alert' } });
  const text = el('textarea', {
    attrs: { rows: 8, spellcheck: 'false', 'aria-label': t('trainParams as JSON') },
  });
  text.value = JSON.stringify(params ?? {}, null, 2);
  const go = button(
    t('Re-run'),
    () => {
      try {
        send(JSON.parse(text.value));
      } catch (error) {
        problem.textContent = t('Not JSON: %1', (error as Error).message);
        text.focus();
        return;
      }
      dialog.close();
    },
    { class: 'fl-primary' },
  );
  const note = el(
    'p',
    { class: 'fl-note' },
    t('The new attempt is kept beside the one that counts and stays out of the summary until you choose it.'),
  );
  const dialog = open(root, title, [el('label', {}, t('trainParams (JSON)'), text), problem, note], [go]);
  text.focus();
}

/** First and last of some indexes, both among them. */
export type Span = readonly [number, number];

/** Asks which unit of a block is meant, beginning with its first. */
export function askUnit(
  root: HTMLElement,
  question: {
    readonly title: string;
    /** The words of the button that goes on. */
    readonly action: string;
    readonly folds: Span;
    readonly repetitions: Span;
    /** What a repetition is called. */
    readonly noun: string;
    readonly go: (unit: { cvIndex: number; repIndex: number }) => void;
  },
): void {
  const { title, action, folds, repetitions, noun, go } = question;
  const number = (label: string, [first, last]: Span): [HTMLInputElement, HTMLElement] => {
    const input = el('input', { attrs: { type: 'number', min: first, max: last, step: 1, required: true } });
    input.value = String(first);
    input.onkeydown = (event) => {
      if (event.key !== 'Enter') return;
      // the button that had the focus before must not get this key as well
      event.preventDefault();
      yes.click();
    };
    return [input, el('label', {}, t('%1, %2 to %3', label, first, last), input)];
  };
  const [fold, foldLabel] = number(t('fold'), folds);
  const [repetition, repetitionLabel] = number(noun, repetitions);
  const yes = button(
    action,
    () => {
      if (!fold.reportValidity() || !repetition.reportValidity()) return;
      dialog.close();
      go({ cvIndex: fold.valueAsNumber, repIndex: repetition.valueAsNumber });
    },
    { class: 'fl-primary' },
  );
  const dialog = open(root, title, [foldLabel, repetitionLabel], [yes], { closing: t('Cancel') });
  fold.select();
}

/** Where a unit's files are, and the end of its log. */
export function showUnitFiles(
  root: HTMLElement,
  title: string,
  files: UnitFiles,
  copy: (text: string) => void,
): void {
  open(
    root,
    title,
    [
      el('p', { class: 'fl-path' }, oneLine(files.dir, 1000)),
      el(
        'pre',
        { class: 'fl-log', attrs: { tabindex: 0, 'aria-label': t('Log') } },
        files.log || t('The log is empty.'),
      ),
    ],
    [button(t('Copy path'), () => copy(files.dir))],
  );
}

/** Sentences, one below the other. */
export function explain(root: HTMLElement, title: string, sentences: readonly string[]): void {
  open(root, title, paragraphs(sentences), []);
}

const paragraphs = (sentences: readonly string[]): Node[] =>
  sentences.map((each) => el('p', { class: 'fl-sentence' }, oneLine(each, 1000)));
