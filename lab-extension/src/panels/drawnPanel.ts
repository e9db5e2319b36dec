/** What all panels of charts share: they are drawn anew for each state and each width, once the width is known. */
import type { IDisposable } from '@lumino/disposable';
import { el } from '../view/dom';
import { watchWidth } from '../view/size';
import type { TabName, ViewState } from '../view/state';
import type { Panel } from '../view/tabs';

export abstract class DrawnPanel implements Panel {
  abstract readonly name: TabName;
  readonly node: HTMLElement;
  private readonly size: IDisposable;
  private width = 0;
  private state: ViewState | null = null;

  /** @param parts what stands in it */
  constructor(
    className: string,
    private readonly parts: readonly { readonly node: HTMLElement; dispose?(): void }[],
  ) {
    this.node = el('div', { class: className }, ...parts.map(({ node }) => node));
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      if (this.state) this.draw(this.state, width);
    });
  }

  abstract label(state: ViewState): string;
  abstract present(state: ViewState): boolean;
  /** @param width of the panel in pixels */
  protected abstract draw(state: ViewState, width: number): void;

  enabled(state: ViewState): boolean {
    return this.present(state);
  }

  update(state: ViewState): void {
    this.state = state;
    if (this.width > 0) this.draw(state, this.width);
  }

  dispose(): void {
    this.size.dispose();
    for (const part of this.parts) part.dispose?.();
  }
}

/** Height of a plot in a panel, in pixels: with caption, axis and note it fills it. */
export const plotHeight = ({ narrow }: ViewState): number => (narrow ? 82 : 126);
