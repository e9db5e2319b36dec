/** Elements. Text goes in as text nodes only: nothing that a model says can become markup. */

export interface Properties {
  class?: string;
  title?: string;
  /** Attributes by name; null or false leaves one out, true gives it no value. */
  attrs?: Readonly<Record<string, string | number | boolean | null>>;
  on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

type Child = Node | string | null;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (properties.class) node.className = properties.class;
  if (properties.title) node.title = properties.title;
  setAttributes(node, properties.attrs ?? {});
  for (const [name, listener] of Object.entries(properties.on ?? {})) {
    node.addEventListener(name, listener as EventListener);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function setAttributes(node: Element, attrs: NonNullable<Properties['attrs']>): void {
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value === true ? '' : value)) {
      node.setAttribute(name, String(value === true ? '' : value));
    }
  }
}

/** Sets a text only where it changed: a screen reader's place and a selection stay. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Puts `children` into `node`, unless it holds the same content already. */
export function setChildren(node: Element, ...children: Child[]): void {
  const next = children.filter((child) => child !== null);
  const probe = el('div', {}, ...next);
  if (node.childNodes.length === probe.childNodes.length && sameContent(node, probe)) return;
  node.replaceChildren(...probe.childNodes);
}

function sameContent(a: Element, b: Element): boolean {
  return [...a.childNodes].every((child, i) => child.isEqualNode(b.childNodes[i]!));
}

/** A button; `onClick` is what it does. */
export function button(
  label: string,
  onClick: () => void,
  properties: Omit<Properties, 'on'> = {},
): HTMLButtonElement {
  return el(
    'button',
    {
      ...properties,
      attrs: { type: 'button', ...properties.attrs },
      on: { click: onClick },
    },
    label,
  );
}
