/**
 * Makes a fresh worker warm: the functions' modules are loaded (TensorFlow among them) and the data set is in memory.
 */
import { tensorflowReady } from '../backends/activate.js';
import { openDataset } from './dataset.js';
import type { PreloadJob } from './messages.js';
import type { Workshop } from './workshop.js';

export async function preload({ functions, datasets }: PreloadJob, workshop: Workshop): Promise<void> {
  for (const func of functions) workshop.instantiate(func);
  await tensorflowReady();
  for (const dataset of datasets) await openDataset(dataset, workshop);
}
