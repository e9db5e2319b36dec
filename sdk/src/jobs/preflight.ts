/** What a node has of what a run needs, found out by a worker on it. Changes nothing but files that it was given. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { describeBackend, type BackendFacts } from '../backends/activate.js';

export interface PreflightJob {
  /** Files that the kernel process has just written, and what is in them. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

export interface Preflight {
  readonly nodeVersion: string;
  readonly platform: string;
  readonly backend: BackendFacts;
  /** By the job's files. */
  readonly files: readonly ('ok' | 'missing' | 'another file' | 'not writable')[];
}

export async function preflight({ files }: PreflightJob): Promise<Preflight> {
  return {
    nodeVersion: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    backend: describeBackend(),
    files: files.map(({ path, content }) => stateOf(path, content)),
  };
}

function stateOf(path: string, content: string): Preflight['files'][number] {
  try {
    if (!statSync(path).isFile() || readFileSync(path, 'utf8') !== content) return 'another file';
  } catch {
    return 'missing';
  }
  try {
    accessSync(path, constants.W_OK);
    return 'ok';
  } catch {
    return 'not writable';
  }
}
