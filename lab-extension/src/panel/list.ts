/** The pieces that all sections of the side panel are made of. */
import { el } from '../view/dom';

export interface Item {
  readonly sign: Node | null;
  readonly name: string;
  readonly title: string;
  readonly value?: string;
  readonly act?: Node;
  /** Buttons in a line of their own, where there is no room beside the name. */
  readonly actions?: readonly Node[];
  readonly meter?: Node;
  readonly sub: readonly string[];
}

export function item({
  sign,
  name,
  title,
  value = '',
  act,
  actions = [],
  meter: bar,
  sub,
}: Item): HTMLElement {
  return el(
    'li',
    {},
    el('span', {}, sign),
    el('span', { class: 'fl-panel-name', title }, name),
    el('span', { class: 'fl-panel-value' }, value, act ?? null),
    bar ?? null,
    sub.length + actions.length > 0
      ? el(
          'span',
          { class: 'fl-panel-sub' },
          ...sub.filter(Boolean).map((words) => el('span', {}, words)),
          actions.length > 0 ? el('span', { class: 'fl-panel-acts' }, ...actions) : null,
        )
      : null,
  );
}

export function section(
  title: string,
  note: string,
  items: readonly HTMLElement[],
  empty: string,
): HTMLElement {
  return el(
    'section',
    {},
    el('h3', {}, title, el('span', {}, note)),
    items.length > 0 ? el('ul', {}, ...items) : el('p', { class: 'fl-panel-empty' }, empty),
  );
}

export function action(label: string, key: string, run: () => void): HTMLButtonElement {
  return el('button', { attrs: { type: 'button', 'data-key': key }, on: { click: run } }, label);
}
