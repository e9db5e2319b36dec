/** The fold × repetition grid: one cell a unit, to look at, to choose and to act on, by mouse and by keyboard. */
import {
  foldName,
  formatRange,
  repetitionName,
  unitLabel,
  type GridCell,
  type GridRow,
  type UnitModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes, setText } from './dom';
import { foldSymbol } from './symbols';
import { lastEpoch, samePlace, type Actions, type Place, type ViewPart, type ViewState } from './state';

export class Grid implements ViewPart {
  readonly node = el('div', { class: 'fl-grid' });
  private readonly cells = new Map<string, HTMLElement>();
  private readonly rowHeads = new Map<number, HTMLElement>();
  private readonly rowMeans: HTMLElement[] = [];
  private readonly columnHeads: HTMLElement[] = [];
  private readonly columnMeans: HTMLElement[] = [];
  private meanHead: HTMLElement | null = null;
  private meanLabel: HTMLElement | null = null;
  private shape = '';
  private state: ViewState | null = null;
  /** The cell in the tab order. */
  private current: Place | null = null;

  constructor(private readonly actions: Actions) {
    this.node.addEventListener('keydown', (event) => this.onKey(event));
    this.node.addEventListener('click', (event) => {
      const place = this.placeOf(event.target);
      if (place) {
        this.focus(place);
        this.actions.select(place);
      }
    });
    this.node.addEventListener('contextmenu', (event) => {
      const place = this.placeOf(event.target);
      if (!place) return;
      event.preventDefault();
      // not JupyterLab's menu of the notebook's cell
      event.stopPropagation();
      this.focus(place);
      this.menu(place, event.clientX, event.clientY);
    });
  }

  update(state: ViewState): void {
    this.state = state;
    const { model, folds, grid, choice, noun } = state;
    const shape = `${folds.join()}|${grid.repetitions.length}`;
    if (shape !== this.shape) this.build(state);
    this.shape = shape;
    setAttributes(this.node.firstElementChild!, {
      'aria-label': t('%1 of each fold and %2', grid.title, noun),
      'aria-rowcount': folds.length + 1,
      'aria-colcount': grid.repetitions.length + 1,
    });
    const means = grid.rows.find((row) => row.kind !== 'fold')!;
    const heat = heatOf(grid.rows);
    grid.columns.forEach((column, i) => {
      setText(this.columnHeads[i]!, column);
      setAttributes(this.columnHeads[i]!, {
        'aria-label': t(
          '%1, %2 %3',
          repetitionName(model, grid.repetitions[i]!),
          grid.meanName,
          means.cells[i]!.text,
        ),
      });
      showMean(this.columnMeans[i]!, means.cells[i]!);
    });
    setText(this.meanHead!, grid.meanName);
    setText(this.meanLabel!, means.kind === 'members' ? t('mean') : means.label);
    showMean(this.columnMeans.at(-1)!, means.mean);
    const rows = grid.rows.filter((row) => row.kind === 'fold');
    rows.forEach((row, r) => {
      setAttributes(this.rowHeads.get(row.cvIndex!)!, {
        'aria-label': t('%1, %2 %3', row.label, grid.meanName, row.mean.text),
      });
      showMean(this.rowMeans[r]!, row.mean);
    });
    for (const unit of model.units) {
      const cell = this.cells.get(key(unit));
      const row = rows.find((each) => each.cvIndex === unit.cvIndex);
      if (!cell || !row) continue;
      const shown = row.cells[grid.repetitions.indexOf(unit.repIndex)]!;
      setText(cell, content(unit, shown));
      cell.style.setProperty('--heat', String(heat(shown.value)));
      setAttributes(cell, {
        'aria-label': unitLabel(model, unit, choice.part, state.metric),
        'aria-selected': choice.selected !== null && samePlace(unit, choice.selected) ? 'true' : 'false',
        'data-status': unit.status,
        'data-again': unit.attempt > 1,
        'data-cached': unit.cached,
        title: unit.error === '' ? null : unit.error.slice(0, 200),
      });
    }
  }

  /** Moves the keyboard's place to a unit and, when the grid has the focus, the focus too. */
  focus(place: Place): void {
    const cell = this.cells.get(key(place));
    if (!cell) return;
    for (const each of this.cells.values()) setAttributes(each, { tabindex: each === cell ? 0 : -1 });
    this.current = place;
    cell.focus();
  }

  private build({ folds, grid, model }: ViewState): void {
    this.cells.clear();
    this.rowHeads.clear();
    for (const list of [this.rowMeans, this.columnHeads, this.columnMeans]) list.length = 0;
    const hidden = { 'aria-hidden': 'true' };
    const mean = (): HTMLElement => el('span', { class: 'fl-mean', attrs: hidden });
    const known = new Set(model.units.map(key));
    const head = el('div', { class: 'fl-row fl-row-head', attrs: { role: 'row' } });
    head.append(el('span', { class: 'fl-corner', attrs: hidden }));
    for (const _ of grid.columns) {
      this.columnHeads.push(el('span', { class: 'fl-column', attrs: { role: 'columnheader' } }));
    }
    this.meanHead = mean();
    this.meanHead.classList.add('fl-mean-head');
    head.append(...this.columnHeads, this.meanHead);
    const body = folds.map((cvIndex, i) => {
      const row = el('div', { class: 'fl-row', attrs: { role: 'row' } });
      const rowHead = el(
        'span',
        { class: 'fl-fold', attrs: { role: 'rowheader' } },
        foldSymbol(i, folds.length),
        foldName(model, cvIndex),
      );
      this.rowHeads.set(cvIndex, rowHead);
      row.append(rowHead);
      for (const repIndex of grid.repetitions) {
        const place = { cvIndex, repIndex };
        if (!known.has(key(place))) {
          row.append(el('span', { class: 'fl-no-cell', attrs: hidden }));
          continue;
        }
        const cell = el('span', {
          class: 'fl-cell',
          attrs: { role: 'gridcell', tabindex: -1, 'data-fold': cvIndex, 'data-rep': repIndex },
        });
        this.cells.set(key(place), cell);
        row.append(cell);
      }
      const rowMean = mean();
      this.rowMeans.push(rowMean);
      row.append(rowMean);
      return row;
    });
    this.meanLabel = el('span', { class: 'fl-fold' });
    const foot = el('div', { class: 'fl-row fl-row-foot', attrs: hidden }, this.meanLabel);
    for (let i = 0; i <= grid.columns.length; i++) {
      const cell = el('span', { class: i < grid.columns.length ? 'fl-column-mean' : 'fl-mean' });
      this.columnMeans.push(cell);
      foot.append(cell);
    }
    const table = el('div', { attrs: { role: 'grid' } }, head, ...body);
    this.node.replaceChildren(table, foot);
    this.node.classList.toggle('fl-many-columns', grid.columns.length > 4);
    this.node.classList.toggle('fl-long-names', model.grouping !== null);
    const place = this.current && this.cells.has(key(this.current)) ? this.current : null;
    const first = place ? this.cells.get(key(place)) : this.cells.values().next().value;
    if (first) setAttributes(first, { tabindex: 0 });
  }

  private placeOf(target: EventTarget | null): Place | null {
    const cell = (target as Element | null)?.closest<HTMLElement>('.fl-cell');
    if (!cell || !this.node.contains(cell)) return null;
    return { cvIndex: Number(cell.dataset.fold), repIndex: Number(cell.dataset.rep) };
  }

  private menu(place: Place, x?: number, y?: number): void {
    const cell = this.cells.get(key(place))!;
    const box = cell.getBoundingClientRect();
    this.actions.openMenu(place, x ?? box.left + 4, y ?? box.bottom, cell);
  }

  private onKey(event: KeyboardEvent): void {
    const place = this.placeOf(event.target);
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = this.target(event.key, place);
    if (move) this.focus(move);
    else if (event.key === 'Enter' || event.key === ' ') this.actions.select(place);
    else if (event.key === 'Escape') this.actions.select(null);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) this.menu(place);
    else if (!this.letter(event, place)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Shortcuts that work in the grid alone. */
  private letter(event: KeyboardEvent, place: Place): boolean {
    switch (event.key) {
      case 'r':
        this.actions.perform({ kind: 'rerun', ...place });
        return true;
      case 'R':
        this.actions.rerunWith(place);
        return true;
      case 'x':
        this.actions.perform({ kind: 'cancel', ...place });
        return true;
      case 'c':
        this.actions.select(place);
        this.actions.choose({ tab: 'curves' });
        return true;
      case 'o':
      case 'l':
        this.actions.showFiles(place);
        return true;
      case 'y':
        this.actions.copyCall(place);
        return true;
      default:
        return false;
    }
  }

  /** Where a key moves to; null for another key. */
  private target(name: string, { cvIndex, repIndex }: Place): Place | null {
    const { folds, grid } = this.state!;
    const step = (list: readonly number[], value: number, by: number): number =>
      list[Math.min(list.length - 1, Math.max(0, list.indexOf(value) + by))]!;
    switch (name) {
      case 'ArrowUp':
        return { cvIndex: step(folds, cvIndex, -1), repIndex };
      case 'ArrowDown':
        return { cvIndex: step(folds, cvIndex, 1), repIndex };
      case 'ArrowLeft':
        return { cvIndex, repIndex: step(grid.repetitions, repIndex, -1) };
      case 'ArrowRight':
        return { cvIndex, repIndex: step(grid.repetitions, repIndex, 1) };
      case 'Home':
        return { cvIndex, repIndex: grid.repetitions[0]! };
      case 'End':
        return { cvIndex, repIndex: grid.repetitions.at(-1)! };
      case 'PageUp':
        return { cvIndex: folds[0]!, repIndex };
      case 'PageDown':
        return { cvIndex: folds.at(-1)!, repIndex };
      default:
        return null;
    }
  }
}

const key = ({ cvIndex, repIndex }: Place): string => `${cvIndex}/${repIndex}`;

function showMean(node: HTMLElement, cell: GridCell): void {
  setText(node, cell.text);
  node.classList.toggle('fl-partial', cell.kind !== 'mean');
}

/** A number where there is one; else what the unit does. */
function content(unit: UnitModel, cell: GridCell): string {
  if (unit.status === 'running') {
    const epoch = lastEpoch(unit);
    if (unit.phase === 'train' && epoch !== null) return t('epoch %1', epoch);
  }
  return cell.text;
}

/** 0 for the lowest score, 1 for the highest. */
function heatOf(rows: readonly GridRow[]): (value: number | null) => number {
  const [low, high] = heatRange(rows) ?? [0, 0];
  return (value) => {
    if (value === null || !Number.isFinite(value)) return 0;
    return high > low ? (value - low) / (high - low) : 0.5;
  };
}

function heatRange(rows: readonly GridRow[]): [number, number] | null {
  const values = rows
    .filter((row) => row.kind === 'fold')
    .flatMap((row) => row.cells.map((cell) => cell.value))
    .filter((value) => value !== null && Number.isFinite(value)) as number[];
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}

/** "Shade: 0.9565–0.9663." */
export function shadeWords(rows: readonly GridRow[]): string {
  const range = heatRange(rows);
  return range === null ? '' : t('Shade: %1.', formatRange(...range));
}
