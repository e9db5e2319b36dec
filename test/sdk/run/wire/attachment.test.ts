import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChanges } from '../../../../sdk/src/run/changes.js';
import type { KnownRun } from '../../../../sdk/src/run/knownRun.js';
import { attach } from '../../../../sdk/src/run/wire/attachment.js';
import { patchRun } from '../../../../sdk/src/view/patch.js';
import { WIRE_INTERVAL_MS, type KernelMessage } from '../../../../sdk/src/view/wire.js';
import { runningModel } from '../../view/models.js';

/** A run whose first unit's score is what `value` says. */
function knownRun() {
  const changes = createChanges();
  const base = runningModel();
  const state = { sequence: 0, value: 0, seconds: 0 };
  const run = {
    id: base.id,
    onChange: changes.on,
    snapshot: () => ({
      ...base,
      sequence: state.sequence++,
      seconds: state.seconds++,
      units: base.units.map((unit, i) =>
        i === 0 ? { ...unit, validation: { accuracy: state.value } } : unit,
      ),
    }),
  } as unknown as KnownRun;
  return { run, state, tell: changes.tell };
}

describe('attach', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends the whole model, then one difference for many changes, and ends with what is', () => {
    const { run, state, tell } = knownRun();
    const messages: KernelMessage[] = [];
    attach(run, (message) => messages.push(message), Date.now);
    for (let i = 1; i <= 1000; i++) {
      state.value = i;
      tell();
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(WIRE_INTERVAL_MS);
    expect(messages.length).toBeLessThanOrEqual(1 + 1000 / WIRE_INTERVAL_MS + 1);
    expect(messages.length).toBeGreaterThan(5);
    const [first, ...patches] = messages;
    let model = (first as Extract<KernelMessage, { type: 'run' }>).model;
    for (const each of patches)
      model = patchRun(model, (each as Extract<KernelMessage, { type: 'patch' }>).patch)!;
    expect(model.units[0]!.validation).toEqual({ accuracy: 1000 });
  });

  it('says nothing when only the clock has moved', () => {
    const { run, tell } = knownRun();
    const messages: KernelMessage[] = [];
    attach(run, (message) => messages.push(message), Date.now);
    tell();
    vi.advanceTimersByTime(10 * WIRE_INTERVAL_MS);
    expect(messages).toHaveLength(1);
  });

  it('sends the whole model again when asked, and nothing after it is detached', () => {
    const { run, state, tell } = knownRun();
    const messages: KernelMessage[] = [];
    const attachment = attach(run, (message) => messages.push(message), Date.now);
    attachment.resync();
    expect(messages.map(({ type }) => type)).toEqual(['run', 'run']);
    attachment.detach();
    state.value = 1;
    tell();
    vi.advanceTimersByTime(10 * WIRE_INTERVAL_MS);
    expect(messages).toHaveLength(2);
  });
});
