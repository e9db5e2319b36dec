/**
 * What foldlab needs of a notebook's cells. The notebook's package is not a dependency: it is named by these few fields
 * alone, which JupyterLab 4 and Notebook 7 share.
 */
import { RUN_MIME_TYPE } from '../mimeType';

export interface OutputsLike {
  add(output: unknown): number;
  toJSON(): readonly unknown[];
}

export interface CellLike {
  readonly node: HTMLElement;
  readonly model: {
    readonly id: string;
    readonly type: string;
    trusted: boolean;
    readonly outputs?: OutputsLike;
  };
}

/** The cells of a notebook's widget; empty for another widget. */
export function cellsOf(panel: object): readonly CellLike[] {
  const content = (panel as { content?: { widgets?: unknown } }).content;
  return Array.isArray(content?.widgets) ? (content.widgets as CellLike[]) : [];
}

/** The ids of the runs that a cell shows. */
export function runsIn(cell: CellLike): string[] {
  return (cell.model.outputs?.toJSON() ?? []).flatMap((output) => {
    const data = (output as { data?: Readonly<Record<string, unknown>> }).data;
    const id = (data?.[RUN_MIME_TYPE] as { id?: unknown } | null | undefined)?.id;
    return typeof id === 'string' ? [id] : [];
  });
}
