/** A run in a terminal: a live picture of it while it goes on, or plain lines where nobody watches; the table at the end. */

import { createLogUpdate } from 'log-update';
import type { RunModel } from '../view/model.js';
import { runTable } from '../view/table.js';
import { endedLines, goOnLine, nothingSeen, openingLine } from './terminalLines.js';
import { terminalFrame } from './terminalFrame.js';

/** Time between two drawings. */
const FRAME_MS = 100;

export interface TerminalDisplay {
  /** Shows a newer snapshot. Cheap: drawings are at most 10 a second. */
  update(model: RunModel): void;
  /** Shows the last snapshot as a table and gives the terminal back. Later calls do nothing. */
  close(model: RunModel): void;
}

export interface TerminalDisplayOptions {
  readonly stream: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };
  /** Whether the stream is a terminal that can be drawn over. */
  readonly interactive: boolean;
}

/**
 * Where `interactive`: a progress bar, one line per running unit and the grid, drawn over in place. Else: one line when
 * a unit ends and one for each notice. Both end in the text table.
 */
export function createTerminalDisplay({ stream, interactive }: TerminalDisplayOptions): TerminalDisplay {
  return interactive ? liveDisplay(stream) : lineDisplay(stream);
}

function liveDisplay(stream: TerminalDisplayOptions['stream']): TerminalDisplay {
  const log = createLogUpdate(stream);
  let newest: RunModel | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const draw = (): void => {
    if (newest === undefined) return;
    log(terminalFrame(newest, { columns: stream.columns ?? 80, rows: stream.rows ?? 24 }));
    newest = undefined;
    timer = setTimeout(() => {
      timer = undefined;
      draw();
    }, FRAME_MS);
    // a display must not keep a finished script alive
    timer.unref();
  };
  return {
    update(model) {
      if (closed) return;
      newest = model;
      if (timer === undefined) draw();
    },
    close(model) {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      log.clear();
      log.done();
      if (hasBegun(model)) stream.write(endText(model));
    },
  };
}

function lineDisplay(stream: TerminalDisplayOptions['stream']): TerminalDisplay {
  const seen = nothingSeen();
  let opened = false;
  let closed = false;
  const update = (model: RunModel): void => {
    if (closed) return;
    const lines = [...(opened ? [] : [openingLine(model)]), ...endedLines(model, seen)];
    opened = true;
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
  };
  return {
    update,
    close(model) {
      if (closed) return;
      update(model);
      closed = true;
      if (hasBegun(model)) stream.write(`\n${endText(model)}`);
    },
  };
}

const endText = (model: RunModel): string =>
  [runTable(model), goOnLine(model)]
    .filter((text) => text !== '')
    .map((text) => `${text}\n`)
    .join('\n');

/** A run whose data set was refused has nothing in its table; its error says it all. */
const hasBegun = ({ units }: RunModel): boolean => units.some(({ status }) => status !== 'queued');
