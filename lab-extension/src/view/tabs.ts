/** The tabs below the grid: one panel of fixed height at a time. */
import { t } from '../i18n';
import { el, setAttributes } from './dom';
import { type Actions, type TabName, type ViewPart, type ViewState } from './state';

/** A panel of the tabs. It is drawn only while it is shown. */
export interface Panel extends ViewPart {
  readonly name: TabName;
  /** Its tab's words. */
  label(state: ViewState): string;
  /** Whether it has a tab at this width. */
  present(state: ViewState): boolean;
  /** Whether there is (or will be) something in it. */
  enabled(state: ViewState): boolean;
}

let nextId = 0;

export class Tabs implements ViewPart {
  readonly node = el('div', { class: 'fl-tabs-and-panel' });
  private readonly list = el('div', {
    class: 'fl-tabs',
    attrs: { role: 'tablist', 'aria-label': t('Charts and table') },
  });
  private readonly tabs = new Map<TabName, HTMLButtonElement>();
  private state: ViewState | null = null;

  constructor(
    private readonly panels: readonly Panel[],
    private readonly actions: Actions,
  ) {
    const id = `fl-tabs-${nextId++}`;
    this.node.append(this.list);
    for (const panel of panels) {
      const tab = el('button', {
        attrs: {
          type: 'button',
          role: 'tab',
          id: `${id}-${panel.name}`,
          'aria-controls': `${id}-${panel.name}-panel`,
        },
        on: { click: () => this.open(panel.name) },
      });
      this.tabs.set(panel.name, tab);
      this.list.append(tab);
      panel.node.classList.add('fl-panel');
      setAttributes(panel.node, {
        role: 'tabpanel',
        id: `${id}-${panel.name}-panel`,
        'aria-labelledby': `${id}-${panel.name}`,
        tabindex: 0,
      });
      this.node.append(panel.node);
    }
    this.list.addEventListener('keydown', (event) => this.onKey(event));
  }

  update(state: ViewState): void {
    this.state = state;
    const shown = this.shown(state);
    for (const panel of this.panels) {
      const tab = this.tabs.get(panel.name)!;
      const here = panel === shown;
      tab.textContent = panel.label(state);
      setAttributes(tab, {
        'aria-selected': here ? 'true' : 'false',
        tabindex: here ? 0 : -1,
        disabled: !panel.enabled(state),
        hidden: !panel.present(state),
      });
      setAttributes(panel.node, { hidden: !here });
    }
    shown.update(state);
  }

  dispose(): void {
    for (const panel of this.panels) panel.dispose?.();
  }

  private shown(state: ViewState): Panel {
    const chosen = this.panels.find((panel) => panel.name === state.choice.tab);
    return chosen?.present(state) && chosen.enabled(state) ? chosen : this.panels[0]!;
  }

  private open(name: TabName): void {
    this.actions.choose({ tab: name });
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.state) return;
    const open = this.panels.filter((panel) => panel.present(this.state!) && panel.enabled(this.state!));
    const here = open.indexOf(this.shown(this.state));
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: open.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const { name } = open[(next + open.length) % open.length]!;
    this.open(name);
    this.tabs.get(name)!.focus();
  }
}
