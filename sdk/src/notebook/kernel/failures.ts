/**
 * A failing cell says so by the protocol's own means.
 *
 * Defect in tslab: it prints the error to stderr and answers `status: error` without a name, a message or a
 * traceback; no front end can tell what failed, and nbclient raises an error without text. Here the same text goes
 * out as an `error` message and in the reply, instead of to stderr.
 */
import { format, inspect, types } from 'node:util';
import type { Cells } from './cells.js';
import type { ExecutorModule, JupyterModule, PatchTarget } from './tslab.js';

/** Content of an `error` message. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** Frames that only say how a cell gets executed. */
const KERNEL_FRAME = /^\s+at .*(tslab[\\/]dist[\\/]|notebook[\\/]kernel[\\/]|node:vm|node:internal[\\/])/;

/** What tslab printed of a failed cell, as an error message's content. `printed`: the arguments of each print. */
export function describeFailure(printed: readonly (readonly unknown[])[]): Failure {
  const [first] = printed;
  if (first === undefined)
    return { ename: 'Error', evalue: 'The cell failed', traceback: ['The cell failed'] };
  if (first.length > 1) {
    // diagnostics of the type checker come with a format string
    const lines = printed.map((args) => format(...args));
    return { ename: 'CompileError', evalue: lines[0]!, traceback: lines };
  }
  const thrown = first[0];
  const traceback = inspect(thrown)
    .split('\n')
    .filter((line) => !KERNEL_FRAME.test(line));
  return isError(thrown)
    ? { ename: thrown.name, evalue: thrown.message, traceback }
    : { ename: 'Thrown', evalue: traceback.join('\n'), traceback };
}

function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

export interface Failures {
  patchExecutor(target: PatchTarget<ExecutorModule>): void;
  patchJupyter(target: PatchTarget<JupyterModule>): void;
}

export function reportFailures(cells: Cells): Failures {
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
            newest = describeFailure(printed);
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
