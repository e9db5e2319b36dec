/**
 * Where a unit's files are, and the end of its log.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { logFile, unitPaths } from '../store/runDirectory.js';
import type { RunRecord, UnitRecord } from './record.js';

/** Absolute paths of the unit's newest attempt; the directory is one that exists. */
export function unitFiles(record: RunRecord, unit: UnitRecord): { dir: string; log: string } {
  const { repIndex, cvIndex } = unit;
  const attempt = unit.attempts.at(-1);
  const { modelDir } = unitPaths(record.dir, {
    repIndex,
    cvIndex,
    part: 'validation',
    attempt: attempt?.attempt ?? 1,
  });
  const places = [attempt?.model?.modelDir, modelDir, dirname(modelDir)];
  return {
    dir: places.find((place) => place !== undefined && existsSync(place)) ?? record.dir,
    log: logFile(record.dir, unit),
  };
}

/** The last `bytes` of a log, from the start of a line; '' when nothing was written. */
export function readUnitLog(file: string, bytes = Infinity): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = fstatSync(fd);
    const length = Math.min(size, bytes);
    const buffer = Buffer.alloc(length);
    readSync(fd, buffer, 0, length, size - length);
    const text = buffer.toString('utf8');
    return length < size ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(fd);
  }
}
