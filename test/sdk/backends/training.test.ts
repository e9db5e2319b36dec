import { afterEach, describe, expect, it } from 'vitest';
import { describeTraining, noteTraining } from '../../../sdk/src/backends/training.js';

const global = globalThis as { _tfengine?: object };
afterEach(() => {
  noteTraining(null);
  delete global._tfengine;
});

describe('describeTraining', () => {
  it('says how TensorFlow has trained, and only TensorFlow', () => {
    expect(describeTraining()).toBe('none');
    global._tfengine = { backendName: 'tensorflow' };
    expect(describeTraining()).toBe('tensorflow');
    noteTraining('traced');
    expect(describeTraining()).toBe('tensorflow (traced)');
    noteTraining('eager');
    expect(describeTraining()).toBe('tensorflow (eager)');
    global._tfengine = { backendName: 'wasm' };
    expect(describeTraining()).toBe('wasm');
    noteTraining(null);
    global._tfengine = { backendName: 'tensorflow' };
    expect(describeTraining()).toBe('tensorflow');
  });
});
