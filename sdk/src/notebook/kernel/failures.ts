/**
 * A failing cell says so by the protocol's own means.
 *
 * Defect in tslab: it prints the error to stderr and answers `status: error` without a name, a message or a
 * traceback; no front end can tell what failed, and nbclient raises an error without text. Here an `error` message and
 * the reply say it instead of stderr, with the places where the user wrote them.
 */
import { format, inspect, types } from 'node:util';
import type { Cells } from './cells.js';
import type { SourceMaps } from './sourceMaps.js';
import type { ExecutorModule, JupyterModule, PatchTarget } from './tslab.js';

/** Content of an `error` message. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** Frames that only say how a cell gets executed, and those of foldlab itself: its errors say where the user's code failed. */
const KERNEL_FRAME =
  /^\s+at .*(tslab[\\/](dist|node_modules)[\\/]|(foldlab|sdk)[\\/](dist|src)[\\/]|node:vm|node:internal[\\/])/;

/** How the places in compiled cells are shown. */
type Places = Pick<SourceMaps, 'firstPlace' | 'rewrite' | 'dropCalls'>;

/** What tslab printed of a failed cell, as an error message's content. `printed`: the arguments of each print. */
export function describeFailure(printed: readonly (readonly unknown[])[], places: Places): Failure {
  const [first] = printed;
  if (first === undefined)
    return { ename: 'Error', evalue: 'The cell failed', traceback: ['The cell failed'] };
  if (first.length > 1) {
    // diagnostics of the type checker come with a format string
    const lines = printed.map((args) => format(...args));
    return { ename: 'CompileError', evalue: lines[0]!, traceback: lines };
  }
  const thrown = first[0];
  if (isInterrupt(thrown))
    return { ename: 'Interrupted', evalue: thrown.message, traceback: [thrown.message] };
  const traceback = traceOf(inspect(thrown), places);
  return isError(thrown)
    ? { ename: thrown.name, evalue: thrown.message, traceback }
    : { ename: 'Thrown', evalue: traceback.join('\n'), traceback };
}

/** The lines of an inspected error: without the kernel's frames, at places of cells, the first with its code. */
function traceOf(text: string, places: Places): string[] {
  const lines: string[] = [];
  let quoted = false;
  for (const line of places.dropCalls(text).split('\n')) {
    if (KERNEL_FRAME.test(line)) {
      // properties of the error follow its last frame
      if (line.endsWith(' {') && lines.length > 0) lines.push(`${lines.pop()} {`);
      continue;
    }
    lines.push(places.rewrite(line));
    const place = quoted ? null : places.firstPlace(line);
    if (!place) continue;
    quoted = true;
    const code = place.text.trimStart();
    const caret = Math.max(0, place.column - 1 - (place.text.length - code.length));
    lines.push(`        ${code}`, `        ${' '.repeat(caret)}^`);
  }
  return lines;
}

function isInterrupt(value: unknown): value is Error {
  return (
    isError(value) &&
    (value.message === 'Interrupted asynchronously' ||
      (value as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
  );
}

function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

export interface Failures {
  patchExecutor(target: PatchTarget<ExecutorModule>): void;
  patchJupyter(target: PatchTarget<JupyterModule>): void;
}

export function reportFailures(cells: Cells, places: Places): Failures {
  let newest: Failure | null = null;

  return {
    patchExecutor({ exports }) {
      const { createExecutor } = exports;
      exports.createExecutor = (rootDir, converters, console) => {
        let printed: unknown[][] = [];
        const executor = createExecutor(rootDir, converters, {
          ...console,
          error: (...args) => void printed.push(args),
        });
        return {
          ...executor,
          async execute(source) {
            printed = [];
            newest = null;
            let ok = false;
            try {
              ok = await executor.execute(source);
            } catch (error) {
              printed.push([error]);
            }
            if (ok) {
              // diagnostics of an @module cell, which does not fail by them
              for (const args of printed) console.error(...args);
              return true;
            }
            newest = describeFailure(printed, places);
            const cell = cells.running();
            if (cell) cells.publish(cell, 'error', newest);
            else console.error(newest.traceback.join('\n'));
            return false;
          },
        };
      };
    },
    patchJupyter({ exports }) {
      const handler = exports.JupyterHandlerImpl.prototype;
      const { handleExecute } = handler;
      handler.handleExecute = async function (request, ...writers) {
        const reply = await handleExecute.call(this, request, ...writers);
        // no other cell can have started: the queue holds back for 200 ms after a failure
        return reply.status === 'error' ? { ...reply, ...newest } : reply;
      };
    },
  };
}
