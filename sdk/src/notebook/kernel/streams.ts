/**
 * What cells print, in no more messages than a notebook server lets through.
 *
 * Defect in tslab: one message per write. Jupyter Server drops the output of a kernel that sends more than 1,000
 * messages a second over 3 s (`iopub_msg_rate_limit`), and a cell that prints in a loop does.
 *
 * The first writes go out at once, as they are. Beyond a rate, the writes of one cell to one stream are put together,
 * in order, until the rate allows a message again: nothing is dropped, and order between stdout and stderr is kept as
 * long as the rate is. The server's limit of bytes is the user's to raise: here nothing can be left out.
 */
import type { Cell } from './cells.js';

export type StreamName = 'stdout' | 'stderr';

/** Messages that may go out at once. */
const BURST = 100;
/** Messages a second in the long run; 100 + 3 · 50 in the server's window of 3 s. */
const RATE = 50;
/** A message is not put together beyond this many characters. */
const MAX_LENGTH = 256 * 1024;

type Clock = () => number;

export interface Streams {
  write(cell: Cell, name: StreamName, text: string): void;
  /** Sends what is held back of `cell`, or of all cells. Before every other message of the cell. */
  flush(cell?: Cell): void;
}

/** `now`: milliseconds of a clock that never goes back. */
export function createStreams(
  publish: (cell: Cell, type: string, content: object) => void,
  now: Clock = () => performance.now(),
): Streams {
  const held = new Map<Cell, Map<StreamName, string>>();
  let allowed = BURST;
  let counted = now();
  let timer: NodeJS.Timeout | null = null;

  function mayGo(): boolean {
    const time = now();
    allowed = Math.min(BURST, allowed + ((time - counted) / 1000) * RATE);
    counted = time;
    return allowed >= 1;
  }

  function send(cell: Cell, name: StreamName, text: string): void {
    allowed -= 1;
    publish(cell, 'stream', { name, text });
  }

  function flush(cell?: Cell): void {
    for (const [of, texts] of cell ? [[cell, held.get(cell)] as const] : [...held]) {
      held.delete(of);
      for (const [name, text] of texts ?? []) send(of, name, text);
    }
  }

  function hold(cell: Cell, name: StreamName, text: string): void {
    let texts = held.get(cell);
    if (!texts) held.set(cell, (texts = new Map()));
    const whole = (texts.get(name) ?? '') + text;
    texts.set(name, whole);
    if (whole.length >= MAX_LENGTH) flush(cell);
    else timer ??= setTimeout(release, 1000 / RATE).unref();
  }

  function release(): void {
    timer = null;
    if (mayGo()) flush();
    else timer = setTimeout(release, 1000 / RATE).unref();
  }

  return {
    write(cell, name, text) {
      if (!mayGo()) return hold(cell, name, text);
      flush(cell);
      send(cell, name, text);
    },
    flush,
  };
}
