import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageDir } from '../../../sdk/src/backends/cache.js';
import { disposeModel, isLayersModel, saveLayersModel } from '../../../sdk/src/backends/model.js';
import { anyBuild, compileBackends, evaluate, runNode, scratch } from './compiled.js';

const place = scratch();
let backends: string;
beforeAll(() => void (backends = compileBackends(place.dir)));
afterAll(() => place.remove());

const programs = join(place.dir, 'programs');
const saved = join(place.dir, 'saved');
const run = (program: string) =>
  evaluate(
    `const [backends, dir, build] = process.argv.slice(2);
     const { saveLayersModel, loadLayersModel, disposeModel, isLayersModel } = require(backends + '/model.js');
     const { describeLoaded, tensorMemory } = require(backends + '/activate.js');
     (async () => { ${program} })().catch((error) => { console.error(error); process.exit(1); });`,
    { dir: programs, args: [backends, saved, packageDir(anyBuild!)] },
  );

describe.skipIf(!anyBuild)('a tf.LayersModel', () => {
  it('predicts the same in another process when it is saved and restored', async () => {
    const first = await run(`
      const none = [describeLoaded(), tensorMemory()];
      const tf = require(build);
      await tf.ready();
      const model = tf.sequential({ layers: [
        tf.layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 2 }), tf.layers.batchNormalization(),
        tf.layers.flatten(), tf.layers.dense({ units: 3, activation: 'softmax' })] });
      model.setUserDefinedMetadata({ note: 'kept' });
      const empty = tensorMemory();
      const scores = tf.tidy(() => Array.from(model.predict(tf.range(0, 16).reshape([1, 4, 4, 1])).dataSync()));
      const { files } = await saveLayersModel(model, dir);
      const afterSave = tensorMemory().tensors - empty.tensors;
      disposeModel(model); disposeModel(model);
      console.log(JSON.stringify({ none, scores, files, afterSave, left: tensorMemory(), is: isLayersModel(model), loaded: describeLoaded() }));`);
    expect(first).toMatchObject({
      none: ['none', null],
      afterSave: 0,
      left: { tensors: 0, bytes: 0 },
      is: true,
      loaded: anyBuild!.kind === 'wasm' ? 'wasm' : anyBuild!.kind === 'js' ? 'cpu' : 'tensorflow',
    });
    for (const { name, bytes, sha256 } of first.files) {
      const content = readFileSync(join(saved, name));
      expect([bytes, sha256]).toEqual([
        content.byteLength,
        createHash('sha256').update(content).digest('hex'),
      ]);
    }
    expect(first.files.map((file: { name: string }) => file.name).sort()).toEqual([
      'model.json',
      'weights.bin',
    ]);

    // nothing has loaded TensorFlow here: the restoring does
    const second = await run(`
      const model = await loadLayersModel(dir);
      const tf = require(build);
      const scores = tf.tidy(() => Array.from(model.predict(tf.range(0, 16).reshape([1, 4, 4, 1])).dataSync()));
      console.log(JSON.stringify({ scores, note: model.getUserDefinedMetadata() }));`);
    expect(second).toEqual({ scores: first.scores, note: { note: 'kept' } });
  });

  it('is restored with its own custom layer', async () => {
    const scores = await run(`
      const tf = require(build);
      await tf.ready();
      class Double extends tf.layers.Layer {
        static className = 'Double';
        call([x]) { return tf.mul(x, 2); }
        computeOutputShape(shape) { return shape; }
      }
      tf.serialization.registerClass(Double);
      const model = tf.sequential({ layers: [new Double({ inputShape: [2] })] });
      await saveLayersModel(model, dir + '-custom');
      const restored = await loadLayersModel(dir + '-custom');
      console.log(JSON.stringify(Array.from(restored.predict(tf.tensor2d([[1, 2]])).dataSync())));`);
    expect(scores).toEqual([2, 4]);
  });
});

describe('loadLayersModel', () => {
  it('uses the copy of tfjs that the process has loaded, for the sake of its custom layers', async () => {
    await saveLayersModel(fakeModel(), saved);
    const copy = join(programs, 'node_modules', '@tensorflow', 'tfjs-layers', 'dist');
    mkdirSync(copy, { recursive: true });
    writeFileSync(join(copy, 'tf-layers.node.js'), `exports.loadLayersModel = async () => 'by the copy';`);
    const { stdout } = await runNode(
      `require('@tensorflow/tfjs-layers/dist/tf-layers.node.js');
       require(process.argv[2] + '/model.js').loadLayersModel(process.argv[3]).then(console.log);`,
      { dir: programs, args: [backends, saved] },
    );
    expect(stdout.trim()).toBe('by the copy');
  });
  it('says how to set TensorFlow up when nothing is built', async () => {
    await saveLayersModel(fakeModel(), saved);
    const { stderr, code } = await runNode(
      `require(process.argv[2] + '/model.js').loadLayersModel(process.argv[3]);`,
      {
        dir: programs,
        args: [backends, saved],
        env: { FOLDLAB_CACHE: join(place.dir, 'nothing') },
      },
    );
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Cannot restore the model: TensorFlow is not set up on this machine; run `npx foldlab setup`',
    );
  });
});

describe('isLayersModel', () => {
  it('tells a model from plain data and from a graph model', () => {
    const { layers, ...graphModel } = fakeModel();
    expect(layers).toEqual([]);
    expect([fakeModel(), graphModel, {}, null, [], 'model'].map(isLayersModel)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('saveLayersModel', () => {
  it('refuses what is not a LayersModel, naming it', async () => {
    await expect(saveLayersModel(new Map(), saved)).rejects.toThrow(
      'Cannot save the model: it must be a tf.LayersModel; current value is an object of class Map',
    );
  });
  it('joins weights that come in several buffers', async () => {
    const dir = join(place.dir, 'parts');
    await saveLayersModel(fakeModel([new Uint8Array([1, 2]).buffer, new Uint8Array([3]).buffer]), dir);
    expect([...readFileSync(join(dir, 'weights.bin'))]).toEqual([1, 2, 3]);
  });
});

describe('disposeModel', () => {
  it('lets other errors than "already disposed" through', () => {
    const failing = (message: string) => ({
      ...fakeModel(),
      dispose: () => {
        throw new Error(message);
      },
    });
    expect(() => disposeModel(failing("Container 'x' is already disposed."))).not.toThrow();
    expect(() => disposeModel(failing('broken'))).toThrow('broken');
  });
});

function fakeModel(weightData: ArrayBuffer | ArrayBuffer[] = new ArrayBuffer(0)) {
  return {
    layers: [],
    predict: () => {},
    getWeights: () => [],
    toJSON: () => ({}),
    dispose: () => {},
    save: (handler: any) => handler.save({ modelTopology: {}, weightSpecs: [], weightData }),
  };
}
