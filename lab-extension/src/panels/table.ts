/** Everything as a table: to read without the charts, and to copy. */
import {
  MISSING,
  formatMetric,
  runTables,
  toCsv,
  toMarkdown,
  type NamedTable,
  type TableName,
  type UnitTable,
} from 'foldlab/view';
import { t } from '../i18n';
import { button, el, setAttributes, setChildren } from '../view/dom';
import type { Actions, ViewState } from '../view/state';
import type { Panel } from '../view/tabs';

/** Rows shown; the copies hold all. */
const MOST_ROWS = 1000;

export class TablePanel implements Panel {
  readonly name = 'table';
  readonly node = el('div', { class: 'fl-table-panel' });
  private readonly scroll = el('div', {
    class: 'fl-scroll',
    attrs: { tabindex: 0, role: 'region', 'aria-label': t('Table') },
  });
  private readonly picker = el('select', {
    class: 'fl-picker',
    attrs: { 'aria-label': t('Table to show') },
    on: { change: () => this.pick(this.picker.value as TableName) },
  });
  private tables: readonly NamedTable[] = [];
  private chosen: TableName = 'units';

  constructor(private readonly actions: Actions) {
    this.node.append(
      el(
        'div',
        { class: 'fl-table-bar' },
        this.picker,
        button(t('Copy CSV'), () => this.copy(toCsv)),
        button(t('Copy Markdown'), () => this.copy(toMarkdown)),
      ),
      this.scroll,
    );
  }

  label(): string {
    return t('Table');
  }

  present(): boolean {
    return true;
  }

  enabled(): boolean {
    return true;
  }

  update({ model }: ViewState): void {
    this.tables = runTables(model);
    setChildren(
      this.picker,
      ...this.tables.map(({ name, title }) => el('option', { attrs: { value: name } }, title)),
    );
    setAttributes(this.picker, { hidden: this.tables.length < 2 });
    this.draw();
  }

  private pick(name: TableName): void {
    this.chosen = name;
    this.draw();
  }

  private get shown(): NamedTable | undefined {
    return this.tables.find(({ name }) => name === this.chosen) ?? this.tables[0];
  }

  private draw(): void {
    const { shown } = this;
    if (!shown) return;
    this.picker.value = shown.name;
    const { title, table } = shown;
    const { columns, heads, rows, numeric } = table;
    const cell = (value: string | number | null, column: number): string => {
      if (value === null) return MISSING;
      if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
      return columns[column] === 'seconds' ? value.toFixed(1) : formatMetric(value);
    };
    const kind = (i: number): string => (numeric[i] ? 'fl-number' : '');
    setChildren(
      this.scroll,
      el(
        'table',
        { class: 'fl-table' },
        el('caption', { class: 'fl-hidden' }, title),
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ...heads.map((name, i) => el('th', { class: kind(i), attrs: { scope: 'col' } }, name)),
          ),
        ),
        el(
          'tbody',
          {},
          ...rows
            .slice(0, MOST_ROWS)
            .map((row) =>
              el(
                'tr',
                {},
                ...row.map((value, i) =>
                  i === 0
                    ? el('th', { attrs: { scope: 'row' } }, cell(value, i))
                    : el('td', { class: kind(i) }, cell(value, i)),
                ),
              ),
            ),
        ),
      ),
    );
  }

  private copy(write: (table: UnitTable) => string): void {
    const { shown } = this;
    if (!shown) return;
    const text = write(shown.table);
    navigator.clipboard.writeText(text).then(
      () => this.actions.say(t('Copied')),
      () => this.actions.say(t('Cannot copy: the browser does not allow it here')),
    );
  }
}
