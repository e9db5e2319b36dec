/**
 * What an interrupt ends: in a notebook, what the interrupted cell started or awaits; in a script, all that goes on.
 */
import { isNotebook } from '../notebook/display.js';
import { kernelLink } from '../notebook/kernel/link.js';

/** As a shell tells of a program that Ctrl-C ended. */
const EXIT_CODE = 128 + 2;

/** Something that goes on and that an interrupt can end. */
export interface Interruptible {
  /** Executions (msg_id) of the cells that started or await it. */
  readonly cells: ReadonlySet<string>;
  interrupt(): void;
}

export interface Interrupts {
  /** It goes on; returns a function that says that it has ended. */
  add(what: Interruptible): () => void;
}

export function createInterrupts(): Interrupts {
  const going = new Set<Interruptible>();
  let listens = false;
  const inScript = scriptInterrupts(() => {
    for (const what of going) what.interrupt();
  });

  /** The link may come after this package: a stock kernel is patched when it is imported. */
  const listen = (): void => {
    const onInterrupt = listens ? undefined : kernelLink()?.onInterrupt;
    if (!onInterrupt) return;
    listens = true;
    onInterrupt((cell) => {
      if (cell === null) return;
      for (const what of going) if (what.cells.has(cell)) what.interrupt();
    });
  };

  return {
    add(what) {
      listen();
      going.add(what);
      // a cell that adds a listener of its own takes tslab's protection from the kernel
      if (!listens && !isNotebook()) inScript.on();
      return () => {
        going.delete(what);
        if (going.size === 0) inScript.off();
      };
    },
  };
}

/**
 * The first Ctrl-C cancels and lets the script end by itself, with the exit code of an interrupted program; a second one
 * ends it at once.
 */
function scriptInterrupts(cancel: () => void): { on(): void; off(): void } {
  let interrupted = false;
  let isOn = false;
  const onSignal = (): void => {
    if (interrupted) process.exit(EXIT_CODE);
    interrupted = true;
    // also when nobody catches the rejection
    process.once('exit', () => (process.exitCode = EXIT_CODE));
    process.stderr.write('Interrupted: cancelling; once more ends at once\n');
    cancel();
  };
  return {
    on() {
      if (isOn) return;
      isOn = true;
      process.on('SIGINT', onSignal);
    },
    off() {
      // after an interrupt the next one still ends at once
      if (!isOn || interrupted) return;
      isOn = false;
      process.removeListener('SIGINT', onSignal);
    },
  };
}

/** The cells that look at something; each look adds the one that runs. */
export function watchCells(): { readonly cells: ReadonlySet<string>; look(): void } {
  const cells = new Set<string>();
  return {
    cells,
    look() {
      const cell = kernelLink()?.runningCell?.();
      if (cell) cells.add(cell);
    },
  };
}
