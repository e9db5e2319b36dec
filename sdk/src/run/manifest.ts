/**
 * The manifest: what a run was made with, for people and for later comparison. Written at the start and at the end.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { describeBackend } from '../backends/activate.js';
import { MANIFEST } from '../store/runDirectory.js';
import type { Fingerprints } from './plan.js';
import type { Settings } from './options.js';
import type { RunRecord } from './record.js';
import type { Threads } from './threads.js';

export interface ManifestFacts {
  readonly id: string;
  readonly dir: string;
  readonly settings: Settings;
  readonly fingerprints: Fingerprints & { readonly datasetFunc: string };
  readonly datasetHash: string;
  readonly threads: Threads;
  readonly slots: number;
  readonly gpus: readonly string[];
  readonly notices: readonly string[];
}

let version: string | undefined;

export function foldlabVersion(): string {
  return (version ??= (
    JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }
  ).version);
}

export function writeManifest(facts: ManifestFacts): void {
  const { settings } = facts;
  const { functions, params, sampleIds, signal: _signal, metrics, ensembles, ...plain } = settings;
  const backend = describeBackend();
  const manifest = {
    foldlab: foldlabVersion(),
    id: facts.id,
    writtenAt: new Date().toISOString(),
    options: {
      ...plain,
      ...params,
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : `closure ${value.name}`,
        ]),
      ),
      splits: plain.splits?.kind === 'predefined' ? `${plain.numFolds} predefined splits` : plain.splits,
      sampleIds: sampleIds ? `${sampleIds.length} predefined splits` : null,
      metrics: metrics && Object.keys(metrics),
      ensembles: ensembles.map(({ combine, over }) => {
        const method = typeof combine === 'string' ? combine : combine.name;
        return over === 'repetition' ? method : `${method} over ${over}`;
      }),
    },
    fingerprints: facts.fingerprints,
    datasetHash: facts.datasetHash,
    ...facts.threads,
    slots: facts.slots,
    gpus: facts.gpus,
    notices: facts.notices,
    /** By data set: sets of models whose test scores were looked at. */
    testLooks: looksBefore(facts.dir),
    versions: {
      node: process.version,
      tfjs: backend.kind === 'none' ? null : backend.tfjsVersion,
      tensorflow: backend.tensorflowVersion,
    },
    backend: backend.kind,
    platform: `${process.platform}-${process.arch}`,
    host: hostname(),
    gitCommit: gitCommit(),
  };
  writeFileAtomic.sync(join(facts.dir, MANIFEST), `${JSON.stringify(manifest, replacer, 2)}\n`, {
    fsync: false,
  });
}

/** What is written down in a directory; empty without a manifest that can be read. */
export function readManifest(dir: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Changes some fields of a manifest and leaves the others. */
export function updateManifest(dir: string, fields: object): void {
  const manifest = { ...readManifest(dir), ...fields };
  writeFileAtomic.sync(join(dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { fsync: false });
}

const looksBefore = (dir: string): Record<string, number> =>
  (readManifest(dir).testLooks as Record<string, number> | undefined) ?? {};

/** Writes down with how many sets of models test scores of the data set were looked at. */
export function writeLooks({ dir, evaluation, testLooks }: RunRecord): void {
  const before = looksBefore(dir);
  // most runs are of models that were counted already
  if (before[evaluation!.datasetHash] === testLooks) return;
  try {
    updateManifest(dir, { testLooks: { ...before, [evaluation!.datasetHash]: testLooks } });
  } catch {
    // the journal has them
  }
}

/** Parameters may hold what JSON cannot; the manifest is for reading. */
function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}

let commit: string | null | undefined;

/** The working directory's commit, asked once per process; null outside git. */
function gitCommit(): string | null {
  if (commit === undefined) {
    try {
      commit = execFileSync('git', ['rev-parse', 'HEAD'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 2_000,
      }).trim();
    } catch {
      commit = null;
    }
  }
  return commit;
}
