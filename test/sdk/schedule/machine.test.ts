import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createScheduler,
  LOST_RETRIES,
  type ScheduleEffect,
  type ScheduleEvent,
  type Task,
} from '../../../sdk/src/schedule/machine.js';

/** The tasks of a run with folds, test tasks and one ensemble for each repetition. */
function tasksOf(repetitions: number, folds: number, despiteFailures = false): Task[] {
  const tasks: Task[] = [];
  for (let r = 0; r < repetitions; r++) {
    const tests: string[] = [];
    for (let k = 0; k < folds; k++) {
      tasks.push({ id: `fold ${r}/${k}`, kind: 'fold', after: [] });
      tasks.push({ id: `test ${r}/${k}`, kind: 'test', after: [`fold ${r}/${k}`] });
      tests.push(`test ${r}/${k}`);
    }
    tasks.push({ id: `ensemble ${r}`, kind: 'ensemble', after: tests, despiteFailures });
  }
  return tasks;
}

const runs = (effects: readonly ScheduleEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'run' ? [`${effect.task} on ${effect.lease}`] : []));
const types = (effects: readonly ScheduleEffect[]) => effects.map((effect) => effect.type);

describe('createScheduler', () => {
  it('asks for no more leases than there are folds to do or slots to have', () => {
    expect(types(createScheduler({ tasks: tasksOf(1, 3), slots: 8, onFailure: 'continue' }).start())).toEqual(
      ['open', 'open', 'open'],
    );
    expect(types(createScheduler({ tasks: tasksOf(1, 3), slots: 2, onFailure: 'continue' }).start())).toEqual(
      ['open', 'open'],
    );
  });

  it("runs a fold's test task at once on the lease that trained it, without waiting for other folds", () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 3), slots: 2, onFailure: 'continue' });
    scheduler.start();
    expect(runs(scheduler.on({ type: 'leaseReady', lease: 'a' }))).toEqual(['fold 0/0 on a']);
    expect(runs(scheduler.on({ type: 'leaseReady', lease: 'b' }))).toEqual(['fold 0/1 on b']);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold 0/1' }))).toEqual(['test 0/1 on b']);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold 0/0' }))).toEqual(['test 0/0 on a']);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'test 0/0' }))).toEqual(['fold 0/2 on a']);
  });

  it('forms the ensemble when its last member is there, before it starts the next repetition', () => {
    const scheduler = createScheduler({ tasks: tasksOf(2, 1), slots: 1, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    scheduler.on({ type: 'taskDone', task: 'fold 0/0' });
    expect(runs(scheduler.on({ type: 'taskDone', task: 'test 0/0' }))).toEqual(['ensemble 0 on a']);
  });

  it('lets the other folds finish when one fails, and leaves out the ensemble that lacks it', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 2), slots: 1, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    const effects = scheduler.on({ type: 'taskFailed', task: 'fold 0/0' });
    expect(effects).toEqual([
      { type: 'skip', task: 'test 0/0' },
      { type: 'skip', task: 'ensemble 0' },
      { type: 'run', task: 'fold 0/1', lease: 'a' },
    ]);
  });

  it('forms an ensemble of the survivors only when that was asked for', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 2, true), slots: 1, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    scheduler.on({ type: 'taskFailed', task: 'fold 0/0' });
    scheduler.on({ type: 'taskDone', task: 'fold 0/1' });
    expect(runs(scheduler.on({ type: 'taskDone', task: 'test 0/1' }))).toEqual(['ensemble 0 on a']);
  });

  it("starts nothing new after a failure when onFailure is 'stop'", () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 3), slots: 2, onFailure: 'stop' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    scheduler.on({ type: 'leaseReady', lease: 'b' });
    const effects = scheduler.on({ type: 'taskFailed', task: 'fold 0/0' });
    expect(runs(effects)).toEqual([]);
    expect(types(scheduler.on({ type: 'taskDone', task: 'fold 0/1' }))).toContain('end');
  });

  it('gives a task whose worker died to another lease, and gives it up after the retries', () => {
    const scheduler = createScheduler({
      tasks: [{ id: 'x', kind: 'fold', after: [] }],
      slots: 1,
      onFailure: 'continue',
    });
    scheduler.start();
    for (let i = 0; i < LOST_RETRIES; i++) {
      scheduler.on({ type: 'leaseReady', lease: `l${i}` });
      scheduler.on({ type: 'leaseLost', lease: `l${i}` });
      expect(types(scheduler.on({ type: 'taskLost', task: 'x', begun: true }))).toEqual(['open']);
    }
    scheduler.on({ type: 'leaseReady', lease: 'last' });
    scheduler.on({ type: 'leaseLost', lease: 'last' });
    expect(types(scheduler.on({ type: 'taskLost', task: 'x', begun: true }))).toEqual(['giveUp', 'end']);
  });

  it('runs nothing that is reused, and only what depends on the rest', () => {
    const tasks = tasksOf(1, 2).map((task) => ({ ...task, reused: task.id.endsWith('0/0') }));
    const scheduler = createScheduler({ tasks, slots: 2, onFailure: 'continue' });
    expect(types(scheduler.start())).toEqual(['open']);
    expect(runs(scheduler.on({ type: 'leaseReady', lease: 'a' }))).toEqual(['fold 0/1 on a']);
  });

  it('ends at once when everything is reused', () => {
    const tasks = tasksOf(2, 2).map((task) => ({ ...task, reused: true }));
    expect(types(createScheduler({ tasks, slots: 2, onFailure: 'continue' }).start())).toEqual(['end']);
  });

  it('aborts what runs, skips the rest and ends when it is cancelled', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 2), slots: 1, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    const effects = scheduler.on({ type: 'cancel' });
    expect(effects).toContainEqual({ type: 'abort', task: 'fold 0/0' });
    expect(types(scheduler.on({ type: 'taskFailed', task: 'fold 0/0' }))).toContain('end');
  });

  it('ends when no lease can be had', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 2), slots: 1, onFailure: 'continue' });
    scheduler.start();
    expect(types(scheduler.on({ type: 'noLease' }))).toContain('end');
  });

  it('asks for no further lease after one did not come, until another is lost', () => {
    const scheduler = createScheduler({ tasks: tasksOf(4, 1), slots: 2, onFailure: 'continue' });
    scheduler.start();
    expect(types(scheduler.on({ type: 'noLease' }))).toEqual([]);
    expect(types(scheduler.on({ type: 'leaseReady', lease: 'a' }))).toEqual(['run']);
    expect(types(scheduler.on({ type: 'leaseLost', lease: 'a' }))).toContain('open');
    expect(types(scheduler.on({ type: 'noLease' }))).not.toContain('open');
  });

  it('ends when each of several leases could not be had', () => {
    const scheduler = createScheduler({ tasks: tasksOf(4, 1), slots: 2, onFailure: 'continue' });
    scheduler.start();
    expect(types(scheduler.on({ type: 'noLease' }))).toEqual([]);
    expect(types(scheduler.on({ type: 'noLease' }))).toContain('end');
  });

  it('gives each lease a task before it gives any lease a second one', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 6), slots: 2, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'depth', depth: 2 });
    expect(runs(scheduler.on({ type: 'leaseReady', lease: 'a' }))).toEqual([
      'fold 0/0 on a',
      'fold 0/1 on a',
    ]);
    expect(runs(scheduler.on({ type: 'leaseReady', lease: 'b' }))).toEqual([
      'fold 0/2 on b',
      'fold 0/3 on b',
    ]);
    scheduler.on({ type: 'depth', depth: 1 });
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold 0/0' }))).toEqual([]);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold 0/1' }))).toEqual(['test 0/0 on a']);
  });

  it('leaves the leases that are being opened their share', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 3), slots: 2, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'depth', depth: 16 });
    expect(runs(scheduler.on({ type: 'leaseReady', lease: 'a' }))).toEqual([
      'fold 0/0 on a',
      'fold 0/1 on a',
    ]);
    expect(runs(scheduler.on({ type: 'leaseReady', lease: 'b' }))).toEqual(['fold 0/2 on b']);
  });

  it('does not count a loss against a task that had not begun', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 1), slots: 1, onFailure: 'continue' });
    scheduler.start();
    for (let i = 0; i <= LOST_RETRIES; i++) {
      scheduler.on({ type: 'leaseReady', lease: `l${i}` });
      scheduler.on({ type: 'leaseLost', lease: `l${i}` });
      expect(types(scheduler.on({ type: 'taskLost', task: 'fold 0/0', begun: false }))).toEqual(['open']);
    }
  });

  it('ends every task exactly once and never gives a lease more than it may have, in any order of events', () => {
    const step = fc.record({
      choice: fc.nat(),
      outcome: fc.constantFrom('done', 'done', 'done', 'failed', 'lost', 'exhausted'),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('continue' as const, 'stop' as const),
        fc.boolean(),
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 200 }),
        (repetitions, folds, slots, onFailure, survivors, depth, steps) => {
          const tasks = tasksOf(repetitions, folds, survivors);
          const scheduler = createScheduler({ tasks, slots, onFailure });
          const onLease = new Map<string, string>();
          const ended = new Map<string, number>();
          let opening = 0;
          let leases = 0;
          let end = 0;
          const discarded = new Set<string>();
          const retried = new Set<string>();
          /** Retried, and not lost since. */
          const alone = new Set<string>();
          const count = (task: string) => ended.set(task, (ended.get(task) ?? 0) + 1);
          const apply = (effects: ScheduleEffect[]) => {
            for (const effect of effects) {
              if (effect.type === 'open') opening++;
              else if (effect.type === 'skip') count(effect.task);
              else if (effect.type === 'giveUp') count(effect.task);
              else if (effect.type === 'end') end++;
              else if (effect.type === 'discard') {
                expect([...onLease.values()]).not.toContain(effect.lease);
                discarded.add(effect.lease);
              } else if (effect.type === 'run') {
                expect(onLease.has(effect.task)).toBe(false);
                expect(discarded.has(effect.lease)).toBe(false);
                onLease.set(effect.task, effect.lease);
                if ([...onLease.keys()].some((task) => alone.has(task))) expect(onLease.size).toBe(1);
                const given = [...onLease.values()].filter((lease) => lease === effect.lease);
                expect(given.length).toBeLessThanOrEqual(depth);
              }
            }
            expect(new Set(onLease.values()).size).toBeLessThanOrEqual(slots);
          };
          const send = (event: ScheduleEvent) => apply(scheduler.on(event));
          apply(scheduler.start());
          send({ type: 'depth', depth });
          const all = [
            ...steps,
            ...Array.from({ length: 400 }, () => ({ choice: 0, outcome: 'done' as const })),
          ];
          for (const { choice, outcome } of all) {
            const running = [...onLease.keys()];
            if (opening > 0 && (choice % 2 === 0 || running.length === 0)) {
              opening--;
              send({ type: 'leaseReady', lease: `lease ${leases++}` });
            } else if (running.length > 0) {
              const task = running[choice % running.length]!;
              const lease = onLease.get(task)!;
              if (outcome === 'lost') {
                const lost = running.filter((each) => onLease.get(each) === lease);
                for (const each of lost) {
                  onLease.delete(each);
                  alone.delete(each);
                }
                send({ type: 'leaseLost', lease });
                lost.forEach((each, i) => send({ type: 'taskLost', task: each, begun: i === 0 }));
              } else if (outcome === 'exhausted' && !retried.has(task)) {
                onLease.delete(task);
                retried.add(task);
                alone.add(task);
                const before = ended.size;
                send({ type: 'retryAlone', task });
                // a run that is stopping does not try again
                if (ended.size > before) alone.delete(task);
              } else {
                onLease.delete(task);
                alone.delete(task);
                count(task);
                send(outcome === 'done' ? { type: 'taskDone', task } : { type: 'taskFailed', task });
              }
            } else break;
          }
          expect(end).toBe(1);
          expect([...ended.values()].every((times) => times === 1)).toBe(true);
          expect(ended.size).toBe(tasks.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a task for which memory did not suffice', () => {
  it('runs once more when the others have ended, on a fresh worker, with none beside it', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 3).slice(0, 6), slots: 2, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    scheduler.on({ type: 'leaseReady', lease: 'b' });
    // nothing new is given to the lease that is free now
    expect(scheduler.on({ type: 'retryAlone', task: 'fold 0/0' })).toEqual([]);
    expect(scheduler.on({ type: 'taskDone', task: 'fold 0/1' })).toEqual([
      { type: 'discard', lease: 'a' },
      { type: 'discard', lease: 'b' },
      { type: 'open' },
    ]);
    expect(scheduler.on({ type: 'leaseReady', lease: 'c' })).toEqual([
      { type: 'run', task: 'fold 0/0', lease: 'c' },
    ]);
    // then all goes on as before
    expect(types(scheduler.on({ type: 'taskDone', task: 'fold 0/0' }))).toEqual(['run', 'open']);
  });

  it('is skipped when the run is cancelled before it can', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 2).slice(0, 4), slots: 2, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    scheduler.on({ type: 'leaseReady', lease: 'b' });
    scheduler.on({ type: 'retryAlone', task: 'fold 0/0' });
    expect(scheduler.on({ type: 'cancel' })).toContainEqual({ type: 'skip', task: 'fold 0/0' });
    expect(types(scheduler.on({ type: 'taskFailed', task: 'fold 0/1', cancelled: true }))).toContain('end');
  });
});

describe('more to do while it goes on', () => {
  const busy = () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 3), slots: 1, onFailure: 'stop' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    return scheduler;
  };
  const again: Task[] = [
    { id: 'fold again', kind: 'fold', after: [], urgent: true },
    { id: 'test again', kind: 'test', after: ['fold again'], urgent: true },
  ];

  it('goes before all that is queued when it is urgent', () => {
    const scheduler = busy();
    expect(runs(scheduler.on({ type: 'add', tasks: again }))).toEqual([]);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold 0/0' }))).toEqual(['fold again on a']);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold again' }))).toEqual(['test again on a']);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'test again' }))).toEqual(['test 0/0 on a']);
  });

  it('starts at once after what has ended, and never after what failed', () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 2), slots: 1, onFailure: 'continue' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    scheduler.on({ type: 'taskFailed', task: 'fold 0/0' });
    const effects = scheduler.on({
      type: 'add',
      tasks: [
        { id: 'after failure', kind: 'ensemble', after: ['fold 0/0'] },
        { id: 'despite failure', kind: 'ensemble', after: ['fold 0/0'], despiteFailures: true, urgent: true },
      ],
    });
    expect(effects).toEqual([{ type: 'skip', task: 'after failure' }]);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold 0/1' }))).toEqual(['despite failure on a']);
  });

  it('refuses a name that is taken', () => {
    expect(() => busy().on({ type: 'add', tasks: tasksOf(1, 1) })).toThrow(/two tasks have the id/);
  });
});

describe('one task cancelled', () => {
  const open = () => {
    const scheduler = createScheduler({ tasks: tasksOf(1, 2), slots: 1, onFailure: 'stop' });
    scheduler.start();
    scheduler.on({ type: 'leaseReady', lease: 'a' });
    return scheduler;
  };

  it('is skipped with what depends on it while it waits; the others go on', () => {
    const scheduler = open();
    expect(scheduler.on({ type: 'cancelTask', task: 'fold 0/1' })).toEqual([
      { type: 'skip', task: 'fold 0/1' },
      { type: 'skip', task: 'test 0/1' },
      { type: 'skip', task: 'ensemble 0' },
    ]);
    expect(runs(scheduler.on({ type: 'taskDone', task: 'fold 0/0' }))).toEqual(['test 0/0 on a']);
  });

  it("is aborted while it runs, and its end is no failure that stops the others with onFailure: 'stop'", () => {
    const scheduler = open();
    expect(scheduler.on({ type: 'cancelTask', task: 'fold 0/0' })).toEqual([
      { type: 'abort', task: 'fold 0/0' },
    ]);
    expect(runs(scheduler.on({ type: 'taskFailed', task: 'fold 0/0', cancelled: true }))).toEqual([
      'fold 0/1 on a',
    ]);
    expect(scheduler.stopping).toBe(false);
  });
});
