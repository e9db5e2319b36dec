/**
 * The worker process: puts jobs, ship, store and backends together. Started by a lease, ended with its parent.
 */
import { installResolver } from './backends/resolve.js';
import { runEnsemble, scoreOutOfFold } from './jobs/combine.js';
import { makeDataset } from './jobs/dataset.js';
import { runUnit } from './jobs/unit.js';
import { createWorkshop } from './jobs/workshop.js';
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
  (argument: A, port: JobPort): Promise<R> => {
    current = port;
    return run(argument, { ...port, gpus });
  };

serve({
  dataset: method((job: Parameters<typeof makeDataset>[0]) => makeDataset(job, workshop)),
  unit: method((job: Parameters<typeof runUnit>[0], port) => runUnit(job, workshop, port)),
  ensemble: method((job: Parameters<typeof runEnsemble>[0], port) => runEnsemble(job, workshop, port)),
  outOfFold: method((job: Parameters<typeof scoreOutOfFold>[0]) => scoreOutOfFold(job, workshop)),
});
