import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOURNAL_VERSION, openJournal, readJournal } from '../../../sdk/src/store/journal.js';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foldlab-journal-'));
  file = join(dir, 'journal.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (...entries: unknown[]) => {
  const journal = openJournal<unknown>(file);
  for (const entry of entries) journal.append(entry);
  journal.close();
};

describe('openJournal', () => {
  it('gives back what was appended, in order', () => {
    write({ a: 1 }, { b: 'zwei' });
    const journal = openJournal(file);
    expect(journal.replayed).toEqual([{ a: 1 }, { b: 'zwei' }]);
    journal.close();
  });

  it('has a line in the file before append returns', () => {
    const journal = openJournal(file);
    journal.append({ a: 1 });
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify({ v: JOURNAL_VERSION, e: { a: 1 } })}\n`);
    journal.close();
  });

  it.each(['{"v":1,"e":{"a"', '{"v":1,"e":{"a":', 'garbage without an end'])(
    'drops a torn last line (%s) and goes on behind the last sound one',
    (torn) => {
      write({ a: 1 });
      appendFileSync(file, torn);
      write({ a: 2 });
      expect(readJournal(file).entries).toEqual([{ a: 1 }, { a: 2 }]);
    },
  );

  it('drops a last line that is whole but damaged', () => {
    write({ a: 1 });
    appendFileSync(file, '\0\0\0\0\n');
    write({ a: 2 });
    expect(readJournal(file).entries).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('refuses a journal that is damaged in the middle, naming the line', () => {
    write({ a: 1 });
    appendFileSync(file, 'oops\n');
    appendFileSync(file, `${JSON.stringify({ v: 1, e: { a: 2 } })}\n`);
    expect(() => openJournal(file)).toThrow(/line 2 is damaged/);
  });

  it('refuses a journal of a newer foldlab', () => {
    writeFileSync(file, `${JSON.stringify({ v: JOURNAL_VERSION + 1, e: {} })}\n`);
    expect(() => openJournal(file)).toThrow(/newer foldlab/);
  });
});
