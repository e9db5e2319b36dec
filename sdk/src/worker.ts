/**
 * The worker process: puts jobs, ship, store and backends together. Started by a lease, ended with its parent.
 */
import { installResolver } from './backends/resolve.js';
import { createCarrier, type Perform } from './jobs/carried.js';
import { runEnsemble, scoreOutOfFold } from './jobs/combine.js';
import { makeDataset } from './jobs/dataset.js';
import { preflight } from './jobs/preflight.js';
import { preload } from './jobs/preload.js';
import { createScratch } from './jobs/scratch.js';
import type { CarriedJob, LackingJob, TryStorageJob } from './jobs/storageMessages.js';
import { runUnit, type UnitPort } from './jobs/unit.js';
import { createWorkshop } from './jobs/workshop.js';
import { quoteLine } from './ship/compile.js';
import { whereAmI } from './workers/place.js';
import { serve, type JobPort } from './workers/serve.js';
import { ipcPort } from './workers/servePort.js';
import { stdioPort } from './workers/stdioPort.js';
import { watchParent } from './workers/watchdog.js';

/** Set when another program carries the messages: how often it wants a sign of life. */
const beatMs = Number(process.env.FOLDLAB_BEAT_MS ?? 0);
const parent = beatMs > 0 ? process.ppid : Number(process.env.FOLDLAB_PARENT ?? process.ppid);
const port = beatMs > 0 ? stdioPort({ parent, beatMs }) : ipcPort();
if (beatMs === 0) watchParent(parent);
installResolver();

let current: JobPort | null = null;
const workshop = createWorkshop((key) => current!.shipment(key));
const place = whereAmI();
const { gpus } = place;

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

type Performer = (job: any, port: UnitPort) => Promise<unknown>;
const jobs: Readonly<Record<string, Performer>> = {
  dataset: (job: Parameters<typeof makeDataset>[0]) => makeDataset(job, workshop),
  unit: (job: Parameters<typeof runUnit>[0], port) => runUnit(job, workshop, port),
  ensemble: (job: Parameters<typeof runEnsemble>[0], port) => runEnsemble(job, workshop, port),
  preload: (job: Parameters<typeof preload>[0]) => preload(job, workshop),
  outOfFold: (job: Parameters<typeof scoreOutOfFold>[0]) => scoreOutOfFold(job, workshop),
};
const carrier = createCarrier(createScratch, place.node);
const perform: Perform = (name, argument, port) => jobs[name]!(argument, port);

const methods = {
  ...Object.fromEntries(Object.entries(jobs).map(([name, run]) => [name, method(run)])),
  preflight: method((job: Parameters<typeof preflight>[0]) => preflight(job)),
  tryStorage: method((job: TryStorageJob) => carrier.tryStorage(job)),
  lacking: method((job: LackingJob) => carrier.lacking(job)),
  carried: method((job: CarriedJob, port) => carrier.run(job, port, perform)),
};
serve(methods, port, beatMs > 0 ? place : undefined);
