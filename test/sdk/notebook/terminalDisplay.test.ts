import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTerminalDisplay } from '../../../sdk/src/notebook/terminalDisplay.js';
import { terminalFrame } from '../../../sdk/src/notebook/terminalFrame.js';
import { runTable } from '../../../sdk/src/view/table.js';
import { EXAMPLES, doneModel, failedModel, freshModel, runningModel } from '../view/models.js';

/** Remembers what was written, one entry per write. */
function recorder(): any {
  const writes: string[] = [];
  return { writes, columns: 80, rows: 40, isTTY: true, write: (text: string) => writes.push(text) > 0 };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('without a terminal a line is written when a unit ends, notices once, the table last', async () => {
  const stream = recorder();
  const display = createTerminalDisplay({ stream, interactive: false });
  display.update(freshModel());
  display.update(runningModel());
  display.update(runningModel({ sequence: 42 }));
  display.update(failedModel({ notices: runningModel().notices }));
  display.close(failedModel({ notices: runningModel().notices }));
  const text = stream.writes.join('');
  await expect(text).toMatchFileSnapshot('__snapshots__/log.txt');
  expect(text.match(/going on with 1/g)).toHaveLength(2); // its own line, and in the table
  expect(text).toContain('[ 3/10] fold 2, repetition 0: validation accuracy 0.9641, test 0.9697 (29.3 s)\n');
  expect(text).toContain('fold 2, repetition 1: failed: Error: out of memory');
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/\u001b/);
});

test('without a terminal a second attempt of a unit has its own line', () => {
  const stream = recorder();
  const display = createTerminalDisplay({ stream, interactive: false });
  display.update(doneModel());
  const again = doneModel();
  display.update({
    ...again,
    units: again.units.map((unit, i) => (i === 0 ? { ...unit, attempt: 2 } : unit)),
  });
  expect(stream.writes.at(-1)).toBe(
    '[10/10] fold 0, repetition 0: validation accuracy 0.9663, test 0.9707 (29.3 s)\n',
  );
});

test('in a terminal at most 10 drawings a second, the newest last', () => {
  const stream = recorder();
  const display = createTerminalDisplay({ stream, interactive: true });
  for (let i = 0; i < 1000; i++) {
    display.update(runningModel({ seconds: i / 10, activity: `step ${i}` }));
    vi.advanceTimersByTime(1);
  }
  const frames = stream.writes.filter((text: string) => text.includes('step'));
  expect(frames.length).toBeLessThanOrEqual(11);
  expect(frames.length).toBeGreaterThan(8);
  vi.advanceTimersByTime(200);
  expect(stream.writes.at(-1)).toContain('step 999');
});

test('in a terminal close clears the drawing and leaves the table', () => {
  const stream = recorder();
  const display = createTerminalDisplay({ stream, interactive: true });
  display.update(runningModel());
  display.update(runningModel({ activity: 'late' }));
  display.close(doneModel());
  display.update(runningModel({ activity: 'too late' }));
  display.close(doneModel());
  vi.advanceTimersByTime(1000);
  expect(stream.writes.at(-1)).toBe(`${runTable(doneModel())}\n`);
  // the sequence that erases a line, once for each line of the drawing
  const lines = terminalFrame(runningModel(), stream).split('\n').length;
  expect(stream.writes.join('').split('\u001b[2K').length - 1).toBeGreaterThanOrEqual(lines);
  expect(stream.writes.join('')).not.toContain('late');
});

test('a frame shows the bar, what each running unit does, and the grid', () => {
  const lines = terminalFrame(runningModel(), { columns: 80, rows: 40 }).split('\n');
  expect(lines[1]).toBe(`${'█'.repeat(7)}${'░'.repeat(17)} 3 of 10 units done · 1:12 · about 2:40 left`);
  expect(lines[3]).toMatch(/^ {2}fold 4, repetition 0 · train · epoch 4 · loss 0\.\d{4}, val_loss 0\.\d{4}/);
  expect(lines).toContain('fold 4                train  queued       –');
});

test('a frame never exceeds the terminal', () => {
  for (const model of Object.values(EXAMPLES)) {
    for (const size of [
      { columns: 40, rows: 12 },
      { columns: 80, rows: 24 },
      { columns: 20, rows: 3 },
    ]) {
      const lines = terminalFrame(model, size).split('\n');
      expect(lines.length).toBeLessThan(size.rows);
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(size.columns);
    }
  }
});

test.each([true, false])(
  'a run that ends before its first unit has no table (interactive: %s)',
  (interactive) => {
    const stream = recorder();
    const display = createTerminalDisplay({ stream, interactive });
    display.close({ ...freshModel(), status: 'failed' });
    expect(stream.writes.join('')).not.toContain('fold 0');
  },
);

test('without a terminal a message of several units is written once', () => {
  const stream = recorder();
  const display = createTerminalDisplay({ stream, interactive: false });
  const units = doneModel().units.map((unit) => ({ ...unit, status: 'failed' as const, error: 'no luck' }));
  display.update(doneModel({ status: 'running', units }));
  const lines = stream.writes.join('').split('\n');
  expect(lines[1]).toBe('[ 1/10] fold 0, repetition 0: failed: no luck (29.3 s)');
  expect(lines[2]).toMatch(/^\[ 2\/10\] .*: failed, as fold 0, repetition 0 \(/);
});

test('a run that was cancelled ends with how to go on, and no other does', () => {
  for (const interactive of [true, false]) {
    const ended = (model: ReturnType<typeof doneModel>): string => {
      const stream = recorder();
      createTerminalDisplay({ stream, interactive }).close(model);
      return stream.writes.join('');
    };
    expect(ended(doneModel({ status: 'cancelled', dir: 'runs/a' }))).toMatch(
      /\n\nWhat is done is kept in runs\/a: run this again to go on, or npx foldlab resume runs\/a\n$/,
    );
    expect(ended(doneModel())).not.toContain('resume');
  }
});
