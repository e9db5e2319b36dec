/**
 * The worker process: puts jobs, ship, store and backends together. Started by a lease, ended with its parent.
 */
import { installResolver } from './backends/resolve.js';
import { runEnsemble, scoreOutOfFold } from './jobs/combine.js';
import { makeDataset } from './jobs/dataset.js';
import { preload } from './jobs/preload.js';
import { runUnit } from './jobs/unit.js';
import { createWorkshop } from './jobs/workshop.js';
import { quoteLine } from './ship/compile.js';
import { serve, type JobPort } from './workers/serve.js';
import { watchParent } from './workers/watchdog.js';

watchParent(Number(process.env.FOLDLAB_PARENT ?? process.ppid));
installResolver();

let current: JobPort | null = null;
const workshop = createWorkshop((key) => current!.shipment(key));
const gpus = (process.env.FOLDLAB_GPUS ?? '').split(',').filter(Boolean);

/** One job at a time, so the shipment source can simply follow the job. */
const method =
  <A, R>(run: (argument: A, port: JobPort & { readonly gpus: readonly string[] }) => Promise<R>) =>
  async (argument: A, port: JobPort): Promise<R> => {
    current = port;
    try {
      return await run(argument, { ...port, gpus });
    } catch (error) {
      quote(error);
      throw error;
    }
  };

/** A line number in a cell's compiled code tells little: the line itself stands above the first frame. */
function quote(error: unknown): void {
  const { stack } = error as { stack?: unknown };
  const line = typeof stack === 'string' ? quoteLine(stack) : null;
  if (line !== null && error instanceof Error)
    error.stack = (stack as string).replace(/\n(\s+at )/, `\n    > ${line.replaceAll('$', '$$$$')}\n$1`);
}

serve({
  dataset: method((job: Parameters<typeof makeDataset>[0]) => makeDataset(job, workshop)),
  unit: method((job: Parameters<typeof runUnit>[0], port) => runUnit(job, workshop, port)),
  ensemble: method((job: Parameters<typeof runEnsemble>[0], port) => runEnsemble(job, workshop, port)),
  preload: method((job: Parameters<typeof preload>[0]) => preload(job, workshop)),
  outOfFold: method((job: Parameters<typeof scoreOutOfFold>[0]) => scoreOutOfFold(job, workshop)),
});
