/** Which of the driver's files a job reads. */
import { foldersOf } from '../../jobs/carried.js';
import type { DatasetRef, EnsembleJob, OutOfFoldJob, PreloadJob, UnitJob } from '../../jobs/messages.js';
import type { Job } from '../../schedule/executor.js';
import { filesBelow, knownFile, type KnownFile } from '../../storage/fileRecord.js';
import { halfFiles } from '../../store/datasets.js';

/** What is read for the first time is read to the end: a file that travels is known by its content. */
export async function inputsOf({ method, argument }: Job): Promise<KnownFile[]> {
  switch (method) {
    case 'unit': {
      const job = argument as UnitJob;
      // an attempt that trains finds nothing in its folders
      const folders = job.phases[0]?.phase === 'train' ? [] : foldersOf(job);
      const files = (await Promise.all(folders.map(filesBelow))).flat();
      return [
        ...(await allKnown([...datasetFiles(job.dataset), ...files])),
        ...(job.predictions ? [job.predictions] : []),
      ];
    }
    case 'ensemble': {
      const job = argument as EnsembleJob;
      const members = job.members.flatMap(({ predictions, validation }) =>
        validation ? [predictions, validation] : [predictions],
      );
      return [...(await allKnown(datasetFiles(job.dataset))), ...members];
    }
    case 'outOfFold': {
      const job = argument as OutOfFoldJob;
      const members = [...job.members, ...job.others.flatMap((other) => other.members)];
      return [
        ...(await allKnown(datasetFiles(job.dataset))),
        ...members.map(({ predictions }) => predictions),
      ];
    }
    case 'preload':
      return allKnown((argument as PreloadJob).datasets.flatMap(datasetFiles));
    default:
      return [];
  }
}

const datasetFiles = ({ source, place }: DatasetRef): string[] =>
  source.mode === 'shared' && place ? halfFiles(source.cacheDir, source.callKey, place) : [];

async function allKnown(files: readonly string[]): Promise<KnownFile[]> {
  const known: KnownFile[] = [];
  // one after the other: a disk is read fastest so
  for (const file of files) known.push(await knownFile(file));
  return known;
}
